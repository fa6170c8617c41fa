/** Puts together what the agent is told: the blessed snapshot, comments by people who may write, and what went wrong before. */
import type { Briefing } from '../ports/desk.ts'
import type { Place } from '../ports/workspace.ts'
import { buildPrompt } from '../render/prompt.ts'
import type { RunnerDeps } from './deps.ts'
import type { AttemptRun } from './attempt-run.ts'

/** No agent is told anything on behalf of somebody who may not ask for it. */
export class Unauthorised extends Error {}

export async function promptFor(
  run: AttemptRun,
  place: Place,
  briefing: Promise<Briefing>,
  deps: Pick<RunnerDeps, 'store'>,
): Promise<string> {
  const { task } = run
  const wish = task.wish
  if (wish === null) throw new Error(`the task ${task.id} runs without a wish`)
  const [snapshot, { refusal, comments }] = await Promise.all([
    deps.store.snapshot(wish.snapshot),
    briefing,
  ])
  if (snapshot === null) throw new Error(`the snapshot of ${task.id} is missing`)
  if (refusal !== null) throw new Unauthorised(refusal)
  return buildPrompt({
    task,
    snapshot,
    comments,
    verify: run.settings.verify,
    previous: task.failures > 0 ? task.report : null,
    exchange: place.exchange,
  })
}
