/**
 * Puts away the worktrees and the HOME of tasks that are over. An attempt puts its own place away when it ends; what
 * is left here are places of attempts that were lost, and homes. Looked for on disk, so that no death leaks one.
 */
import type { TaskId } from '../domain/ids.ts'
import { isTerminal } from '../domain/task.ts'
import type { Task } from '../domain/task.ts'
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'

/** Leases between two looks for what no end of a task told of here: its last attempt ran on another machine. A judgement. */
const LOOK = 5

/** Nothing of it runs any more unless a person asks, and that begins afresh. */
export const isOver = (task: Task): boolean =>
  isTerminal(task.state) || task.state.kind === 'in-review'

/** `isInUse`: its place serves something that is no task. */
export function startTidying(deps: EngineDeps, isInUse: (task: TaskId) => boolean): Loop {
  const { store, workspace, clock, log, timing } = deps
  return startLoop(
    { name: 'tidy', clock, log, every: () => LOOK * timing.lease },
    async (signal) => {
      for (const id of await workspace.tenants()) {
        if (signal.aborted) return
        if (isInUse(id)) continue
        const { task, live } = await store.load(id)
        if (live === null && (task === null || isOver(task))) await workspace.releaseTask(id)
      }
    },
  )
}
