/** Gathers what the agent is told: the blessed snapshot, comments by people who may write, and what went wrong before. */
import { mayWrite } from '../domain/actor.ts'
import type { Permission } from '../domain/actor.ts'
import { isPassing } from '../ports/fault.ts'
import type { Comment } from '../ports/tracker.ts'
import type { Place } from '../ports/workspace.ts'
import { buildPrompt } from '../render/prompt.ts'
import { visibleText } from '../render/visible.ts'
import type { RunnerDeps } from './deps.ts'
import type { AttemptRun } from './attempt-run.ts'

/** How often GitHub is asked for the comments before the agent starts without them. */
const TRIES = 3

export async function promptFor(run: AttemptRun, place: Place, deps: RunnerDeps): Promise<string> {
  const { task } = run
  const wish = task.wish
  if (wish === null) throw new Error(`the task ${task.id} runs without a wish`)
  const snapshot = await deps.store.snapshot(wish.snapshot)
  if (snapshot === null) throw new Error(`the snapshot of ${task.id} is missing`)
  const comments = await blessedComments(run, deps)
  return buildPrompt({
    task,
    snapshot,
    comments: comments.map((comment) => ({
      login: comment.author?.login ?? '',
      body: visibleText(comment.body),
    })),
    verify: run.settings.verify,
    previous: task.failures > 0 ? task.report : null,
    exchange: place.exchange,
  })
}

/** Comments that stood, unedited, when the label was set, by people with write access now (T9, T10). */
async function blessedComments(run: AttemptRun, deps: RunnerDeps): Promise<readonly Comment[]> {
  const all = await read(run, deps)
  const at = run.task.wish?.at ?? 0
  const candidates = all.filter(
    (comment) =>
      !comment.ours &&
      comment.author?.kind === 'person' &&
      comment.createdAt <= at &&
      comment.updatedAt <= at,
  )
  const permissions = new Map<number, Permission>()
  const blessed: Comment[] = []
  for (const comment of candidates) {
    if (comment.author === null) continue
    const permission =
      permissions.get(comment.author.id) ??
      (await deps.tracker.permission(run.repository, comment.author))
    permissions.set(comment.author.id, permission)
    if (mayWrite(permission)) blessed.push(comment)
  }
  return blessed
}

async function read(run: AttemptRun, deps: RunnerDeps): Promise<readonly Comment[]> {
  for (let tried = 1; ; tried++) {
    try {
      return await deps.tracker.comments(run.repository, run.task.number)
    } catch (error) {
      if (!isPassing(error)) throw error
      if (tried >= TRIES) {
        deps.log.warn(
          { task: run.task.id, error: error.message },
          'the comments could not be read; the agent starts without them',
        )
        return []
      }
      await deps.clock.sleep(1_000 * tried, run.signal)
    }
  }
}
