/**
 * Pushes exactly one ref, and only if the remote still has what we last saw there. A rejection is judged by what
 * the remote holds afterwards, never by words alone: words differ by server and language, the ref does not.
 */
import { shortSha, type Sha, type TaskId } from '../domain/ids.ts'
import { slug, type RepoRef } from '../domain/repository.ts'
import { WorldFault } from '../ports/fault.ts'
import type { PushOutcome } from '../ports/git.ts'
import { branchRef, reach } from './connect.ts'
import { gitFault, remoteWords } from './git-fault.ts'
import { holds } from './mirror.ts'
import { remoteHead } from './remote-head.ts'
import { outboxPath, type Room } from './room.ts'
import type { GitResult } from './run.ts'

export interface Update {
  readonly branch: string
  readonly head: Sha
  readonly expected: Sha | null
}

/** GitHub itself ends a push after some minutes. */
const PUSH_LIMIT = 300_000

export async function push(
  room: Room,
  repo: RepoRef,
  task: TaskId,
  update: Update,
): Promise<PushOutcome> {
  const repository = outboxPath(room, task)
  return await room.queue(repository, async () => {
    const ref = branchRef(update.branch)
    if (!(await holds(room, repository, update.head))) throw lost(task, update.head)
    const result = await reach(room.remote, { repo, access: 'write' }, ({ url, config, secret }) =>
      room.run({
        repository,
        args: [
          'push',
          '--porcelain',
          '--no-verify',
          '--no-follow-tags',
          '--no-signed',
          '--recurse-submodules=no',
          `--force-with-lease=${ref}:${update.expected ?? ''}`,
          '--end-of-options',
          url,
          `${update.head}:${ref}`,
        ],
        config,
        timeout: PUSH_LIMIT,
        ...(secret === undefined ? {} : { secret }),
      }),
    )
    const line = statusLine(result, ref)
    if (result.code === 0 && line !== null)
      return { kind: line.flag === '=' ? 'already-there' : 'pushed' }
    return await judge(room, repo, update, result)
  })
}

/** The engine pushes only what was imported, so somebody has taken the data folder away. */
const lost = (task: TaskId, head: Sha): WorldFault =>
  new WorldFault(`the collected work of ${task} is not there any more (${shortSha(head)})`, {
    kind: 'local',
    applied: 'no',
    operation: 'git push',
  })

/** `<flag> TAB <from>:<to> TAB <summary> (<reason>)`, the one line of the one ref. */
function statusLine(
  result: GitResult,
  ref: string,
): { readonly flag: string; readonly summary: string } | null {
  for (const line of result.stdout.toString('utf8').split('\n')) {
    const [flag, names, summary] = line.split('\t')
    if (flag !== undefined && summary !== undefined && names?.endsWith(`:${ref}`))
      return { flag, summary }
  }
  return null
}

async function judge(
  room: Room,
  repo: RepoRef,
  update: Update,
  result: GitResult,
): Promise<PushOutcome> {
  const operation = `git push ${slug(repo)} ${update.branch}`
  const line = statusLine(result, branchRef(update.branch))
  if (line === null) {
    // Refused before anything was sent, or cut off at an unknown point.
    const fault = gitFault(result, { operation, applied: 'unknown', otherwise: 'transient' })
    if (fault.kind !== 'transient') throw withApplied(fault, 'no')
    const found = await remoteHead(room, repo, update.branch).catch(() => null)
    if (found === update.head) return { kind: 'already-there' }
    throw fault
  }
  const found = await remoteHead(room, repo, update.branch)
  if (found === update.head) return { kind: 'already-there' }
  if (found !== update.expected) return { kind: 'moved', found }
  const words = remoteWords(result.stderr)
  if (isPassing(`${line.summary}\n${words}`))
    throw new WorldFault(`${operation}: ${line.summary}`, {
      kind: 'transient',
      applied: 'no',
      operation,
    })
  return { kind: 'refused', reason: refusal(line.summary, words) }
}

/** The remote had trouble of its own; the same push may go through in a minute. A name in the way of ours will not move by itself. */
const isPassing = (words: string): boolean =>
  /cannot lock ref|failed to update ref|internal (server )?error|unpacker error|timed? ?out|temporar|try again/i.test(
    words,
  ) && !/exists; cannot create|exceeds|too large|file size limit/i.test(words)

/** The remote's own words. GitHub names some rules in the status line only (workflows), others only beside it (GH006, GH013). */
function refusal(summary: string, words: string): string {
  const short = summary.replace(/^\[[^\]]*\] ?/, '').replace(/^\((.*)\)$/, '$1')
  const said = words
    .split('\n')
    .filter(
      (line) => !/^(?:failed to push some refs|(?:error: )?hook declined to update)/.test(line),
    )
    .join('\n')
  if (said === '') return `${short}${advice(short)}`
  const known = short.endsWith('hook declined') || said.includes(short)
  const all = known ? said : `${short}\n${said}`
  return `${all.slice(0, MAX_WORDS).toWellFormed()}${advice(all)}`
}

const MAX_WORDS = 1000

/** We ask for no such permission on purpose: whoever may change a workflow can read the repository's secrets. */
const advice = (words: string): string =>
  /workflows?\W+permission/i.test(words)
    ? '. Yardmaster does not ask for that permission, so that no agent can change what runs with your secrets: please make that part of the change by hand'
    : ''

const withApplied = (fault: WorldFault, applied: 'no' | 'unknown'): WorldFault =>
  new WorldFault(fault.message, {
    kind: fault.kind,
    applied,
    operation: fault.operation,
    ...(fault.status === null ? {} : { status: fault.status }),
  })
