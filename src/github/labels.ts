/** Sets one label of a family on an issue by adding and removing single labels: people's own are never touched. */
import type { Deadline } from '../domain/deadline.ts'
import type { RepoRef } from '../domain/repository.ts'
import { WorldFault } from '../ports/fault.ts'
import type { LabelLook, Tracker } from '../ports/tracker.ts'
import { isMissing, type Client } from './client.ts'
import { editSettled, type Settling } from './create-once.ts'
import { PER_PAGE, allPages } from './pages.ts'

/** Label names differ by more than case. */
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

export function createLabels(
  client: Client,
  settling: Settling,
): Pick<Tracker, 'setFamilyLabel' | 'ensureLabel'> {
  /** Names of the labels that a repository has, lower-case. Read once per process and repository. */
  const known = new Map<number, Promise<Set<string>>>()

  const setFamilyLabel: Tracker['setFamilyLabel'] = (repo, number, family) =>
    editSettled(() => setLabel(repo, number, family), settling)

  const setLabel: Tracker['setFamilyLabel'] = async (repo, number, family) => {
    const { wanted, prefix, current, notAfter } = family
    const others = (names: readonly string[]): readonly string[] =>
      names.filter(
        (name) => inFamily(name, prefix) && (wanted === null || !same(name, wanted.name)),
      )
    const off = async (names: readonly string[]): Promise<void> => {
      for (const name of names) await takeOff(client, repo, { number, name, notAfter })
    }
    if (wanted === null) {
      return off(
        current === undefined ? others(await worn(client, repo, number)) : others([current ?? '']),
      )
    }
    if (typeof current === 'string' && same(current, wanted.name)) return
    await off(others([current ?? '']))
    await ensureLabel(repo, wanted, notAfter)
    const { data } = await client.write(repo, 'tell', going(notAfter)).rest.issues.addLabels({
      owner: repo.owner,
      repo: repo.name,
      issue_number: number,
      labels: [wanted.name],
    })
    // The answer lists what the issue wears now: a label of an earlier life costs no look of its own.
    await off(others(data.map(({ name }) => name)))
  }

  /** Without this GitHub would make the label up, grey and unexplained. */
  async function ensureLabel(repo: RepoRef, label: LabelLook, notAfter: Deadline): Promise<void> {
    const reading = known.get(repo.id) ?? readNames(client, repo)
    known.set(repo.id, reading)
    reading.catch(() => known.delete(repo.id))
    const names = await reading
    if (names.has(label.name.toLowerCase())) return
    try {
      await client.write(repo, 'tell', going(notAfter)).rest.issues.createLabel({
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

  return { setFamilyLabel, ensureLabel }
}

const going = (notAfter: Deadline) => ({ lane: 'projection', notAfter }) as const

async function worn(client: Client, repo: RepoRef, number: number): Promise<readonly string[]> {
  // An issue wears at most 100 labels: one page.
  const { data } = await client.on(repo, 'look').rest.issues.listLabelsOnIssue({
    owner: repo.owner,
    repo: repo.name,
    issue_number: number,
    per_page: PER_PAGE,
  })
  return data.map(({ name }) => name)
}

const inFamily = (name: string, prefix: string): boolean =>
  name.toLowerCase().startsWith(prefix.toLowerCase())

async function takeOff(
  client: Client,
  repo: RepoRef,
  at: { readonly number: number; readonly name: string; readonly notAfter: Deadline },
): Promise<void> {
  try {
    await client.write(repo, 'tell', going(at.notAfter)).rest.issues.removeLabel({
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
