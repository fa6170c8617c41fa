/** Deletes the outboxes of tasks that ended long ago; each is made anew when its task is worked again. */
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TaskId } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'

export interface Pruning {
  /** Of trusted git. */
  readonly folder: string
  /** Whether the work of that task may go. */
  readonly isOver: (task: TaskId) => Promise<boolean>
}

/** Milliseconds between two rounds. */
const EVERY = 86_400_000
const GONE = '.gone'

/** Returns whose outboxes went. One that is renamed away and not yet deleted goes at the next round. */
export async function pruneOutboxes({ folder, isOver }: Pruning): Promise<readonly TaskId[]> {
  const outboxes = join(folder, 'outbox')
  const names = await readdir(outboxes).catch(() => [])
  const gone: TaskId[] = []
  for (const name of names) {
    const task = /^(?<task>\d+-\d+)(?:\.git)?$/.exec(name)?.groups?.['task'] as TaskId | undefined
    if (task !== undefined && (await isOver(task))) {
      await rename(join(outboxes, name), join(outboxes, `${name}${GONE}`))
      gone.push(task)
    }
  }
  for (const name of await readdir(outboxes).catch(() => []))
    if (name.endsWith(GONE)) await rm(join(outboxes, name), { recursive: true, force: true })
  return gone
}

/** At start and each day until stopped. */
export function startPruningOutboxes(
  pruning: Pruning,
  clock: Clock,
  log: Log,
): () => Promise<void> {
  const stopping = new AbortController()
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await pruneOutboxes(pruning)
      } catch (error) {
        log.warn({ err: error }, 'old outboxes could not be deleted; tried again in a day')
      }
      await clock.sleep(EVERY, stopping.signal)
    }
  }
  const running = run()
  return async () => {
    stopping.abort()
    await running
  }
}
