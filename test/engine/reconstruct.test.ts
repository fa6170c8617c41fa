/** What is judged of a task when only GitHub remembers it. */
import { describe, expect, it } from 'vitest'
import { emptyReport } from '../../src/domain/attempt.ts'
import { instant, later, sha } from '../../src/domain/ids.ts'
import { recordOf } from '../../src/domain/record.ts'
import type { TaskRecord } from '../../src/domain/record.ts'
import { snapshotHash } from '../../src/domain/snapshot.ts'
import { TERMINAL } from '../../src/domain/task.ts'
import type { Task } from '../../src/domain/task.ts'
import type { Evidence } from '../../src/engine/rebuild/evidence.ts'
import { EPOCH_GAP } from '../../src/engine/rebuild/judge.ts'
import { readTaskRecord, RecordTooNew } from '../../src/engine/rebuild/read-record.ts'
import { reconstruct } from '../../src/engine/rebuild/reconstruct.ts'
import {
  HEAD,
  MINUTE,
  NOW,
  STATE_KINDS,
  TASK,
  ana,
  attempt,
  issue,
  pull,
  report,
  repository,
  shaOf,
  snapshot,
  taskIn,
  wish,
} from '../support/builders.ts'

const repo = repository()
const about = {
  repo,
  now: later(NOW, MINUTE),
  webUrl: 'https://github.example',
  surfaces: ['status', 'labels'] as const,
}
const FIRST_SEEN = instant(NOW - MINUTE)
const GOES_ON = STATE_KINDS.filter(
  (kind) => !TERMINAL.has(kind) && kind !== 'in-review' && kind !== 'held',
)

/** Written into a comment and read out of it again. */
function kept(task: Task, attempts = [attempt()]): TaskRecord {
  const read = readTaskRecord(JSON.stringify(recordOf(task, attempts, FIRST_SEEN)), 'o/r#7')
  if (read === null) throw new Error('the record could not be read')
  return read
}

const comment = { id: 31, number: 7, marks: [`status:${TASK}`], record: null, updatedAt: NOW }
const evidence = (over: Partial<Evidence> = {}): Evidence => ({
  issue: issue(),
  status: comment,
  record: kept(taskIn('queued')),
  notices: [],
  branch: null,
  pull: null,
  label: null,
  ...over,
})
const from = (task: Task, over: Partial<Evidence> = {}) =>
  reconstruct(evidence({ record: kept(task), ...over }), about)
const found = { ...pull, state: 'open', merged: false } as const

describe('a task whose status comment remembers it', () => {
  it.each(STATE_KINDS)('that was %s comes back as it was, or goes on from the queue', (kind) => {
    const { task } = from(taskIn(kind))
    expect(task.state.kind).toBe(GOES_ON.includes(kind) ? 'queued' : kind)
    expect(task.state).toMatchObject(kind === 'held' ? { reason: 'not yet' } : {})
  })

  it('keeps who wished for it, when, with which label, and what was approved', () => {
    const wished = wish({ label: 'yardmaster:opus', profile: 'opus', by: ana })
    const { task, snapshot: text } = from(taskIn('running', { wish: wished }))
    expect(task.wish).toEqual(wished)
    expect(text).toEqual(snapshot)
    expect(task.edited).toBe(false)
  })

  it('loses no attempt, and counts its epochs on from far above', () => {
    const before = taskIn('running', { attempts: 2, failures: 1, losses: 1, epoch: 9 })
    const live = attempt({ n: 2, epoch: 9 })
    const ended = attempt({
      endedAt: later(NOW, MINUTE),
      report: emptyReport({ kind: 'failed', failure: 'verify' }, 'red\nand more'),
    })
    const { task, attempts } = reconstruct(evidence({ record: kept(before, [ended, live]) }), about)
    expect(task).toMatchObject({ attempts: 2, failures: 1, losses: 1, epoch: 9 + EPOCH_GAP })
    expect(attempts).toMatchObject([
      { n: 1, endedAt: later(NOW, MINUTE), report: { error: 'red' } },
      { n: 2, endedAt: about.now, runner: null, report: { end: { kind: 'lost' } } },
    ])
  })

  describe('that stood at a gate', () => {
    const gate = {
      kind: 'protected',
      head: HEAD,
      base: shaOf('b'),
      paths: ['.npmrc'],
      askedAt: NOW,
    } as const
    const gated = taskIn('gated', { state: { kind: 'gated', gate: HEAD }, gate, report: report() })
    const asked = [`comment:${TASK}:gate:${NOW}:${HEAD}`]

    it('stands there again, and is asked about once', () => {
      const { task } = from(gated, { notices: asked })
      expect(task).toMatchObject({ state: { kind: 'gated', gate: HEAD }, gate, approved: null })
    })

    it('is done anew when nobody was asked yet, or the text was edited since', () => {
      expect(from(gated).task).toMatchObject({ state: { kind: 'queued' }, gate: null })
      const edited = issue({ body: 'Something else.' })
      expect(from(gated, { notices: asked, issue: edited }).task).toMatchObject({
        state: { kind: 'held' },
        gate: null,
      })
    })
  })

  describe('that waited for an answer', () => {
    const question = {
      n: 2,
      about: 'work',
      text: 'Which greeting?',
      options: ['Hello', 'Good day'],
      recommended: 1,
      askedAt: NOW,
      reminders: 1,
      hinted: true,
    } as const
    const parked = taskIn('parked', {
      state: { kind: 'parked', question: 'Q2' },
      question,
      asked: 2,
    })
    const asked = [`comment:${TASK}:question:${NOW}:Q2`]

    it('waits for it again, is not asked twice, and is reminded of', () => {
      const { task, acts } = from(parked, { notices: asked })
      expect(task).toMatchObject({
        state: { kind: 'parked', question: 'Q2' },
        question,
        asked: 2,
        resume: null,
      })
      expect(acts).toMatchObject([{ detail: { kind: 'wake', timer: 'remind', question: 2 } }])
    })

    it('is worked anew when nobody was asked yet: the next question has another name', () => {
      const { task, acts } = from(parked)
      expect(task).toMatchObject({ state: { kind: 'queued' }, question: null, asked: 2 })
      expect(acts).toEqual([])
    })
  })

  it('is held when the text is not the approved one any more; what waits for review only says so', () => {
    const edited = issue({ body: 'Something else.' })
    const live = from(taskIn('running'), { issue: edited })
    expect(live.task.state).toMatchObject({ kind: 'held', by: 'yardmaster' })
    expect(live.snapshot).toBeNull()
    const reviewed = from(taskIn('in-review'), { issue: edited })
    expect(reviewed.task).toMatchObject({ state: { kind: 'in-review' }, edited: true })
  })

  it('has failed when its last word was said, although the comment had not caught up', () => {
    const notices = [`comment:${TASK}:failed:${NOW}`]
    expect(from(taskIn('running'), { notices }).task.state.kind).toBe('failed')
    const earlier = [`comment:${TASK}:failed:${NOW - 1}`]
    expect(from(taskIn('running'), { notices: earlier }).task.state.kind).toBe('queued')
  })

  it('waits for review when its pull request was opened after the comment was written', () => {
    const branch = { head: HEAD, ours: true }
    const { task, surfaces } = from(taskIn('publishing'), { branch, pull: found })
    expect(task).toMatchObject({ state: { kind: 'in-review', pull }, pull, pushed: HEAD })
    expect(surfaces).toEqual(['status', 'labels'])
    const merged = { ...found, state: 'closed', merged: true } as const
    expect(from(taskIn('publishing'), { branch, pull: merged }).task.state.kind).toBe('done')
    const closed = { ...found, state: 'closed' } as const
    expect(from(taskIn('publishing'), { branch, pull: closed }).task.state.kind).toBe('cancelled')
  })

  it('goes on with the pull request of an earlier wish, unless its branch was pushed to since', () => {
    const before = taskIn('queued', { pull, pushed: HEAD })
    const same = from(before, { branch: { head: HEAD, ours: true }, pull: found })
    expect(same.task).toMatchObject({ state: { kind: 'queued' }, pull, pushed: HEAD })
    const head = sha('c'.repeat(40))
    const moved = from(before, { branch: { head, ours: true }, pull: found })
    expect(moved.task).toMatchObject({ state: { kind: 'in-review' }, pushed: head })
    const persons = from(before, { branch: { head, ours: false }, pull: found })
    expect(persons.task, 'a person’s commit is never taken for ours').toMatchObject({
      state: { kind: 'queued' },
      pushed: HEAD,
    })
  })

  it('writes nothing where all is shown already', () => {
    const shown = issue({ labels: ['yardmaster', 'yard:needs-review'] })
    expect(from(taskIn('in-review'), { issue: shown }).surfaces).toEqual([])
    expect(from(taskIn('done'), { issue: shown }).surfaces).toEqual(['status', 'labels'])
  })

  it('begins its ledger with what it was known from', () => {
    const [entry, ...more] = from(taskIn('in-review'), {
      branch: { head: HEAD, ours: true },
    }).ledger
    expect(more).toEqual([])
    expect(entry).toMatchObject({
      event: 'task.rebuilt',
      data: { recorded: 'in-review', from: ['the status comment 31', 'the branch yardmaster/7'] },
    })
  })
})

describe('a task of which no record is left', () => {
  const event = { kind: 'labeled', label: 'yardmaster', actor: ana, at: NOW } as const
  const bare = (over: Partial<Evidence>) =>
    reconstruct(evidence({ record: null, label: event, ...over }), about).task

  it('stands where its pull request and its label say, and nothing of it starts', () => {
    expect(bare({ pull: found }).state.kind).toBe('in-review')
    const labels = (label: string) => issue({ labels: ['yardmaster', label] })
    expect(bare({ issue: labels('yard:failed') }).state.kind).toBe('failed')
    expect(bare({ issue: labels('yard:done') }).state.kind).toBe('done')
    expect(bare({ issue: labels('yard:working') }).state).toMatchObject({
      kind: 'held',
      reason: expect.stringContaining('nothing on GitHub says any more what was approved'),
    })
    expect(bare({}).state.kind).toBe('cancelled')
  })

  it('takes the label that stands there for the old wish', () => {
    expect(bare({}).wish).toMatchObject({ by: ana, at: NOW, snapshot: snapshotHash(snapshot) })
    expect(bare({ label: null }).wish).toBeNull()
  })

  it('keeps a branch that is ours, so that new work may be pushed over it', () => {
    expect(bare({ status: null, branch: { head: HEAD, ours: true } }).pushed).toBe(HEAD)
    expect(bare({ status: null, branch: { head: HEAD, ours: false } }).pushed).toBeNull()
  })
})

describe('a record', () => {
  it('stays small, whatever the task holds', () => {
    const result = {
      command: 'x'.repeat(5_000),
      exitCode: 1,
      milliseconds: 1,
      output: 'o'.repeat(16_384),
    }
    const long = {
      ...emptyReport({ kind: 'failed', failure: 'verify' } as const, 'e'.repeat(60_000)),
      summary: 's'.repeat(60_000),
      files: Array.from({ length: 3_000 }, (_, index) => ({
        ...({ path: `file-${index}`, status: 'added', additions: 1, deletions: 0 } as const),
      })),
      verify: Array.from({ length: 40 }, () => result),
      setup: Array.from({ length: 40 }, () => result),
    }
    const runs = Array.from({ length: 60 }, (_, index) =>
      attempt({ n: index + 1, endedAt: NOW, report: long }),
    )
    const record = recordOf(taskIn('failed', { report: long }), runs, FIRST_SEEN)
    expect(JSON.stringify(record).length).toBeLessThan(9_000)
    expect(readTaskRecord(JSON.stringify(record), 'o/r#7')).toEqual(record)
  })

  it('keeps what was spent and allowed, so that a lost store gives nobody their budget again', () => {
    const usage = { tokens: 9_000, cost: 1.25 }
    const purse = { since: 2, raised: 1 }
    const ended = attempt({ endedAt: NOW, report: report({ usage }) })
    const record = kept(taskIn('queued', { purse }), [ended])
    const { task, attempts } = reconstruct(evidence({ record }), about)
    expect(task.purse).toEqual(purse)
    expect(attempts[0]?.report?.usage).toEqual(usage)
  })

  it('of a newer version is refused by name; half a record is none', () => {
    expect(() => readTaskRecord('{"v":2}', 'o/r#7')).toThrow(RecordTooNew)
    for (const text of ['', '{', '{}', '{"v":1}', '{"v":1,"state":"queued"}'])
      expect(readTaskRecord(text, 'o/r#7')).toBeNull()
  })
})
