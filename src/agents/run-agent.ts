/**
 * One attempt's agent, from the start of its process to its typed end. Whatever happens, the process tree is gone
 * when this settles; the first thing that ends the turn (its result, a question, a watchdog, a flood, an abort, the
 * end of its output) decides, and what comes later changes nothing.
 */
import { isProviderFailure } from '../domain/attempt.ts'
import type { Usage } from '../domain/attempt.ts'
import { NOTHING, UNKNOWN } from '../domain/budget.ts'
import type { AgentJob, AgentOutcome } from '../ports/agent.ts'
import type { JailExit } from '../ports/jail.ts'
import { openSession, type AgentSession } from './agent-session.ts'
import { abortReason } from './attend.ts'
import { BOUNDS } from './bounds.ts'
import type { AgentsOptions } from './agents-options.ts'
import { openCommand } from './command/open-command.ts'
import { writePrompt } from './command/prompt-file.ts'
import { jailSpec } from './jail-spec.ts'
import { openDoor, type Door } from './mcp/open-door.ts'
import { judge, type End } from './judge.ts'
import { clearReport, readReport } from './report.ts'
import type { ReportReading } from './report.ts'

/** Rejects only when `job.prompt` does, when the jail cannot start at all, or for a bug of ours. */
export async function runAgent(options: AgentsOptions, job: AgentJob): Promise<AgentOutcome> {
  const { clock, jail, log } = options
  const { profile, place, limits, signal } = job
  // It is awaited late, and not at all when the agent ends before; meanwhile a rejection must not count as unhandled.
  job.prompt.catch(() => {})
  job.resume?.prompt.catch(() => {})
  if (signal.aborted) return stopped(signal)

  const isCommand = profile.protocol === 'command'
  if (isCommand) {
    await writePrompt(place.exchange, await job.prompt)
    if (signal.aborted) return stopped(signal)
  }
  const door = await doorFor(options, job)
  const program = jailSpec(options, job, door?.folder ?? null)
  if (program.missing.length > 0)
    log.warn(
      { profile: profile.name, missing: program.missing },
      'the profile names environment variables that are not set',
    )
  await clearReport(place.exchange)
  let session: AgentSession
  let end: End
  let exit: JailExit | null
  let denied: readonly string[] = []
  try {
    const jailed = await jail.start(program.spec)
    session = isCommand
      ? openCommand(options, job, jailed)
      : openSession(options, job, { jailed, door })
    try {
      job.onStarted(jailed.pid)
      end = await session.end
      exit = await session.leave(end)
    } finally {
      await jailed.end(BOUNDS.endGraceMilliseconds)
      denied = jailed.denied()
      await session.close()
    }
  } finally {
    await door?.close()
  }
  const written = await readReport(place.exchange)
  const outcome = judge({
    end,
    ending: session.story.close(),
    exit,
    stderr: session.stderr.lines(),
    // A file was written to be read; the tool may have been called along the way.
    report: written.kind === 'none' ? session.told.report() : written,
    told: session.told,
    handover: session.steer.handover(),
    nudged: session.steer.nudged(),
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
  const told = denied.length === 0 ? outcome : { ...outcome, denied }
  if (isFree(session, told)) return { ...told, usage: NOTHING }
  // Of an agent with a protocol the model may have written the file, and is not believed about its own bill.
  return isCommand ? { ...told, usage: usageIn(written) } : told
}

function usageIn(written: ReportReading): Usage {
  const { tokens = null, cost = null } =
    written.kind === 'report' ? (written.report.usage ?? UNKNOWN) : UNKNOWN
  return { tokens, cost }
}

/** What was never asked cannot have cost anything, nor what a provider refused before a model had answered. */
function isFree(session: AgentSession, outcome: AgentOutcome): boolean {
  if (!session.prompted()) return true
  const { tokens, cost } = outcome.usage
  if (tokens !== null || cost !== null || outcome.kind !== 'failed') return false
  return isProviderFailure(outcome.failure) && !session.story.acted()
}

const stopped = (signal: AbortSignal): AgentOutcome => ({
  kind: 'stopped',
  reason: abortReason(signal),
  usage: NOTHING,
})

/** Null: the built-in agent has no use for tools, a `command` no protocol for them, or the system has no room for a socket; then the agent does without. */
async function doorFor(
  { jail, sockets, log }: AgentsOptions,
  { profile }: AgentJob,
): Promise<Door | null> {
  if (profile.command === 'builtin:patch' || profile.protocol === 'command') return null
  return await openDoor(sockets, jail.node).catch((error: unknown) => {
    log.warn({ error }, 'an agent starts without our tools: no socket could be made for them')
    return null
  })
}
