/**
 * Puts away the worktrees and the HOME of tasks that are over. An attempt puts its own place away when it ends; what
 * is left here are places of attempts that were lost, and homes. Looked for on disk, so that no death leaks one.
 */
import { isTerminal } from '../domain/task.ts'
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'

/** For what no end of a task told of: one that ended on another machine. Milliseconds. */
const LOOK = 600_000

export function startTidying(deps: EngineDeps): Loop {
  const { store, workspace, clock, log } = deps
  return startLoop({ name: 'tidy', clock, log, every: () => LOOK }, async (signal) => {
    for (const id of await workspace.tenants()) {
      if (signal.aborted) return
      const { task, live } = await store.load(id)
      if (live === null && (task === null || isTerminal(task.state)))
        await workspace.releaseTask(id)
    }
  })
}
