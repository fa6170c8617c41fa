/**
 * A program without a protocol, run for one attempt: it was given a file, what it prints is its progress, its exit code
 * is its claim. It has the same watchdogs and bounds as an agent that speaks ACP, and ends in the same ways.
 */
import { finished } from 'node:stream/promises'
import type { AgentJob } from '../../ports/agent.ts'
import type { Jailed, JailExit } from '../../ports/jail.ts'
import { meterOutput } from '../acp/output-meter.ts'
import { hearStory } from '../acp/story.ts'
import type { AgentSession } from '../agent-session.ts'
import type { AgentsOptions } from '../agents-options.ts'
import { attend } from '../attend.ts'
import { BOUNDS } from '../bounds.ts'
import type { End } from '../judge.ts'
import { NOTHING_TOLD } from '../mcp/hear-tools.ts'
import { keepTail } from '../stderr-tail.ts'

/** What an exit code of 0 claims. */
const CLAIM: End = {
  kind: 'turn',
  turn: { stopReason: 'end_turn', note: null, failure: null, use: null },
}

export function openCommand(
  options: Pick<AgentsOptions, 'clock' | 'log'>,
  job: AgentJob,
  jailed: Jailed,
): AgentSession {
  const { end, decide, seen, tell, pause, watch, leave } = attend(options, job)

  const meter = meterOutput(options.clock, (words) => decide({ kind: 'too-much', words }))
  const bytes = (count: number): void => {
    seen()
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
  watch({
    // Once it is gone only its output is waited for.
    phase: () => (exit === null ? 'working' : 'waiting'),
    // Most print nothing before their end, and none hears us.
    heard: () => true,
    nudge: () => false,
  })

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
      leave()
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
