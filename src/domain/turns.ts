/**
 * Whose turn it is. Slots go round between repositories, within a repository between the people who labelled, and
 * among one person's tasks to the one that has waited longest; priority goes before all of it. Who is passed over
 * gains on the others as time goes by, so that nobody starves.
 */
import type { Instant, RepoId } from './ids.ts'
import type { Task } from './task.ts'

/** What is known of the slots that were given out before. */
export interface Turns {
  readonly now: Instant
  /** One entry per live attempt; `actor` is the id of the person who labelled. */
  readonly live: readonly { readonly repo: RepoId; readonly actor: number | null }[]
  /** When a repository's person was last given a slot, for the last 24 hours. */
  readonly served: readonly Served[]
}

export interface Served {
  readonly repo: RepoId
  readonly actor: number | null
  readonly last: Instant
}

/** Being passed over this long is worth a step of priority: half of an attempt's hour. Milliseconds; a judgement. */
export const PATIENCE = 30 * 60_000
/**
 * Among one person's tasks in one repository it takes longer: what was labelled in the evening must not go before
 * what they called urgent in the morning. Milliseconds; a judgement.
 */
export const OWN_PATIENCE = 24 * 3_600_000

interface Entry {
  readonly task: Task
}

/** Those who take turns: a repository, or a person in one. */
interface Group<One extends Entry> {
  /** In its own order. */
  readonly line: readonly One[]
  readonly live: number
  /** Null: not within the last 24 hours. */
  readonly last: Instant | null
}

/** Each repository's line, in the order in which its tasks go. */
export function linesOf<One extends Entry>(
  entries: readonly One[],
  turns: Turns,
): readonly (readonly One[])[] {
  const known = groupOf<One>(turns, personIn)
  const lines = [...Map.groupBy(entries, ({ task }) => task.repo).values()]
  return lines.map((line) => {
    const people = Map.groupBy(line, ({ task }) => personIn(ofTask(task)))
    return goRound(
      [...people].map(([key, own]) => known(key, own.toSorted(ownOrder(turns.now)))),
      turns.now,
    )
  })
}

/** All repositories' lines as one; each keeps its order. */
export function inTurn<One extends Entry>(
  lines: readonly (readonly One[])[],
  turns: Turns,
): readonly One[] {
  const known = groupOf<One>(turns, ({ repo }) => String(repo))
  return goRound(
    lines.flatMap((line) =>
      line[0] === undefined ? [] : [known(String(line[0].task.repo), line)],
    ),
    turns.now,
  )
}

type Slot = Omit<Served, 'last'>
const personIn = ({ repo, actor }: Slot): string => `${repo} ${actor}`
const ofTask = (task: Task): Slot => ({ repo: task.repo, actor: task.wish?.by.id ?? null })

function groupOf<One extends Entry>(
  { live, served }: Turns,
  keyOf: (slot: Slot) => string,
): (key: string, line: readonly One[]) => Group<One> {
  const counts = new Map<string, number>()
  for (const slot of live) counts.set(keyOf(slot), (counts.get(keyOf(slot)) ?? 0) + 1)
  const lasts = new Map<string, Instant>()
  for (const slot of served) {
    const before = lasts.get(keyOf(slot))
    if (before === undefined || slot.last > before) lasts.set(keyOf(slot), slot.last)
  }
  return (key, line) => ({ line, live: counts.get(key) ?? 0, last: lasts.get(key) ?? null })
}

interface Placed<One extends Entry> {
  readonly one: One
  readonly urgency: number
  /** How many slots its group has, or has been promised, before it. */
  readonly round: number
  readonly last: number
}

/** Fewest slots first, then least recently served, then who has waited longest. */
function goRound<One extends Entry>(groups: readonly Group<One>[], now: Instant): readonly One[] {
  return groups
    .flatMap((group) => placed(group, now))
    .toSorted(
      (a, b) =>
        b.urgency - a.urgency ||
        a.round - b.round ||
        a.last - b.last ||
        byAge(a.one.task, b.one.task),
    )
    .map(({ one }) => one)
}

/** A group's first task carries the urgency of all behind it, and of the time for which the group was passed over. */
function placed<One extends Entry>(
  { line, live, last }: Group<One>,
  now: Instant,
): readonly Placed<One>[] {
  let urgency = -Infinity
  return line
    .map((one, index) => ({ one, round: live + index, last: last ?? 0 }))
    .toReversed()
    .map((place) => {
      urgency = Math.max(urgency, place.one.task.priority)
      const passedOver = now - Math.max(since(place.one.task), place.last)
      return {
        ...place,
        urgency: urgency + (place.round === live ? steps(passedOver, PATIENCE) : 0),
      }
    })
}

const ownOrder =
  (now: Instant) =>
  (a: Entry, b: Entry): number =>
    aged(b.task, now) - aged(a.task, now) || byAge(a.task, b.task)

const aged = (task: Task, now: Instant): number =>
  task.priority + steps(now - since(task), OWN_PATIENCE)

/** A clock that was set back counts for nothing. */
const steps = (milliseconds: number, each: number): number =>
  Math.max(0, Math.floor(milliseconds / each))

const since = (task: Task): Instant => task.wish?.at ?? task.createdAt

/** The older wish, then the lower number, then the id, so that two passes agree. */
function byAge(a: Task, b: Task): number {
  const age = since(a) - since(b) || a.number - b.number
  if (age !== 0) return age
  return a.id < b.id ? -1 : 1
}
