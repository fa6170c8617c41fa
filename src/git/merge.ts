/**
 * Merges the base into a pull request's head without a checkout, in the mirror, which no agent writes. The same request
 * makes the same commit on every machine, so that whoever publishes it can make it anew. A conflict is merged as well:
 * its markers stand in the commit's files, for an agent to resolve on top of it.
 */
import { Readable } from 'node:stream'
import { sha, type Sha, type TaskId } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { WorldFault } from '../ports/fault.ts'
import type { MergeWanted, Merged } from '../ports/git.ts'
import { ensureBare } from './bare.ts'
import { gitFault } from './git-fault.ts'
import { mirrorPath, objectsOf, outboxPath, type Room } from './room.ts'
import type { GitResult } from './run.ts'

/** Renames are looked for in both directions; a judgement for the largest repositories. */
const MERGE_LIMIT = 120_000
const MOST_OUTPUT = 8 * 1024 * 1024
const OPERATION = 'merge the base'

export async function mergeBase(
  room: Room,
  { repo, task }: { readonly repo: RepoRef; readonly task: TaskId },
  wanted: MergeWanted,
): Promise<Merged> {
  const repository = mirrorPath(room, repo.id)
  // Where it is pushed from borrows what is made here.
  await ensureBare(outboxPath(room, task), {
    borrows: [objectsOf(repository)],
    config: ['\tlogAllRefUpdates = always'],
  })
  const { head, onto } = wanted
  if (await isAncestor(room, repository, onto, head)) return { commit: head, conflicts: [] }
  const result = await room.run({
    repository,
    args: ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', head, onto],
    timeout: MERGE_LIMIT,
    maxBytes: MOST_OUTPUT,
    hostile: true,
  })
  if ((result.code !== 0 && result.code !== 1) || result.cut) throw fault(result)
  const [tree = '', ...paths] = result.stdout.toString().split('\0')
  const conflicts = [...new Set(paths.filter((path) => path !== ''))]
  const commit = await writeCommit(room, repository, { ...wanted, tree: sha(tree.trim()) })
  return { commit, conflicts }
}

/** Paths of that commit in which conflict markers are left; looked for in `paths` only. */
export async function conflictMarkers(
  room: Room,
  task: TaskId,
  { head, paths }: { readonly head: Sha; readonly paths: readonly string[] },
): Promise<readonly string[]> {
  if (paths.length === 0) return []
  const result = await room.run({
    repository: outboxPath(room, task),
    args: [
      'grep',
      '-z',
      '--name-only',
      '--text',
      '-e',
      '^<<<<<<< ',
      '-e',
      '^>>>>>>> ',
      head,
      '--',
      ...paths,
    ],
    maxBytes: MOST_OUTPUT,
    hostile: true,
  })
  if (result.code === 1) return []
  if (result.code !== 0) throw fault(result)
  // Each is named with the commit before it.
  const names = result.stdout.toString().split('\0')
  return names.filter((name) => name !== '').map((name) => name.slice(head.length + 1))
}

async function isAncestor(
  room: Room,
  repository: string,
  ancestor: Sha,
  head: Sha,
): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', ancestor, head]
  const result = await room.run({ repository, args })
  if (result.code !== 0 && result.code !== 1) throw fault(result)
  return result.code === 0
}

/** Written letter by letter: `commit-tree` would put this machine's time and name into it. */
async function writeCommit(
  room: Room,
  repository: string,
  { head, onto, tree, at, message }: MergeWanted & { readonly tree: Sha },
): Promise<Sha> {
  const who = `Yardmaster <merge@yardmaster.invalid> ${Math.floor(at / 1000)} +0000`
  const text = [
    `tree ${tree}`,
    `parent ${head}`,
    `parent ${onto}`,
    `author ${who}`,
    `committer ${who}`,
    '',
    `${message}\n`,
  ].join('\n')
  const result = await room.run({
    repository,
    args: ['hash-object', '-t', 'commit', '-w', '--stdin'],
    input: Readable.from([text]),
  })
  if (result.code !== 0) throw fault(result)
  return sha(result.stdout.toString().trim())
}

const fault = (result: GitResult): WorldFault =>
  gitFault(result, { operation: OPERATION, applied: 'no', otherwise: 'invalid' })
