/** The check run on a pushed head: one per name, head and external id, updated in place. */
import { LONG_AGO } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { CheckWanted, Tracker } from '../ports/tracker.ts'
import { isMissing, type Client } from './client.ts'
import { createOnce, editSettled, type Settling } from './create-once.ts'
import { PER_PAGE, allPages } from './pages.ts'

// GitHub's documents say characters, its refusals say "a maximum bytesize of 65535" (github/docs#35252).
const MAX_BYTES = 65_535
const CUT = '\n\n… (cut: GitHub shows no more here)'

export interface ChecksOptions extends Settling {
  readonly client: Client
  readonly appId: number
}

export function createChecks(options: ChecksOptions): Pick<Tracker, 'publishCheck' | 'hasCheck'> {
  const { client, appId } = options

  async function publishCheck(
    repo: RepoRef,
    check: CheckWanted,
    known: number | null,
  ): Promise<number> {
    if (known !== null && (await update(repo, check, known))) return known
    const look = async (): Promise<number | null> => {
      const found = await find(repo, check)
      return found !== null && (await update(repo, check, found)) ? found : null
    }
    const create = async (): Promise<number> => {
      const { data } = await client.write(repo, 'tell', going(check)).rest.checks.create({
        owner: repo.owner,
        repo: repo.name,
        name: check.name,
        head_sha: check.head,
        external_id: check.externalId,
        ...body(check),
      })
      return data.id
    }
    // The run that was known is gone: another one may be there, made long ago.
    const formerTry = check.formerTry ?? (known === null ? null : LONG_AGO)
    const key = `${repo.id} ${check.externalId} ${check.name}`
    return createOnce({ key, operation: 'create a check run', create, look, formerTry }, options)
  }

  /** False when that run is gone. */
  async function update(repo: RepoRef, check: CheckWanted, id: number): Promise<boolean> {
    try {
      const octokit = client.write(repo, 'tell', going(check))
      const wanted = { owner: repo.owner, repo: repo.name, check_run_id: id, ...body(check) }
      await editSettled(() => octokit.rest.checks.update(wanted), options)
      return true
    } catch (error) {
      if (isMissing(error)) return false
      throw error
    }
  }

  async function find(
    repo: RepoRef,
    check: Pick<CheckWanted, 'name' | 'head' | 'externalId'>,
  ): Promise<number | null> {
    const octokit = client.on(repo, 'tell')
    const runs = await allPages(async (page) => {
      const { data, headers } = await octokit.rest.checks.listForRef({
        owner: repo.owner,
        repo: repo.name,
        ref: check.head,
        check_name: check.name,
        filter: 'all',
        app_id: appId,
        per_page: PER_PAGE,
        page,
      })
      return { items: data.check_runs, link: headers.link }
    })
    const ours = runs
      .filter((run) => run.app?.id === appId && run.external_id === check.externalId)
      .map((run) => run.id)
    return ours.length === 0 ? null : Math.min(...ours)
  }

  return { publishCheck, hasCheck: async (repo, check) => (await find(repo, check)) !== null }
}

const going = ({ notAfter }: CheckWanted) => ({ lane: 'projection', notAfter }) as const

function body(check: CheckWanted) {
  const output = {
    title: check.title,
    summary: cut(check.summary),
    ...(check.text === null ? {} : { text: cut(check.text) }),
  }
  const actions = check.actions === undefined ? {} : { actions: [...check.actions] }
  return check.status === 'completed' && check.conclusion !== null
    ? { status: check.status, conclusion: check.conclusion, output, ...actions }
    : { status: 'in_progress' as const, output }
}

/** Cut between characters, never within one. */
function cut(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= MAX_BYTES) return text
  // A character that is cut in two is held back by the decoder.
  const kept = bytes.subarray(0, MAX_BYTES - Buffer.byteLength(CUT))
  return new TextDecoder().decode(kept, { stream: true }) + CUT
}
