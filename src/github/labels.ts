/** Sets one label of a family on an issue by adding and removing single labels: people's own are never touched. */
import type { RepoRef } from '../domain/repository.ts'
import { WorldFault } from '../ports/fault.ts'
import type { LabelLook, Tracker } from '../ports/tracker.ts'
import { isMissing, type Client } from './client.ts'
import { PER_PAGE, allPages } from './pages.ts'

/** Label names differ by more than case. */
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

export function createLabels(client: Client): Pick<Tracker, 'setFamilyLabel'> {
  /** Names of the labels that a repository has, lower-case. Read once per process and repository. */
  const known = new Map<number, Promise<Set<string>>>()

  const setFamilyLabel: Tracker['setFamilyLabel'] = async (repo, number, family) => {
    const { wanted } = family
    const present =
      family.current === undefined
        ? await worn(client, repo, { number, prefix: family.prefix })
        : family.current === null
          ? []
          : [family.current]
    for (const name of present)
      if (wanted === null || !same(name, wanted.name)) await takeOff(client, repo, { number, name })
    if (wanted === null || present.some((name) => same(name, wanted.name))) return
    await exists(repo, wanted)
    await client.on(repo, 'tell', 'projection').rest.issues.addLabels({
      owner: repo.owner,
      repo: repo.name,
      issue_number: number,
      labels: [wanted.name],
    })
  }

  /** Without this GitHub would make the label up, grey and unexplained. */
  async function exists(repo: RepoRef, label: LabelLook): Promise<void> {
    const reading = known.get(repo.id) ?? readNames(client, repo)
    known.set(repo.id, reading)
    reading.catch(() => known.delete(repo.id))
    const names = await reading
    if (names.has(label.name.toLowerCase())) return
    try {
      await client.on(repo, 'tell', 'projection').rest.issues.createLabel({
        owner: repo.owner,
        repo: repo.name,
        name: label.name,
        color: label.color,
        description: label.description,
      })
    } catch (error) {
      // 422: somebody else made it meanwhile.
      if (!(error instanceof WorldFault) || error.kind !== 'invalid') throw error
    }
    names.add(label.name.toLowerCase())
  }

  return { setFamilyLabel }
}

async function worn(
  client: Client,
  repo: RepoRef,
  at: { readonly number: number; readonly prefix: string },
): Promise<readonly string[]> {
  // An issue wears at most 100 labels: one page.
  const { data } = await client.on(repo, 'look').rest.issues.listLabelsOnIssue({
    owner: repo.owner,
    repo: repo.name,
    issue_number: at.number,
    per_page: PER_PAGE,
  })
  const prefix = at.prefix.toLowerCase()
  return data.map(({ name }) => name).filter((name) => name.toLowerCase().startsWith(prefix))
}

async function takeOff(
  client: Client,
  repo: RepoRef,
  at: { readonly number: number; readonly name: string },
): Promise<void> {
  try {
    await client.on(repo, 'tell', 'projection').rest.issues.removeLabel({
      owner: repo.owner,
      repo: repo.name,
      issue_number: at.number,
      name: at.name,
    })
  } catch (error) {
    // Somebody took it off already; that the issue itself is gone shows in the next request.
    if (!isMissing(error)) throw error
  }
}

async function readNames(client: Client, repo: RepoRef): Promise<Set<string>> {
  const octokit = client.on(repo, 'look')
  const labels = await allPages(async (page) => {
    const { data, headers } = await octokit.rest.issues.listLabelsForRepo({
      owner: repo.owner,
      repo: repo.name,
      per_page: PER_PAGE,
      page,
    })
    return { items: data, link: headers.link }
  })
  return new Set(labels.map(({ name }) => name.toLowerCase()))
}
