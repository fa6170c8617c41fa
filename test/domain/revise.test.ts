/** How a pull request in review comes to a new attempt: by whose word, by which sign, how often, and what becomes of it. */
import { describe, expect, it } from 'vitest'
import { answered } from '../../src/domain/decide/answered.ts'
import { decideTask } from '../../src/domain/decide/task.ts'
import type { Decision } from '../../src/domain/decide/decision.ts'
import type { TaskFact } from '../../src/domain/fact.ts'
import { actKey, instant } from '../../src/domain/ids.ts'
import type { PullNow } from '../../src/domain/pull-now.ts'
import type { Remark, Revision } from '../../src/domain/revision.ts'
import { actsIn } from '../support/acts-in.ts'
import {
  HEAD,
  MINUTE,
  NOW,
  ana,
  ben,
  ended,
  pull,
  ready,
  report,
  shaOf,
  subjectIn,
  world,
} from '../support/builders.ts'

const remark: Remark = { comment: 31, login: 'ben', path: 'a.ts', line: 3, text: 'Shorter.' }
const revision = (over: Partial<Revision> = {}): Revision => ({
  reason: 'review',
  head: HEAD,
  onto: null,
  remarks: [remark],
  log: '',
  by: ben,
  at: NOW,
  ...over,
})
const now = (over: Partial<PullNow> = {}): PullNow => ({
  number: pull.number,
  url: pull.url,
  open: true,
  merged: false,
  head: HEAD,
  openedAt: NOW,
  merges: 'clean',
  checks: 'none',
  red: [],
  reviews: [],
  reviewers: [],
  size: { files: 1, additions: 1, deletions: 0 },
  ...over,
})
const submitted = (over: object = {}): Extract<TaskFact, { kind: 'review-submitted' }> => ({
  kind: 'review-submitted',
  pull: pull.number,
  review: 5,
  says: 'changes',
  head: HEAD,
  actor: ben,
  at: instant(NOW + MINUTE),
  via: 'webhook',
  ...over,
})
const heard = (over: object = {}) =>
  world({ pull: now(), remarks: [remark], permission: 'write', ...over })
/** That it looks otherwise now is worth a note, and no more. */
const begunBy = (decided: Decision | null): string =>
  decided === null || (decided.next.revision === null && decided.acts.length === 0)
    ? 'nothing'
    : decided.next.state.kind
const kindOf = (decided: Decision | null) => decided?.next.state.kind

describe('a review that asks for changes', () => {
  it('begins a round from the head that GitHub shows, with its remarks', () => {
    const head = shaOf('c')
    const decided = decideTask(subjectIn('in-review'), submitted(), heard({ pull: now({ head }) }))
    expect(decided?.next).toMatchObject({
      state: { kind: 'queued' },
      revision: { reason: 'review', head, remarks: [remark], by: ben },
      rounds: { review: 1, checks: 0, base: 0 },
      failures: 0,
    })
  })

  it.each([
    ['by somebody who may not write', {}, { permission: 'read' }],
    ['by nobody knows whom', {}, { permission: null }],
    ['that only comments', { says: 'commented' }, {}],
    ['that approves', { says: 'approved' }, {}],
    ['without a word', {}, { remarks: [] }],
    ['of a pull request that is closed', {}, { pull: now({ open: false }) }],
  ])('begins nothing %s', (_, fact, given) => {
    const decided = decideTask(subjectIn('in-review'), submitted(fact), heard(given))
    expect(kindOf(decided)).toBe('in-review')
    expect(decided?.next.revision).toBeNull()
  })

  it('joins the round that waits, and follows the one that is at work', () => {
    const waits = decideTask(
      subjectIn('queued', { pull, revision: revision() }),
      submitted(),
      heard({ remarks: [{ ...remark, comment: 32 }] }),
    )
    expect(waits?.next.revision?.remarks.map(({ comment }) => comment)).toEqual([31, 32])
    const runs = decideTask(
      subjectIn('running', { pull, revision: revision() }),
      submitted(),
      heard(),
    )
    expect(kindOf(runs)).toBe('running')
    expect(runs?.next.nextRevision).toMatchObject({ remarks: [remark] })
  })

  it('is a question after three rounds, and its answer decides', () => {
    const asked = decideTask(
      subjectIn('in-review', { rounds: { review: 3, checks: 0, base: 0 } }),
      submitted(),
      heard(),
    )
    expect(asked?.next).toMatchObject({
      state: { kind: 'parked' },
      question: { about: 'revisions' },
    })
    const { next: task } = asked ?? { next: subjectIn('in-review').task }
    const { question } = task
    if (question === null) throw new Error('nothing was asked')
    const answer = (choice: number | null) => {
      const given = { n: 1, question: '', text: 'Only the title.', choice, by: ana, at: NOW }
      return answered({ task, live: null }, { question, answer: given }, world()).next
    }
    expect(answer(1)).toMatchObject({ state: { kind: 'queued' }, rounds: { review: 4 } })
    expect(answer(2)).toMatchObject({ state: { kind: 'in-review' }, revision: null })
    expect(answer(null)?.revision?.remarks.at(-1)?.text).toBe('Only the title.')
  })
})

describe('red checks', () => {
  const changed = { kind: 'checks-changed', via: 'webhook' } as const
  const red = (over: Partial<PullNow> = {}) =>
    world({ pull: now({ checks: 'red', red: [{ name: 'ci', log: 'E42' }], ...over }) })

  it('on the head that we pushed begin an attempt with their log', () => {
    const decided = decideTask(subjectIn('in-review'), changed, red())
    expect(decided?.next.revision).toMatchObject({ reason: 'checks', log: 'ci\nE42', by: null })
    expect(decided?.next.revised).toEqual([{ head: HEAD, reason: 'checks' }])
  })

  it.each([
    ['on a head that people pushed', { pushed: shaOf('d') }],
    [
      'at a head for which that was tried',
      { revised: [{ head: HEAD, reason: 'checks' as const }] },
    ],
    ['while it is held', { hold: { by: 'ana', reason: 'wait', at: NOW } }],
  ])('begin nothing %s', (_, over) => {
    expect(begunBy(decideTask(subjectIn('in-review', over), changed, red()))).toBe('nothing')
  })

  it('are left to people where the settings say so, and asked about at the cap, once for each head', () => {
    const off = { ...red(), policy: ready({ limits: { ...LIMITS, ciFixes: 0 } }) }
    expect(begunBy(decideTask(subjectIn('in-review'), changed, off))).toBe('nothing')
    const capped = subjectIn('in-review', { rounds: { review: 0, checks: 2, base: 0 } })
    const asked = decideTask(capped, changed, red())
    expect(asked?.next).toMatchObject({ state: { kind: 'parked' }, question: { about: 'checks' } })
    expect(asked?.next.revised).toEqual([{ head: HEAD, reason: 'checks' }])
  })
})
const LIMITS = {
  parallel: 3,
  attempts: 3,
  minutes: 60,
  stallMinutes: 10,
  openReviews: 10,
  ciFixes: 2,
}

describe('a base that moved', () => {
  const changed = { kind: 'merges-changed', via: 'reconcile' } as const
  const onto = shaOf('e')
  it.each(['conflict', 'behind'] as const)('is merged by itself when it is %s', (merges) => {
    const decided = decideTask(
      subjectIn('in-review'),
      changed,
      world({ pull: now({ merges }), onto }),
    )
    expect(decided?.next.revision).toMatchObject({ reason: 'base', onto, head: HEAD })
  })

  it.each(['clean', 'unknown'] as const)('is left alone when it is %s', (merges) => {
    const given = world({ pull: now({ merges }), onto })
    expect(begunBy(decideTask(subjectIn('in-review'), changed, given))).toBe('nothing')
  })
})

describe('the end of a revision', () => {
  const revising = { pull, pushed: shaOf('c'), revision: revision() }

  it('is pushed over the head that it started from, and nothing else', () => {
    const decided = decideTask(subjectIn('running', revising), ended({ head: shaOf('c') }), world())
    expect(actsIn(decided)).toEqual(['push ccccccc to yardmaster/7, where aaaaaaa is'])
  })

  it('answers each thread with the commit and asks for another look', () => {
    const done = {
      kind: 'act-done',
      act: actKey('pull:x'),
      epoch: 2,
      outcome: { kind: 'pull-opened', pull },
    } as const
    const decided = decideTask(subjectIn('publishing', revising), done, world())
    expect(decided?.next).toMatchObject({
      state: { kind: 'in-review', pull: { head: shaOf('c') } },
      revision: null,
    })
    expect(actsIn(decided)).toEqual(['answer remark 31: ccccccc', 'ask ben to look at ccccccc'])
  })

  it('starts again from where somebody else was faster, and counts no round', () => {
    const moved = {
      kind: 'act-done',
      act: actKey('push:x'),
      epoch: 2,
      outcome: { kind: 'moved', found: shaOf('f') },
    } as const
    const decided = decideTask(subjectIn('publishing', revising), moved, world())
    expect(decided?.next).toMatchObject({
      state: { kind: 'queued' },
      revision: { head: shaOf('f'), remarks: [remark] },
      rounds: { review: 0 },
    })
  })

  it('of which nothing came leaves the pull request in review, and says so', () => {
    const red = ended({
      end: { kind: 'failed', failure: 'verify' },
      error: 'red',
      baseVerify: report().verify,
    })
    const decided = decideTask(subjectIn('running', { ...revising, failures: 2 }), red, world())
    expect(decided?.next).toMatchObject({ state: { kind: 'in-review', pull }, revision: null })
    expect(actsIn(decided)).toEqual([
      'answer remark 31: not, red (attempt 3 of 3)',
      'comment revision-failed to ben: red (attempt 3 of 3)',
    ])
  })

  it('begins the round that was asked for meanwhile', () => {
    const done = {
      kind: 'act-done',
      act: actKey('pull:x'),
      epoch: 2,
      outcome: { kind: 'pull-opened', pull },
    } as const
    const both = { ...revising, nextRevision: revision({ remarks: [{ ...remark, comment: 40 }] }) }
    const decided = decideTask(subjectIn('publishing', both), done, world())
    expect(decided?.next).toMatchObject({
      state: { kind: 'queued' },
      revision: { head: shaOf('c'), remarks: [{ comment: 40 }] },
      nextRevision: null,
    })
  })

  it('is the merge, whatever is at work', () => {
    const merged = {
      kind: 'pull-closed',
      number: pull.number,
      merged: true,
      actor: ana,
      via: 'webhook',
    } as const
    const decided = decideTask(subjectIn('running', revising), merged, world())
    expect(kindOf(decided)).toBe('done')
    expect(decided?.attempt).toMatchObject({ stop: '@ana merged #12' })
  })
})
