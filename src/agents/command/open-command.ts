/**
 * A program without a protocol, run for one attempt: it was given a file, what it prints is its progress, its exit code
 * is its claim. It has the same watchdogs and bounds as an agent that speaks ACP, and ends in the same ways.
 */
import { finished } from 'node:stream/promises'
import type { AgentJob, AgentNews } from '../../ports/agent.ts'
import type { Jailed, JailExit } from '../../ports/jail.ts'
import { meterOutput } from '../acp/output-meter.ts'
import { hearStory } from '../acp/story.ts'
import { abortReason, type AgentSession } from '../agent-session.ts'
import type { AgentsOptions } from '../agents-options.ts'
import { BOUNDS } from '../bounds.ts'
import type { End } from '../judge.ts'
import { NOTHING_TOLD } from '../mcp/hear-tools.ts'
import { keepTail } from '../stderr-tail.ts'
import { lastTouched } from '../traces.ts'
import { watch } from '../watch.ts'

/** What an exit code of 0 claims. */
const CLAIM: End = {
  kind: 'turn',
  turn: { stopReason: 'end_turn', note: null, failure: null, use: null },
}

export function openCommand(
  { clock, log }: Pick<AgentsOptions, 'clock' | 'log'>,
  job: AgentJob,
  jailed: Jailed,
): AgentSession {
  const { place } = job
  const { promise: end, resolve: decide, reject } = Promise.withResolvers<End>()
  const over = new AbortController()
  const pause = (milliseconds: number) => clock.sleep(milliseconds, over.signal)
  let lastEvidence = clock.monotonic()

  const meter = meterOutput(clock, (words) => decide({ kind: 'too-much', words }))
  const bytes = (count: number): void => {
    lastEvidence = clock.monotonic()
    meter.bytes(count)
  }
  const story = hearStory(tell, () => pause(BOUNDS.newsMilliseconds))
  const stderr = keepTail(jailed.stderr, bytes)
  const stdout = keepTail(jailed.stdout, bytes)
  jailed.stdout.on(
    'data',
    hearLines((title) => story.hear({ kind: 'tool', title })),
  )
  // A program that waits for input would wait for ever: there is none.
  jailed.stdin.on('error', () => {})
  jailed.stdin.end()

  let exit: JailExit | null = null
  const read = Promise.all(
    [jailed.stdout, jailed.stderr].map((each) => finished(each).catch(() => {})),
  )
  void jailed.exited.then(async (how) => {
    exit = how
    // A child may hold the output open after the program is gone.
    await Promise.race([read, pause(BOUNDS.drainMilliseconds)])
    decide(how.code === 0 ? CLAIM : { kind: 'closed' })
  })
  void watch(
    clock,
    job.limits,
    {
      lastEvidence: () => lastEvidence,
      // Once it is gone only its output is waited for.
      phase: () => (exit === null ? 'working' : 'waiting'),
      traces: () => lastTouched([place.worktree, place.repository, place.home]),
      onTraces: () => (lastEvidence = clock.monotonic()),
      // Most print nothing before their end, and none hears us.
      heard: () => true,
      nudge: () => false,
    },
    over.signal,
  ).then((overrun) => {
    if (overrun !== null) decide({ kind: 'overrun', overrun })
  }, reject)
  const abort = (): void => decide({ kind: 'aborted', reason: abortReason(job.signal) })
  if (job.signal.aborted) abort()
  else job.signal.addEventListener('abort', abort, { once: true })
  const stopListening = (): void => job.signal.removeEventListener('abort', abort)
  void end.then(stopListening, stopListening)

  /** A listener that throws is a bug of ours: it is not put down to the agent, and not lost in a timer. */
  function tell(news: AgentNews): void {
    try {
      job.onProgress(news)
    } catch (error) {
      log.error({ error, attempt: place.attempt }, 'a listener to an agent failed')
      reject(error)
    }
  }

  return {
    end,
    // Without a report its last lines are what it says of its work.
    story: { ...story, close: () => ({ ...story.close(), message: stdout.lines() }) },
    stderr,
    told: NOTHING_TOLD,
    steer: { handover: () => 'no', nudged: () => false },
    prompted: () => true,
    session: () => null,
    leave: async () => exit,
    async close() {
      await Promise.race([read, pause(BOUNDS.drainMilliseconds)])
      over.abort()
    },
  }
}

/** Whole lines of a stream; of one without an end, a part now and then. */
function hearLines(hear: (line: string) => void): (chunk: Buffer) => void {
  let rest = ''
  return (chunk) => {
    const parts = (rest + chunk.toString('utf8')).split('\n')
    rest = parts.pop() ?? ''
    // Of a burst only the end is worth showing.
    for (const line of parts.slice(-10)) hear(line)
    if (rest.length > BOUNDS.line) {
      hear(rest)
      rest = ''
    }
  }
}
