/**
 * A task's life over pure decisions: the store and the runners are played by a few maps, so that thousands of
 * random lives take a second. It keeps what the store would keep: the task, its live attempt, its acts, its ledger.
 */
import { COLUMN_NAMES } from '../../src/domain/board.ts'
import type { Act, ActDetail } from '../../src/domain/act.ts'
import type { Permission } from '../../src/domain/actor.ts'
import type { Attempt, AttemptReport } from '../../src/domain/attempt.ts'
import type { Decision, World } from '../../src/domain/decide/decision.ts'
import { blankTask, decideTask } from '../../src/domain/decide/task.ts'
import type { TaskFact } from '../../src/domain/fact.ts'
import { attemptId, later } from '../../src/domain/ids.ts'
import type { ActKey, Instant } from '../../src/domain/ids.ts'
import { LEDGER_START, chain } from '../../src/domain/ledger.ts'
import type { LedgerEntry, LedgerHead } from '../../src/domain/ledger.ts'
import type { Task } from '../../src/domain/task.ts'
import { HEAD, MINUTE, NOW, REPO, attempt, issue, pull, ready, shaOf, world } from './builders.ts'

export interface KeptAct extends Act {
  readonly status: 'open' | 'called-off' | 'settled'
}

/** What one step did, for those who check it. */
export interface Step {
  /** Null: an admission. */
  readonly fact: TaskFact | null
  readonly permission: Permission | null
  readonly before: Task
  readonly liveBefore: Attempt | null
  readonly after: Task
  readonly decided: Decision | null
}

/** What somebody else pushed to our branch. */
const THEIRS = shaOf('f')

/** A moved card still lies where its mover put it, and its issue stands there as it was. */
const onBoard = (fact: TaskFact): Partial<World> =>
  fact.kind === 'card-moved'
    ? {
        policy: ready({ board: { project: fact.card.project, columns: COLUMN_NAMES } }),
        card: { column: fact.to },
        issue: { view: fact.issue, editedSince: false },
      }
    : {}

export class Life {
  task: Task = blankTask({ repo: REPO, ...issue() }, NOW)
  live: Attempt | null = null
  now: Instant = NOW
  readonly acts = new Map<ActKey, KeptAct>()
  readonly ledger: LedgerEntry[] = []
  /** Facts that runners and performers told once; anybody may tell them again, late. */
  readonly told: TaskFact[] = []

  /** Time goes on by a minute, then the fact is decided and committed. */
  take(fact: TaskFact, permission: Permission | null = 'write', more: Partial<World> = {}): Step {
    this.now = later(this.now, MINUTE)
    const before = this.task
    const liveBefore = this.live
    const shown =
      'issue' in fact && fact.issue !== null
        ? { title: fact.issue.title, body: fact.issue.body }
        : null
    const seen: World = world({
      now: this.now,
      permission,
      shown,
      ...onBoard(fact),
      ...more,
    })
    const decided = decideTask({ task: before, live: liveBefore }, fact, seen)
    if (decided !== null) this.commit(decided)
    return { fact, permission, before, liveBefore, after: this.task, decided }
  }

  /** The scheduler gives the task a slot. Null: it may not have one. */
  admit(): Step | null {
    if (this.task.state.kind !== 'queued' || this.live !== null) return null
    const before = this.task
    const n = before.attempts + 1
    const id = attemptId(before.id, n)
    const epoch = before.epoch + 1
    this.task = {
      ...before,
      version: before.version + 1,
      state: { kind: 'running', attempt: id },
      attempts: n,
      epoch,
      redBase: null,
    }
    this.live = attempt({ id, n, epoch, runner: null, startedAt: this.now })
    return {
      fact: null,
      permission: null,
      before,
      liveBefore: null,
      after: this.task,
      decided: null,
    }
  }

  /** A runner takes the attempt that nobody has yet. */
  start(): void {
    if (this.live !== null && this.live.runner === null)
      this.live = { ...this.live, runner: 'here' }
  }

  /** What became of an act, as its performer tells it: once per intent, also when it was called off meanwhile. */
  outcome(act: KeptAct, went: 'well' | 'wrong' | 'moved'): TaskFact | null {
    if (act.status === 'settled') return null
    this.acts.set(act.key, { ...act, status: 'settled' })
    const { key, epoch, detail } = act
    if (went === 'moved' && detail.kind === 'push')
      return { kind: 'act-done', act: key, epoch, outcome: { kind: 'moved', found: THEIRS } }
    if (went === 'wrong')
      return { kind: 'act-failed', act: key, epoch, name: detail.kind, reason: 'GitHub said no' }
    return done(detail, key, epoch)
  }

  /** The live attempt's end, as its runner tells it. */
  end(report: AttemptReport): TaskFact | null {
    if (this.live === null || this.live.runner === null) return null
    return { kind: 'attempt-ended', attempt: this.live.id, epoch: this.live.epoch, report }
  }

  private commit(decided: Decision): void {
    this.task = { ...decided.next, version: this.task.version + 1 }
    const head: LedgerHead = this.ledger.at(-1) ?? LEDGER_START
    this.ledger.push(...chain(this.task.id, head, decided.ledger))
    if (decided.attempt !== null && this.live?.id === decided.attempt.id) {
      const { attempt: change } = decided
      this.live = 'stop' in change ? { ...this.live, stop: change.stop } : null
    }
    if (decided.callOff) {
      for (const act of this.acts.values())
        if (act.status === 'open') this.acts.set(act.key, { ...act, status: 'called-off' })
    }
    this.intend(decided.acts)
  }

  private intend(acts: readonly Act[]): void {
    for (const act of acts) {
      const known = this.acts.get(act.key)
      const kept = known !== undefined && known.status !== 'called-off' && known.epoch >= act.epoch
      if (!kept) this.acts.set(act.key, { ...act, status: 'open' })
    }
  }
}

function done(detail: ActDetail, act: ActKey, epoch: number): TaskFact {
  switch (detail.kind) {
    case 'wake':
      return detail.timer === 'remind'
        ? { kind: 'timer', name: 'remind', question: detail.question, epoch }
        : { kind: 'timer', name: 'retry', epoch }
    case 'push':
      return { kind: 'act-done', act, epoch, outcome: { kind: 'pushed', head: detail.head } }
    case 'open-pull':
      return {
        kind: 'act-done',
        act,
        epoch,
        outcome: { kind: 'pull-opened', pull: { ...pull, head: HEAD } },
      }
    case 'assign-review':
      return {
        kind: 'act-done',
        act,
        epoch,
        outcome: { kind: 'review-assigned', pull: detail.pull, reviewers: ['ben'], teams: [] },
      }
    case 'comment':
    case 'react':
    case 'answer-remark':
    case 'ask-review':
      return { kind: 'act-done', act, epoch, outcome: { kind: 'commented' } }
    default:
      return detail satisfies never
  }
}
