/**
 * One attempt's agent, from the start of its process to its typed end. Whatever happens, the process tree is gone
 * when this settles; the first thing that ends the turn (its result, a question, a watchdog, a flood, an abort, the
 * end of its output) decides, and what comes later changes nothing.
 */
import type { AgentJob, AgentOutcome } from '../ports/agent.ts'
import type { JailExit } from '../ports/jail.ts'
import { abortReason, openSession } from './agent-session.ts'
import { BOUNDS } from './bounds.ts'
import type { AgentsOptions } from './agents-options.ts'
import { jailSpec } from './jail-spec.ts'
import { judge, type End } from './judge.ts'
import { clearReport, readReport } from './report.ts'

/** Rejects only when `job.prompt` does, when the jail cannot start at all, or for a bug of ours. */
export async function runAgent(options: AgentsOptions, job: AgentJob): Promise<AgentOutcome> {
  const { clock, jail, log } = options
  const { profile, place, limits, signal } = job
  // It is awaited late, and not at all when the agent ends before; meanwhile a rejection must not count as unhandled.
  job.prompt.catch(() => {})
  job.resume?.prompt.catch(() => {})
  if (signal.aborted)
    return { kind: 'stopped', reason: abortReason(signal), usage: { tokens: null, cost: null } }

  const program = jailSpec(options, job)
  if (program.missing.length > 0)
    log.warn(
      { profile: profile.name, missing: program.missing },
      'the profile names environment variables that are not set',
    )
  await clearReport(place.exchange)
  const jailed = await jail.start(program.spec)
  const session = openSession(options, job, jailed)
  let end: End
  let exit: JailExit | null
  try {
    job.onStarted(jailed.pid)
    end = await session.end
    exit = await session.leave(end)
  } finally {
    await jailed.end(BOUNDS.endGraceMilliseconds)
    await session.close()
  }
  const outcome = judge({
    end,
    ending: session.story.close(),
    exit,
    stderr: session.stderr.lines(),
    report: await readReport(place.exchange),
    limits,
    program: program.name,
    profile: profile.name,
    prompted: session.prompted(),
    session: session.session(),
    now: clock.now(),
  })
  log.info(
    { attempt: place.attempt, profile: profile.name, end: end.kind, outcome: outcome.kind },
    'the agent ended',
  )
  return outcome
}
