/** Puts together what the agent is told: the blessed snapshot, comments by people who may write, what was answered, and what went wrong before. */
import type { AgentJob } from '../ports/agent.ts'
import type { Briefing } from '../ports/desk.ts'
import { startNames } from '../policy/start-files.ts'
import { ROLE_FILE } from '../render/prompt-role.ts'
import { buildPrompt, hasTools, previousOf } from '../render/prompt.ts'
import { answerOf, goOnPrompt } from '../render/prompt-answers.ts'
import type { AttemptRun } from './attempt-run.ts'
import type { RunnerDeps } from './deps.ts'
import type { Taken } from './take-place.ts'

/** No agent is told anything on behalf of somebody who may not ask for it. */
export class Unauthorised extends Error {}

type Where = Taken & {
  readonly briefing: Promise<Briefing>
  /** What was put as the default branch has it, for as long as the agent works. */
  readonly aside: readonly string[]
}

/** A conversation is taken up again only where it was held, and by the same program: elsewhere it would speak of files that are not there. */
export function promptsFor(
  run: AttemptRun,
  where: Where,
  deps: Pick<RunnerDeps, 'store' | 'git'>,
): Pick<AgentJob, 'prompt' | 'resume' | 'answer'> {
  const { resume } = run.task
  const known = where.how === 'same' && (resume?.profile ?? run.profile.name) === run.profile.name
  const session = known ? (resume?.session ?? null) : null
  const answer = answerOf(run.task)
  const prompt = promptFor(run, where, deps)
  const goOn = async (): Promise<string> => {
    await authorised(run, where.briefing)
    return goOnPrompt(answer, startNames(where.aside))
  }
  const told = resume?.told === undefined ? {} : { told: resume.told }
  const going = session === null ? null : { session, prompt: goOn(), ...told }
  // Only one of the two is waited for: that the other one fails, too, must not count as an error that nobody saw.
  for (const asked of [prompt, going?.prompt]) asked?.catch(() => {})
  return { prompt, answer: answer === 'unasked' ? null : answer, resume: going }
}

async function promptFor(
  run: AttemptRun,
  { place, how, briefing, conflicts, aside }: Where,
  deps: Pick<RunnerDeps, 'store' | 'git'>,
): Promise<string> {
  const { task } = run
  const wish = task.wish
  if (wish === null) throw new Error(`the task ${task.id} runs without a wish`)
  const [snapshot, { comments }, role] = await Promise.all([
    deps.store.snapshot(wish.snapshot),
    authorised(run, briefing),
    deps.git.fileAt(run.repository, { commit: run.approved, path: ROLE_FILE }),
  ])
  if (snapshot === null) throw new Error(`the snapshot of ${task.id} is missing`)
  return buildPrompt({
    task,
    snapshot,
    comments,
    verify: run.settings.verify,
    previous: previousOf(task),
    goesOn: how !== 'fresh',
    conflicts,
    aside: startNames(aside),
    role,
    tools: hasTools(run.profile),
    exchange: place.exchange,
  })
}

/** The permission that was asked is worth something only while the attempt is ours: a machine that stood still since then tells nothing. */
async function authorised(
  run: Pick<AttemptRun, 'stillHeld'>,
  briefing: Promise<Briefing>,
): Promise<Briefing> {
  const known = await briefing
  if (!run.stillHeld()) throw new Unauthorised('the attempt belongs to nobody here any more')
  if (known.refusal !== null) throw new Unauthorised(known.refusal)
  return known
}
