/** Ends a set of processes that may grow while it is being ended: asks, waits, kills, and looks again until nobody is left. */
import { setTimeout as wait } from 'node:timers/promises'
import { isAlive, signal, type ProcessId } from './process-table.ts'

/** Real time, not the clock port: processes die at their own pace whatever a test's clock says. */
const LOOK_AGAIN = 15

/**
 * `members` is asked anew in each round, so children forked in between are met too.
 * `graceMilliseconds` 0 kills at once.
 */
export async function endTree(
  members: () => Promise<readonly ProcessId[]>,
  graceMilliseconds: number,
): Promise<void> {
  await askTree(members, graceMilliseconds)
  let left: readonly ProcessId[]
  // Stopping all before killing any keeps a process that forks faster than we read from outrunning us.
  for (left = await members(); left.length > 0; left = await members()) {
    await signalAll(left, 'SIGSTOP')
    await signalAll(left, 'SIGKILL')
    await wait(LOOK_AGAIN)
  }
}

/** Asks with SIGTERM and waits until nobody is left, or until the grace has passed. */
export async function askTree(
  members: () => Promise<readonly ProcessId[]>,
  graceMilliseconds: number,
): Promise<void> {
  if (graceMilliseconds <= 0) return
  let left = await members()
  await signalAll(left, 'SIGTERM')
  const deadline = performance.now() + graceMilliseconds
  while (left.length > 0 && performance.now() < deadline) {
    await wait(LOOK_AGAIN)
    if (!(await anyAlive(left))) left = await members()
  }
}

const signalAll = async (ids: readonly ProcessId[], name: NodeJS.Signals): Promise<void> => {
  await Promise.all(ids.map(async (id) => await signal(id, name)))
}

async function anyAlive(ids: readonly ProcessId[]): Promise<boolean> {
  return (await Promise.all(ids.map(isAlive))).includes(true)
}
