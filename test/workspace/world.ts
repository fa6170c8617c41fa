/** A workspace over real trusted git and a real jail, with a log that can be read and calls that are counted. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { attemptId, issueId, taskId, type Sha, type TaskId } from '../../src/domain/ids.ts'
import type { CommandResult } from '../../src/domain/attempt.ts'
import type { Git } from '../../src/ports/git.ts'
import type { Jail } from '../../src/ports/jail.ts'
import type { Log } from '../../src/ports/log.ts'
import type { Place, Workspace } from '../../src/ports/workspace.ts'
import { createWorkspace } from '../../src/workspace/create-workspace.ts'
import { clock, gitWorld, ids, REPO, type Files, type GitWorld } from '../git/world.ts'
import { jailOf, type Kind } from '../jail/world.ts'

export const WORDS = {
  message: 'Say hello\n\nIn two lines.',
  author: { name: 'yardmaster[bot]', email: '1+yardmaster[bot]@example.com' },
}

export interface WorkspaceWorld extends GitWorld {
  readonly workspace: Workspace
  readonly jail: Jail
  /** Where the workspace keeps its things. */
  readonly place: string
  /** Names of the calls of trusted git, in order. */
  readonly calls: string[]
  /** Sentences of the log with their fields. */
  readonly said: { readonly message: string; readonly fields: object }[]
  task(n: number): TaskId
  prepare(n: number, attempt?: number, base?: Sha): Promise<Place>
  run(place: Place, ...commands: readonly string[]): Promise<readonly CommandResult[]>
  /** The next life of the process, over the same folders. */
  restart(): Workspace
  list(folder: string): Promise<readonly string[]>
}

export async function workspaceWorld(kind: Kind, files?: Files): Promise<WorkspaceWorld> {
  const world = await gitWorld(files)
  const place = join(world.folder, 'work')
  const jail = jailOf(kind, join(world.folder, 'jail'))
  const calls: string[] = []
  const said: { message: string; fields: object }[] = []
  const say = (fields: object, message: string): void => void said.push({ message, fields })
  const log: Log = { debug: say, info: say, warn: say, error: say }
  const open = (): Workspace => {
    const opened = createWorkspace({
      folder: place,
      git: counted(world.git, calls),
      jail,
      clock,
      ids,
      log,
      network: 'none',
    })
    onTestFinished(async () => await opened.settle())
    return opened
  }
  const workspace = open()
  const task = (n: number): TaskId => taskId(REPO.id, issueId(n))
  return {
    ...world,
    workspace,
    jail,
    place,
    calls,
    said,
    task,
    prepare: async (n, attempt = 1, base = world.base) =>
      await workspace.prepare(REPO, task(n), attemptId(task(n), attempt), base),
    run: async (at, ...commands) =>
      await workspace.run(at, commands, { timeout: 60_000, signal: new AbortController().signal }),
    restart: open,
    list: async (folder) => await readdir(join(place, folder)),
  }
}

function counted(git: Git, calls: string[]): Git {
  const count =
    <A extends readonly unknown[], R>(name: string, call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      calls.push(name)
      return await call(...args)
    }
  return {
    outgoing: count('outgoing', async (...args) => await git.outgoing(...args)),
    fetch: count('fetch', async (...args) => await git.fetch(...args)),
    makePair: count('makePair', async (...args) => await git.makePair(...args)),
    importBundle: count('importBundle', async (...args) => await git.importBundle(...args)),
    holds: count('holds', async (...args) => await git.holds(...args)),
    restore: count('restore', async (...args) => await git.restore(...args)),
    merge: count('merge', async (...args) => await git.merge(...args)),
    conflictMarkers: count(
      'conflictMarkers',
      async (...args) => await git.conflictMarkers(...args),
    ),
    changes: count('changes', async (...args) => await git.changes(...args)),
    diff: count('diff', async (...args) => await git.diff(...args)),
    approved: count('approved', async (...args) => await git.approved(...args)),
    fileAt: count('fileAt', async (...args) => await git.fileAt(...args)),
    push: count('push', async (...args) => await git.push(...args)),
    remoteHead: count('remoteHead', async (...args) => await git.remoteHead(...args)),
  }
}
