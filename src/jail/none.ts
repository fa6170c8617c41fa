/**
 * No jail: the program runs as the operator's own user and sees what that user sees. What is kept even so: an
 * environment of its own, and an end of the whole process tree. A process that clears its environment, leaves its
 * session AND outlives all its ancestors escapes; only a pid namespace (bwrap) prevents that.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Ids } from '../ports/ids.ts'
import type { Jail, JailSpec } from '../ports/jail.ts'
import { endTree } from './end-tree.ts'
import { launchHere } from './launch.ts'
import type { Launcher } from './launch.ts'
import { descendants, identify, isAlive, MARK, marked, type ProcessId } from './process-table.ts'
import { execArguments, refusalArguments, whyNot } from './program.ts'
import { jailRecords, type Records } from './records.ts'

export interface NoJailOptions {
  /** Where the running jails are recorded; only ours. */
  readonly folder: string
  /** PATH inside, unless the spec gives one. */
  readonly path: string
  readonly ids: Ids
  /** Starts programs; from this very process unless given. */
  readonly launch?: Launcher
}

export function createNoJail({ folder, path, ids, launch = launchHere }: NoJailOptions): Jail {
  const records = jailRecords(join(folder, 'running'))
  return {
    kind: 'none',
    node: process.execPath,
    reap: records.reap,
    start: async (spec) => {
      const reason = whyNot(spec)
      const [program = '', ...args] =
        reason === null ? execArguments(spec.argv, { countable: false }) : refusalArguments(reason)
      const mark = ids.unique()
      await records.open(mark)
      const launched = await launch({
        program,
        args,
        cwd: reason === null ? spec.cwd : '/',
        env: { ...environment(spec, path), [MARK]: mark },
        report: false,
      }).catch(async (error: unknown) => {
        await records.close(mark)
        throw error
      })
      const root = await identify(launched.pid)
      if (root !== null) await records.name(mark, root)
      return {
        ...launched,
        end: ender(records, mark, { ...launched, root }),
        // Nothing is refused where nothing holds.
        denied: () => [],
      }
    },
  }
}

interface First {
  readonly pid: number
  readonly root: ProcessId | null
  readonly exited: Promise<unknown>
}

/** Elsewhere than on Linux there is only the process group: children that leave it are not found. */
const HAS_PROC = existsSync('/proc/self/stat')

async function endGroup(pid: number, exited: Promise<unknown>, grace: number): Promise<void> {
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(-pid, name)
    } catch {
      // The group is gone.
    }
  }
  signal('SIGTERM')
  await Promise.race([exited, wait(grace)])
  signal('SIGKILL')
}

/** The machine's own /tmp: a socket below a task's HOME would soon exceed the 108 characters that its path may have. */
const environment = (spec: JailSpec, path: string): Record<string, string> => ({
  HOME: spec.home,
  PATH: path,
  TMPDIR: '/tmp',
  LANG: 'C.UTF-8',
  ...spec.env,
})

const ender =
  (records: Records, mark: string, { pid, root, exited }: First) =>
  async (grace: number): Promise<void> => {
    if (!HAS_PROC) await endGroup(pid, exited, grace)
    const since = root?.start ?? 0
    await endTree(async () => {
      const found = new Map((await marked(mark, since)).map((id) => [id.pid, id]))
      if (root !== null && (await isAlive(root)))
        for (const id of [root, ...(await descendants(root))]) found.set(id.pid, id)
      return [...found.values()]
    }, grace)
    await records.close(mark)
  }
