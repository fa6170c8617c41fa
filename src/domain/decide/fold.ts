/** Several changes to one task, one after another, as one decision: each with its own entry in the ledger. */
import type { ActDetail } from '../act.ts'
import type { LedgerDraft } from '../ledger.ts'
import type { Surface } from '../projection.ts'
import { MATTERS } from './command/obey.ts'
import { saying } from './command/outcome.ts'
import type { Order } from './command/outcome.ts'
import { decision, whileHeld } from './decision.ts'
import type { Change, Decision, Subject, World } from './decision.ts'

export interface Folding {
  /** As the changes so far leave it. */
  readonly subject: Subject
  readonly before: Subject
  readonly changes: readonly Change[]
  readonly ledger: readonly LedgerDraft[]
}

interface Step {
  readonly order: Order
  /** Of the comment, counted from 1: with it this command is named once and for all. */
  readonly line: number
}

export const begin = (subject: Subject): Folding => ({
  subject,
  before: subject,
  changes: [],
  ledger: [],
})

export function fold(
  { subject, before, changes, ledger }: Folding,
  step: Step & { readonly change: Change },
  world: World,
): Folding {
  const { change } = step
  const task = whileHeld({ ...subject.task, ...change.next, ...heard(subject, step.order) })
  const attempt = change.attempt ?? null
  const ended = attempt !== null && 'ended' in attempt
  return {
    subject: { task, live: ended ? null : subject.live },
    before,
    changes: [...changes, change],
    ledger: [
      ...ledger,
      {
        event: change.event,
        why: change.why,
        by: change.by ?? null,
        at: world.now,
        data: { state: task.state.kind, ...placeOf(step), ...change.data },
      },
    ],
  }
}

/** That it was heard stands; otherwise an older word would be obeyed after it. */
export function foldRefusal(
  folding: Folding,
  step: Step & { readonly why: string },
  world: World,
): Folding {
  const { by } = step.order
  const why = `${saying(step.order)}, and it was refused: ${step.why}`
  const change: Change = { event: 'command.refused', why, by: by.login, surfaces: [] }
  return fold(folding, { ...step, change }, world)
}

function heard({ task }: Subject, { command, word }: Order) {
  const matter = MATTERS[command.kind]
  const known = matter === undefined ? undefined : task.heard[matter]
  if (matter === undefined || (known !== undefined && known.at > word.at)) return {}
  return { heard: { ...task.heard, [matter]: word } }
}

const placeOf = ({ order, line }: Step) =>
  order.spoken === null
    ? { route: order.route }
    : { route: order.route, comment: order.spoken.id, line }

/** `otherwise` is recorded when nothing at all was carried out or refused. */
export function folded(
  { before, subject, changes, ledger }: Folding,
  rest: { readonly acts: readonly ActDetail[]; readonly otherwise: Change },
  world: World,
): Decision {
  const last = changes.at(-1) ?? rest.otherwise
  const merged: Change = {
    event: last.event,
    why: last.why,
    by: last.by ?? null,
    data: last.data ?? {},
    next: subject.task,
    acts: [...actsOf(changes), ...rest.acts],
    ...surfacesOf(changes.length === 0 ? [rest.otherwise] : changes),
    ...lastOf(changes, 'snapshot'),
    ...lastOf(changes, 'attempt'),
    ...pauseOf(changes),
    callOff: changes.some(({ callOff }) => callOff === true),
  }
  const decided = decision(before, world, merged)
  return ledger.length === 0 ? decided : { ...decided, ledger }
}

/** What a later change calls off never begins. */
const actsOf = (changes: readonly Change[]): readonly ActDetail[] =>
  changes
    .slice(changes.findLastIndex(({ callOff }) => callOff === true))
    .flatMap(({ acts }) => acts ?? [])

/** One that says nothing of surfaces means those that every change shows on. */
function surfacesOf(changes: readonly Change[]): { readonly surfaces?: readonly Surface[] } {
  if (changes.some(({ surfaces }) => surfaces === undefined)) return {}
  return { surfaces: [...new Set(changes.flatMap(({ surfaces }) => surfaces ?? []))] }
}

/** Both change one row: the later word stands. */
function pauseOf(changes: readonly Change[]): Pick<Change, 'pause' | 'resume'> {
  const { pause, resume } =
    changes.findLast((one) => one.pause !== undefined || one.resume !== undefined) ?? {}
  return { ...(pause === undefined ? {} : { pause }), ...(resume === undefined ? {} : { resume }) }
}

function lastOf<Key extends 'snapshot' | 'attempt'>(
  changes: readonly Change[],
  key: Key,
): Partial<Pick<Change, Key>> {
  const found = changes.findLast((change) => change[key] !== undefined)
  return found === undefined ? {} : ({ [key]: found[key] } as Partial<Pick<Change, Key>>)
}
