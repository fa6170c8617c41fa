/** Every way in which an agent's process can end, and the typed end that it must come to. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AgentOutcome } from '../../src/ports/agent.ts'
import { createWorld, type Run, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.clear())

interface Case {
  readonly behaviour: string
  readonly more?: Partial<Run>
  readonly kind: AgentOutcome['kind']
  readonly failure?: string
  readonly text?: RegExp
  /** What it told along the way; absent: nothing. */
  readonly told?: AgentOutcome['told']
}

const ends: readonly Case[] = [
  { behaviour: 'good', kind: 'done', text: /^Done: Fix it\.$/ },
  { behaviour: 'no-output', kind: 'done', text: /^$/ },
  { behaviour: 'last-word', kind: 'done', text: /198 199 end\.$/ },
  {
    behaviour: 'exit-nothing',
    kind: 'failed',
    failure: 'crash',
    text: /exited with code 0 before/,
  },
  { behaviour: 'auth-at-start', kind: 'failed', failure: 'auth', text: /Invalid API key/ },
  {
    behaviour: 'crash-mid-prompt',
    kind: 'failed',
    failure: 'crash',
    text: /exited with code 3 before its turn ended\.\n.*stderr:\npanic: out of cheese\nat mock:1$/,
  },
  { behaviour: 'close-output', kind: 'failed', failure: 'crash', text: /closed its output/ },
  {
    behaviour: 'leaves-output-open',
    kind: 'failed',
    failure: 'crash',
    text: /exited with code 5 before/,
  },
  {
    behaviour: 'works-in-silence',
    more: { limits: { stallMilliseconds: 1_000 } },
    kind: 'done',
    text: /^Built\.$/,
  },
  { behaviour: 'bad-initialize', kind: 'failed', failure: 'protocol', text: /answered "hello"/ },
  { behaviour: 'version-9', kind: 'failed', failure: 'protocol', text: /protocol version 9/ },
  {
    behaviour: 'result-failure',
    kind: 'failed',
    failure: 'overload',
    text: /^Overloaded \(529\)$/,
  },
  { behaviour: 'limit-failure', kind: 'failed', failure: 'rate', text: /usage limit/ },
  { behaviour: 'context-failure', kind: 'handoff', text: /full/ },
  { behaviour: 'update-failure', kind: 'failed', failure: 'network', text: /not reachable/ },
  { behaviour: 'recovered-failure', kind: 'done', text: /^Back again/ },
  { behaviour: 'error-text', kind: 'failed', failure: 'overload', text: /529/ },
  { behaviour: 'auth-error', kind: 'failed', failure: 'auth', text: /session\/prompt/ },
  { behaviour: 'internal-error', kind: 'handoff', text: /prompt is too long/ },
  { behaviour: 'refusal', kind: 'failed', failure: 'refusal' },
  { behaviour: 'max-tokens', kind: 'handoff' },
  { behaviour: 'max-requests', kind: 'failed', failure: 'budget' },
  { behaviour: 'cancelled-unasked', kind: 'failed', failure: 'protocol', text: /unasked/ },
  { behaviour: 'flood-stdout', kind: 'failed', failure: 'protocol', text: /wrote a line of more/ },
  {
    behaviour: 'flood-messages',
    kind: 'failed',
    failure: 'protocol',
    text: /messages within 10 s/,
  },
  { behaviour: 'flood-requests', kind: 'failed', failure: 'protocol', text: /without reading/ },
  { behaviour: 'flood-stderr', kind: 'failed', failure: 'protocol', text: /64 MiB within 10 s/ },
  {
    behaviour: 'garbage',
    kind: 'failed',
    failure: 'protocol',
    text: /does not speak ACP.*npm WARN/,
  },
  { behaviour: 'some-garbage', kind: 'done', text: /in spite of it/ },
  { behaviour: 'double-fork', kind: 'done', text: /Left something running/ },
  { behaviour: 'permission', kind: 'done', text: /proceed_once.*cancelled/ },
  { behaviour: 'unknown', kind: 'done', text: /^\[-32601,-32601\]$/ },
  { behaviour: 'fs-write', kind: 'done', text: /-32601/ },
  { behaviour: 'lies-about-files', kind: 'done', text: /all tests pass/ },
  { behaviour: 'tool-wrong-token', kind: 'done', text: /^The bridge ended with [01]\.$/ },
  {
    behaviour: 'tool-all',
    kind: 'done',
    text: /^Through the tools\.$/,
    told: {
      brief: 'Half way.',
      decisions: ['Kept the old route.'],
      discoveries: Array.from({ length: 50 }, (_, n) => `Doubtful test ${n}`),
    },
  },
  {
    behaviour: 'tool-ask',
    kind: 'needs',
    text: /^Keep the old route\?$/,
  },
  {
    behaviour: 'wants-permission',
    more: { profile: { permissions: 'ask' } },
    kind: 'needs',
    text: /^May the agent do this\? Run rm -rf/,
  },
  { behaviour: 'exits-75', kind: 'needs', text: /^Which of the two\?$/ },
  {
    behaviour: 'only-loads',
    more: { resume: { session: 'mock-1', prompt: Promise.resolve('Go on.') } },
    kind: 'done',
    // What it replays of the former turns counts for nothing.
    text: /^session\/load: Go on\.$/,
  },
  {
    behaviour: 'fills-context',
    kind: 'handoff',
    text: /nearly full/,
    told: { brief: 'The route is done; its test is left.', decisions: ['Kept the old route.'] },
  },
  {
    behaviour: 'fills-context-and-says-so',
    kind: 'handoff',
    told: { brief: 'The route is done; its test is left.' },
  },
  {
    behaviour: 'fills-context-and-goes-on',
    more: { limits: { stallMilliseconds: 300 } },
    kind: 'handoff',
  },
  { behaviour: 'fills-context-at-the-end', kind: 'done', text: /^All done\.$/ },
  { behaviour: 'keeps-room', kind: 'done', text: /^Compacted by myself\.$/ },
  {
    behaviour: 'checkpoints-and-crashes',
    kind: 'failed',
    failure: 'crash',
    told: { brief: 'Got this far.', discoveries: ['The clock test is flaky.'] },
  },
  {
    behaviour: 'stalls-once',
    more: { limits: { firstMilliseconds: 300 } },
    kind: 'done',
    text: /^Back at work, and done\.$/,
  },
  {
    behaviour: 'never-speaks',
    more: { limits: { firstMilliseconds: 300, stallMilliseconds: 400 } },
    kind: 'failed',
    failure: 'stall',
    text: /for 300 ms after it was given the task, also after it was asked to go on/,
  },
  { behaviour: 'note-needs', kind: 'needs', text: /^One or two\?$/ },
  {
    behaviour: 'elicitation',
    kind: 'needs',
    text: /^Which database shall it be\?$/,
  },
  {
    behaviour: 'hang-before-initialize',
    more: { limits: { startMilliseconds: 150 } },
    kind: 'failed',
    failure: 'stall',
    text: /did not answer within 150 ms of its start/,
  },
  {
    behaviour: 'hang-after-first',
    more: { limits: { stallMilliseconds: 150 } },
    kind: 'failed',
    failure: 'stall',
    text: /no sign of life for 150 ms/,
  },
  {
    behaviour: 'hang-after-first',
    more: { limits: { wallMilliseconds: 700 } },
    kind: 'failed',
    failure: 'timeout',
    text: /not done after 700 ms/,
  },
  {
    behaviour: 'ignores-sigterm',
    more: { limits: { stallMilliseconds: 150 } },
    kind: 'failed',
    failure: 'stall',
  },
]

const words = (outcome: AgentOutcome): string => {
  switch (outcome.kind) {
    case 'done':
      return outcome.summary
    case 'needs':
      return outcome.question.text
    case 'handoff':
      return outcome.error
    case 'stopped':
      return outcome.reason
    case 'failed':
      return outcome.error
  }
}

const count = new Set(ends.map(({ behaviour }) => behaviour)).size

describe(`each of ${count} behaviours comes to its promised end: an agent that`, () => {
  for (const { behaviour, more, kind, failure, text = /(?:)/, told } of ends)
    it(`${behaviour} ends as ${failure ?? kind}, with nothing of its process tree left`, async () => {
      const outcome = await world.mock(behaviour, more)

      expect(outcome).toMatchObject(failure ? { kind, failure } : { kind })
      expect(words(outcome)).toMatch(text)
      expect(words(outcome)).not.toContain('\u001b')
      expect(outcome.told).toEqual(told)
    })
})
