/** Thousands of random lives of a task: after every single step all promises about states, epochs and counts hold. */
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Notice } from '../../src/domain/notice.ts'
import type { ActDetail } from '../../src/domain/act.ts'
import { mayWrite } from '../../src/domain/actor.ts'
import { isProviderFailure, passed } from '../../src/domain/attempt.ts'
import { firstBroken } from '../../src/domain/ledger.ts'
import { isRevising, isTerminal } from '../../src/domain/task.ts'
import type { Task } from '../../src/domain/task.ts'
import { anyFact, anyPermission, anyReport } from '../support/arbitraries.ts'
import { HEAD, ana, issue, labelled, pull, report } from '../support/builders.ts'
import { Life } from '../support/history.ts'
import type { KeptAct, Step } from '../support/history.ts'

/** One turn of fate. Numbers pick among what there is at that moment. */
const anyMove = fc.oneof(
  often(3, { do: fc.constant('wish' as const) }),
  often(6, { do: fc.constant('admit' as const) }),
  often(9, { do: fc.constant('start' as const) }),
  often(6, { do: fc.constant('end' as const), report: anyReport }),
  often(5, { do: fc.constant('end' as const), report: fc.constant(report()) }),
  often(12, {
    do: fc.constant('outcome' as const),
    pick: fc.nat(20),
    went: fc.constantFrom(...(['well', 'well', 'well', 'well', 'wrong', 'moved'] as const)),
  }),
  often(2, { do: fc.constant('again' as const), pick: fc.nat(50) }),
  often(1, { do: fc.constant('unlabel' as const) }),
  often(2, { do: fc.constant('review' as const), merged: fc.boolean() }),
  often(3, { do: fc.constant('changes' as const) }),
  often(1, { do: fc.constant('pause' as const) }),
  often(3, { do: fc.constant('anything' as const), fact: anyFact, permission: anyPermission }),
)

function often<Fields extends object>(
  weight: number,
  fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> },
) {
  return { weight, arbitrary: fc.record<Fields>(fields) }
}

/** Long enough that most lives see a second wish. Shrinking replaces moves by wishes, which change nothing while work is live. */
const anyLife = fc.array(anyMove, { minLength: 30, maxLength: 60, size: 'max' })
type Move = typeof anyMove extends fc.Arbitrary<infer M> ? M : never

function play(life: Life, move: Move): Step | null {
  switch (move.do) {
    case 'wish':
      return life.take(labelled({ at: life.now }))
    case 'unlabel':
      return life.take({
        kind: 'label-removed',
        label: 'yardmaster',
        actor: ana,
        issue: issue({ labels: [] }),
        at: life.now,
        via: 'webhook',
      })
    case 'admit':
      return life.admit()
    case 'start':
      life.start()
      return null
    case 'end':
      return tell(life, life.end(move.report))
    case 'outcome': {
      const act = picked(life, move.pick, () => true)
      return tell(life, act === undefined ? null : life.outcome(act, move.went))
    }
    case 'review': {
      const number = life.task.pull?.number ?? 99
      return life.take({
        kind: 'pull-closed',
        number,
        merged: move.merged,
        actor: ana,
        via: 'webhook',
      })
    }
    case 'changes': {
      const remark = { comment: 1, login: ana.login, path: null, line: null, text: 'Shorter.' }
      const head = life.task.pull?.head ?? HEAD
      const { at, via } = { at: life.now, via: 'webhook' as const }
      const says = { kind: 'review-submitted', says: 'changes', pull: pull.number } as const
      const fact = { ...says, review: life.ledger.length, head, actor: ana, at, via }
      return life.take(fact, 'write', { remarks: [remark] })
    }
    case 'pause': {
      const { live } = life
      if (live === null) return null
      const { id, epoch } = live
      return life.take({ kind: 'paused', attempt: id, epoch, reason: 'a pause', by: 'ana' })
    }
    case 'again':
      return tell(life, life.told[move.pick % Math.max(life.told.length, 1)] ?? null)
    case 'anything':
      return life.take(move.fact, move.permission)
    default:
      return move satisfies never
  }
}

function tell(life: Life, fact: Step['fact']): Step | null {
  if (fact === null) return null
  life.told.push(fact)
  return life.take(fact)
}

/** The newest open act by default; the larger the number, the older, and then those called off while under way. */
function picked(life: Life, pick: number, which: (act: KeptAct) => boolean): KeptAct | undefined {
  const acts = [...life.acts.values()].filter((act) => act.status !== 'settled' && which(act))
  const inTurn = acts.toSorted(
    (a, b) => Number(b.status === 'open') - Number(a.status === 'open') || b.epoch - a.epoch,
  )
  return inTurn[pick < 15 ? 0 : pick % Math.max(acts.length, 1)]
}

/** Whether a promise was kept by a step, with the life as it is after it; null: the step did not touch it. */
type Promised = (step: Step, life: Life) => boolean | null

/** Plays random lives until the promise breaks. Returns how many steps touched it: a promise about nothing proves nothing. */
function always(kept: Promised): number {
  let touched = 0
  fc.assert(
    fc.property(anyLife, (moves) => {
      const life = new Life()
      for (const move of moves) {
        const step = play(life, move)
        const held = step === null ? null : kept(step, life)
        if (held === false) return false
        if (held === true) touched += 1
      }
      return true
    }),
    { numRuns: 400 },
  )
  return touched
}

/** Nothing but the version and the moment of the last look differs. */
function untouched({ before, after }: Step): boolean {
  const { version: _version, changedAt: _changedAt, ...rest } = before
  // That it was set again is remembered of a wish; it gives nobody anything.
  const again = after.wish?.again
  const wish = rest.wish === null || again === undefined ? rest.wish : { ...rest.wish, again }
  // And that it was told so is counted, so that we never talk without end.
  const { notices } = after
  return isDeepStrictEqual({ ...after, ...rest, wish, notices }, after)
}

/** A label set or a card moved; of what random histories tell, nothing else is a wish. */
const mayStart = ({ fact, permission }: Step): boolean =>
  (fact?.kind === 'label-added' || fact?.kind === 'card-moved') &&
  fact.actor?.kind === 'person' &&
  permission !== null &&
  mayWrite(permission)

const openActs = (life: Life, ...kinds: readonly string[]): readonly KeptAct[] =>
  [...life.acts.values()].filter(
    (act) =>
      act.status === 'open' && act.epoch === life.task.epoch && kinds.includes(act.detail.kind),
  )

const wanted = <Kind extends ActDetail['kind']>({ decided }: Step, kind: Kind) =>
  (decided?.acts ?? []).flatMap(({ detail }) => (isOf(detail, kind) ? [detail] : []))

const isOf = <Kind extends ActDetail['kind']>(
  detail: ActDetail,
  kind: Kind,
): detail is Extract<ActDetail, { kind: Kind }> => detail.kind === kind

/** Of what is said of a question, which one, and how often it was told before. */
const about = (notice: Notice, { attempts }: Task): string => {
  if (notice.kind === 'failed-alike') return `:${notice.attempt}`
  if (notice.kind === 'revision-failed') return `:${notice.head}:${attempts}`
  if (notice.kind === 'gate') {
    const { head, kind } = notice.gate
    return `:${head}${kind === 'secrets' ? ':secrets' : ''}`
  }
  if (!('question' in notice)) return ''
  const { n, reminders } = notice.question
  return `:Q${n}${notice.kind === 'reminder' ? `:${reminders}` : ''}`
}

describe('in any history', () => {
  it('comes to every kind of decision, so that what follows is not about nothing', () => {
    const states = new Set<string>()
    const events = new Set<string | undefined>()
    always(({ after, decided }) => {
      states.add(after.state.kind)
      events.add(decided?.ledger[0]?.event)
      return null
    })
    const stages = ['queued', 'running', 'publishing', 'in-review', 'retrying']
    expect(states).toEqual(new Set([...states, ...stages, 'done', 'failed', 'cancelled']))
    const turns = ['attempt.late', 'attempt.lost', 'attempt.provider-failed', 'push.late']
    expect(events).toEqual(new Set([...events, ...turns, 'pull.opened', 'task.requeued']))
  })

  it('leaves a terminal state only by the label or the card of a person who may write', () => {
    const times = always((step) => {
      const { before, after } = step
      if (!isTerminal(before.state) || after.state.kind === before.state.kind) return null
      return mayStart(step) && !isTerminal(after.state)
    })
    expect(times).toBeGreaterThan(200)
  })

  it('has no live task without a wish that names a person', () => {
    const times = always(({ after }) =>
      isTerminal(after.state) ? null : after.wish?.by.kind === 'person',
    )
    expect(times).toBeGreaterThan(200)
  })

  it('never lowers the epoch, and raises it with each wish, admission and withdrawal', () => {
    const times = always(({ before, after, fact, decided }) => {
      const withdrawn =
        decided?.ledger[0]?.event === 'task.cancelled' && fact?.kind !== 'pull-closed'
      const ended = isTerminal(after.state) && !isTerminal(before.state)
      const given = isRevising(before) && ended && fact?.kind !== 'attempt-ended'
      const raised = after.wish?.at !== before.wish?.at || withdrawn || given || fact === null
      return after.epoch === before.epoch + Number(raised)
    })
    expect(times).toBeGreaterThan(200)
  })

  it('has one attempt per task at most: a running task waits for exactly the one it names', () => {
    const times = always(({ after }, { live }) => {
      if (after.state.kind !== 'running') return null
      return live?.id === after.state.attempt && live.epoch === after.epoch
    })
    expect(times).toBeGreaterThan(200)
  })

  it('leaves no attempt behind that nobody waits for, and asks none to stop that nobody executes', () => {
    const times = always((_step, life) => {
      const { live, task } = life
      if (live === null) return null
      return live.stop === null ? task.state.kind === 'running' : live.runner !== null
    })
    expect(times).toBeGreaterThan(200)
  })

  it('never waits for something that will not come', () => {
    const times = always(({ after }, life) => {
      if (after.state.kind === 'publishing') return openActs(life, 'push', 'open-pull').length > 0
      if (after.state.kind === 'retrying') return openActs(life, 'wake').length > 0
      return null
    })
    expect(times).toBeGreaterThan(80)
  })

  it('counts only failures of the task’s own', () => {
    const times = always(({ before, after, fact }) => {
      if (after.failures <= before.failures) return null
      if (fact?.kind !== 'attempt-ended' || after.failures !== before.failures + 1) return false
      const { end } = fact.report
      // A handoff of nothing is a failure.
      return (
        ['completed', 'handoff'].includes(end.kind) ||
        (end.kind === 'failed' && !isProviderFailure(end.failure))
      )
    })
    expect(times).toBeGreaterThan(12)
  })

  it('takes a provider’s failure as nobody’s attempt, and lets its profile rest; a fault of the world rests the repository', () => {
    const times = always(({ before, after, fact, decided }) => {
      if (decided === null || decided.pause === null) return null
      const { scope, until } = decided.pause
      // In the line; or, while somebody holds it, where the line would take it from.
      const waits = after.state.kind === (after.hold === null ? 'queued' : 'held')
      const uncounted = after.failures === before.failures
      const end = fact?.kind === 'attempt-ended' ? fact.report.end : null
      const failure = end?.kind === 'failed' ? end.failure : null
      const limit = failure === 'rate' || failure === 'overload'
      const provider = limit ? 'limit:claude' : 'profile:claude'
      const rests = failure === 'world' ? `repo:${after.repo}` : provider
      return waits && uncounted && scope === rests && until !== null && until > after.changedAt
    })
    expect(times).toBeGreaterThan(3)
  })

  it('pushes nothing but a head with changed files and every check green', () => {
    const times = always((step) => {
      const { state, report: evidence, pushed } = step.after
      const [push] = wanted(step, 'push')
      if (push === undefined) return null
      const proven =
        evidence?.head === push.head && evidence.files.length > 0 && evidence.verify.every(passed)
      // A revision goes over the head that it was laid out on, whatever was pushed late since.
      const over = isRevising(step.after) ? step.after.revision?.head : pushed
      const aimed = push.branch === 'yardmaster/7' && push.expected === over
      return proven && aimed && state.kind === 'publishing'
    })
    expect(times).toBeGreaterThan(20)
  })

  it('opens a pull request only for the head that was pushed just before', () => {
    const times = always((step) => {
      const [opening] = wanted(step, 'open-pull')
      if (opening === undefined) return null
      const { fact, after } = step
      const pushed = fact?.kind === 'act-done' && fact.outcome.kind === 'pushed'
      return pushed && opening.head === after.pushed && opening.branch === 'yardmaster/7'
    })
    expect(times).toBeGreaterThan(12)
  })

  it('lets a report that came too late change nothing but the ledger', () => {
    const times = always((step) => {
      const { before, fact, decided } = step
      if (fact?.kind !== 'attempt-ended' || decided === null) return null
      const awaited =
        before.state.kind === 'running' &&
        before.state.attempt === fact.attempt &&
        before.epoch === fact.epoch
      if (awaited) return null
      const quiet = decided.acts.length === 0 && decided.surfaces.length === 0 && !decided.callOff
      return untouched(step) && quiet && decided.ledger[0]?.event === 'attempt.late'
    })
    expect(times).toBeGreaterThan(50)
  })

  it('says a kind of thing once per wish, and asks each question once, however often it happens', () => {
    const times = always((step, life) => {
      const [comment] = wanted(step, 'comment')
      if (comment === undefined) return null
      const same = [...life.acts.values()].filter(
        ({ detail, key }) =>
          detail.kind === 'comment' &&
          detail.notice.kind === comment.notice.kind &&
          key.endsWith(`:${step.after.wish?.at ?? 'none'}${about(comment.notice, step.after)}`),
      )
      return same.length === 1
    })
    expect(times).toBeGreaterThan(50)
  })

  it('names an act after what it does: one key is one thing', () => {
    const times = always(({ decided }, life) => {
      const [act] = decided?.acts ?? []
      if (act === undefined) return null
      const kept = life.acts.get(act.key)
      // A comment's key says what kind of thing is told, so the second telling keeps the words of the first.
      const alike = act.detail.kind === 'comment' || isDeepStrictEqual(kept?.detail, act.detail)
      return kept?.detail.kind === act.detail.kind && alike
    })
    expect(times).toBeGreaterThan(60)
  })

  it('lets a label of nobody with authority change nothing that was there before', () => {
    const times = always((step) => {
      if (step.fact?.kind !== 'label-added' || step.before.version === 0) return null
      return mayStart(step) ? null : untouched(step)
    })
    expect(times).toBeGreaterThan(3)
  })

  it('keeps a ledger that holds from its first entry to its last', () => {
    const lengths = new Set<number>()
    fc.assert(
      fc.property(anyLife, (moves) => {
        const life = new Life()
        for (const move of moves) play(life, move)
        lengths.add(life.ledger.length)
        return firstBroken(life.ledger) === null
      }),
      { numRuns: 200 },
    )
    expect(Math.max(...lengths)).toBeGreaterThan(12)
  })
})
