/** Words and records of agents → typed ends, as tables. */
import { describe, expect, it } from 'vitest'
import type { Ending } from '../../src/agents/acp/story.ts'
import { classifyFailure, classifyWords, readUntil } from '../../src/agents/classify.ts'
import { judge, type End, type Evidence } from '../../src/agents/judge.ts'
import { instant } from '../../src/domain/ids.ts'

describe('the words of a failure', () => {
  const table: readonly (readonly [string, string | null])[] = [
    ['API Error: 400 prompt is too long: 210000 tokens > 200000 maximum', 'context'],
    ['Your input exceeds the context window of this model.', 'context'],
    ['429 Too Many Requests', 'rate'],
    ['Claude AI usage limit reached|1767225600', 'rate'],
    ["You've hit your weekly limit · resets 4am", 'rate'],
    ['Credit balance is too low', 'rate'],
    ['RESOURCE_EXHAUSTED: quota', 'rate'],
    ['401 {"error":"invalid x-api-key"}', 'auth'],
    ['Not logged in · Please run /login', 'auth'],
    ['API Error: 529 {"type":"overloaded_error"}', 'overload'],
    ['503 Service Unavailable', 'overload'],
    ['TypeError: fetch failed: ECONNREFUSED 127.0.0.1:9', 'network'],
    ['stream disconnected before completion', 'network'],
    ['Segmentation fault', null],
    ['', null],
  ]
  for (const [words, failure] of table)
    it(`"${words}" is ${failure ?? 'nothing known'}`, () => {
      expect(classifyWords(words)).toBe(failure)
    })
})

describe('the typed record', () => {
  const table = [
    [{ category: 'access', text: 'x', actions: ['login'] }, 'auth'],
    [{ category: 'connection', text: 'x', actions: [] }, 'network'],
    [{ category: 'service', text: 'x', actions: ['retry'] }, 'overload'],
    [{ category: 'service', text: '429', actions: ['retry'] }, 'rate'],
    [{ category: 'limit', text: 'x', actions: [] }, 'rate'],
    [{ category: 'limit', text: 'x', actions: ['new_session'] }, 'context'],
    [{ category: 'request', text: 'Flagged by a policy', actions: [] }, 'refusal'],
    [{ category: 'request', text: 'Bad request', actions: [] }, 'protocol'],
    [{ category: 'unknown', text: 'x', actions: [] }, 'crash'],
  ] as const
  for (const [record, failure] of table)
    it(`${record.category} "${record.text}" [${record.actions.join()}] is ${failure}`, () => {
      expect(classifyFailure(record)).toBe(failure)
    })
})

describe('when a provider is well again', () => {
  const now = instant(Date.parse('2026-01-01T00:00:00Z'))
  const table: readonly (readonly [string, number | null])[] = [
    ['limit reached|1767229200', 3_600_000],
    ['resets at 2026-01-01T02:00:00Z', 7_200_000],
    ['retry-after: 30', 30_000],
    ['Try again in 1.5s.', 1_500],
    ['try again in 20 minutes', 1_200_000],
    ['Please try again in 250ms', 250],
    ['retry in 2h', 7_200_000],
    ['resets 4am', null],
    ['limit reached|1000000000', null],
    ['try again in 900 hours', null],
    ['nothing', null],
  ]
  for (const [words, after] of table)
    it(`"${words}" says ${after ?? 'nothing'}`, () => {
      expect(readUntil(words, now)).toBe(after === null ? null : now + after)
    })
})

const ending: Ending = { message: '', usage: { tokens: 7, cost: null }, failure: null }
const evidence = (end: End, more: Partial<Evidence> = {}): Evidence => ({
  end,
  ending,
  exit: null,
  stderr: '',
  report: { kind: 'none' },
  limits: {
    startMilliseconds: 60_000,
    firstMilliseconds: 300_000,
    stallMilliseconds: 600_000,
    wallMilliseconds: 3_600_000,
  },
  told: { decisions: () => [], discoveries: () => [], brief: () => null },
  handover: 'no',
  nudged: false,
  program: 'claude-agent-acp',
  profile: 'claude',
  session: null,
  prompted: true,
  now: instant(0),
  ...more,
})
const turn = (more: object = {}): End => ({
  kind: 'turn',
  turn: { stopReason: 'end_turn', note: null, failure: null, use: null, ...more },
})
const saying = (message: string): Partial<Evidence> => ({ ending: { ...ending, message } })

describe('a judgement', () => {
  it('does not take a summary that speaks of limits for a failure', () => {
    const summary = 'The client now waits when the API answers 429 (rate limit) or 529.'
    expect(judge(evidence(turn(), saying(summary)))).toMatchObject({ kind: 'done', summary })
  })

  it("does not take a long message for a provider's error, whatever it opens with", () => {
    const summary = `Error handling was missing. ${'It is there now, for 429 and 529. '.repeat(30)}`
    expect(judge(evidence(turn(), saying(summary)))).toMatchObject({ kind: 'done' })
  })

  it('believes the report rather than the tone of the last message', () => {
    const report = { kind: 'report', report: { summary: 'Fixed.' } } as const
    const said = saying('Error: 529 was the cause; fixed.')
    expect(judge(evidence(turn(), { ...said, report }))).toMatchObject({
      kind: 'done',
      summary: 'Fixed.',
    })
  })

  it('blames the provider for a crash only before the prompt: later, stderr may be the task', () => {
    const crash = { exit: { code: 1, signal: null }, stderr: 'ECONNREFUSED 127.0.0.1:5432' }
    const closed: End = { kind: 'closed' }
    expect(judge(evidence(closed, { ...crash, prompted: false }))).toMatchObject({
      failure: 'network',
    })
    expect(judge(evidence(closed, crash))).toMatchObject({ failure: 'crash' })
  })

  it('takes 127 for a missing program only before it ever spoke', () => {
    const exit = { code: 127, signal: null }
    expect(judge(evidence({ kind: 'closed' }, { exit }))).toMatchObject({
      error: 'claude-agent-acp exited with code 127 before its turn ended.',
    })
  })

  it('names a signal', () => {
    const exit = { code: null, signal: 'SIGSEGV' }
    expect(judge(evidence({ kind: 'closed' }, { exit }))).toMatchObject({
      failure: 'crash',
      error: 'claude-agent-acp was ended by SIGSEGV before its turn ended.',
    })
  })

  it('passes on when the provider is well again, for its own failures only', () => {
    const failure = { category: 'limit', text: 'Try again in 30s', actions: [] }
    expect(judge(evidence(turn({ failure })))).toMatchObject({ failure: 'rate', until: 30_000 })
    const full = { ...failure, actions: ['new_session'] }
    expect(judge(evidence(turn({ failure: full }), { prompted: false }))).toMatchObject({
      failure: 'context',
      until: null,
    })
  })

  it('takes a full context for no failure, once there was work in it', () => {
    const full = { category: 'limit', text: 'This session is full', actions: ['new_session'] }
    expect(judge(evidence(turn({ failure: full })))).toMatchObject({
      kind: 'handoff',
      error: 'This session is full',
    })
  })

  it('speaks of limits as people do', () => {
    const overrun = (kind: 'start' | 'stall' | 'wall') =>
      judge(evidence({ kind: 'overrun', overrun: kind }))
    expect(overrun('start')).toMatchObject({ error: expect.stringContaining('within 60 s') })
    expect(overrun('stall')).toMatchObject({ error: expect.stringContaining('for 10 minutes') })
    expect(overrun('wall')).toMatchObject({ error: expect.stringContaining('after 60 minutes') })
  })

  it('has words even where there are none', () => {
    const failure = { category: 'unknown', text: '', actions: [] }
    expect(judge(evidence(turn({ failure })))).toMatchObject({
      error: 'It failed (crash) without a word.',
    })
  })
})
