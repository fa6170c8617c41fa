/**
 * Writes the card of one task: adds it where it is missing, and sets all that differs in one request. Before that it
 * is read, because people move cards: one that lies where neither we nor a known person put it is left there until
 * the webhook that tells of the move has had its time, and goes back only then.
 */
import { hash } from 'node:crypto'
import { z } from 'zod'
import { keyOf, liesRight, sameColumn } from '../../domain/board.ts'
import type { BoardSettings, BoardTrouble } from '../../domain/board.ts'
import { later } from '../../domain/ids.ts'
import type { Instant } from '../../domain/ids.ts'
import { slug } from '../../domain/repository.ts'
import type { BoardAt, BoardField, BoardShape, Card, CardValues } from '../../ports/board.ts'
import type { Task, Wish } from '../../domain/task.ts'
import { WorldFault } from '../../ports/fault.ts'
import type { FaultKind } from '../../ports/fault.ts'
import type { ProjectionRow } from '../../ports/store.ts'
import { costOf } from '../../render/board.ts'
import { boardOf } from '../boards.ts'
import type { BoardMemory } from '../boards.ts'
import type { SurfaceDeps } from './surface-deps.ts'
import type { TaskView } from './view.ts'

/** What is remembered of the last write, in the row. */
export interface BoardWritten {
  readonly column: string | null
  /** Between these moments a person's move was overwritten by ours, if there was one. */
  readonly from: number
  readonly to: number
  /** The wish for which the card is left alone, because it was archived or taken off the board. */
  readonly off?: number
}

/** Webhooks come within seconds; GitHub promises nothing. Milliseconds; a judgement. */
const WEBHOOK_TIME = 60_000
const LOOK_AGAIN = { least: 1_000, most: 15_000 } as const

export async function writeBoard(
  row: ProjectionRow,
  view: TaskView,
  deps: SurfaceDeps,
): Promise<void> {
  const board = boardOf(view.repository, view.policy)
  const { task } = view
  const former = readWritten(row.written, task.wish)
  if (board === null || task.wish === null || former?.off !== undefined)
    return deps.store.projections.done(row, {
      hash: row.writtenHash ?? '',
      remoteId: row.remoteId,
      written: row.written,
    })
  try {
    await writeCard(row, view, { ...board, former, deps })
  } catch (error) {
    const trouble = troubleIn(error)
    if (trouble === null) throw error
    await report(view, trouble, deps)
    // Only people can mend it; whoever watches the boards looks again.
    await deps.store.projections.done(row, {
      hash: '',
      remoteId: row.remoteId,
      written: row.written,
    })
  }
}

interface Writing {
  readonly at: BoardAt
  readonly settings: BoardSettings
  readonly former: BoardWritten | null
  readonly deps: SurfaceDeps
}

async function writeCard(row: ProjectionRow, view: TaskView, writing: Writing): Promise<void> {
  const { at, settings, former, deps } = writing
  const { board, store, clock } = deps
  const { task } = view
  const shape = await board.shape(at)
  const from = clock.now()
  if (row.remoteId === null) await deps.begin(row)
  const item =
    row.remoteId === null ? await board.add(at, task.issue, deps.notAfter) : Number(row.remoteId)
  const remoteId = String(item)
  const card = await board.card(at, item)
  if (card === null || card.archived) return leaveAlone(row, view, { card, writing })

  const place = placeFor(view, card, { shape, former, settings, deps })
  const values = [...place.values, ...valuesFor(view, card, shape)]
  let set = true
  if (values.length > 0) {
    await deps.begin(row)
    set = await board.set(at, item, values, deps.notAfter)
  }
  if (!set) return leaveAlone(row, view, { card: null, writing })
  await report(view, place.trouble ?? remaining(deps.boards.troubleOf(task.repo), shape), deps)
  const own = place.values.length > 0
  const now: BoardWritten = own
    ? { column: place.column, from, to: clock.now() }
    : { column: card.column, from: former?.from ?? 0, to: former?.to ?? 0 }
  if (place.again !== null) {
    // What was written last stays remembered, so that the card counts as moved until it is decided.
    return store.projections.postpone(row, place.again, null)
  }
  await store.projections.done(row, {
    hash: hash('sha256', JSON.stringify(values)),
    remoteId,
    written: JSON.stringify(now),
  })
}

/** A card that people put away is theirs; a new wish brings it back. */
async function leaveAlone(
  row: ProjectionRow,
  view: TaskView,
  { card, writing }: { readonly card: Card | null; readonly writing: Writing },
): Promise<void> {
  const { deps, at } = writing
  // Throws when it is the board that is gone.
  await deps.board.shape(at, 'fresh')
  const { task } = view
  deps.log.info(
    { task: task.id, project: at.project, archived: card !== null },
    'somebody took the card off the board; it is left alone until there is a new wish',
  )
  const off: BoardWritten = { column: null, from: 0, to: 0, off: task.wish?.at ?? 0 }
  await deps.store.projections.done(row, {
    hash: '',
    remoteId: card === null ? null : row.remoteId,
    written: JSON.stringify(off),
  })
}

interface Place {
  readonly values: CardValues
  /** Where the card lies once the values are set. */
  readonly column: string | null
  /** When to look again, because somebody has moved it and nobody has told yet who. */
  readonly again: Instant | null
  readonly trouble: BoardTrouble | null
}

function placeFor(
  { task }: TaskView,
  card: Card,
  {
    shape,
    former,
    settings,
    deps,
  }: {
    readonly shape: BoardShape
    readonly former: BoardWritten | null
    readonly settings: BoardSettings
    readonly deps: SurfaceDeps
  },
): Place {
  const stays = { values: [], column: card.column, again: null, trouble: null }
  const { boards, clock } = deps
  if (shape.status === null) return { ...stays, trouble: { kind: 'no-status' } }
  if (liesRight(task, card.column, settings)) {
    boards.settled(task.id)
    return stays
  }
  const name = settings.columns[keyOf(task.state)]
  const option = [...shape.status.options].find(([label]) => sameColumn(label, name))
  // The backlog may have no column of its own.
  const backlog = keyOf(task.state) === 'backlog'
  if (option === undefined && !backlog)
    return { ...stays, trouble: { kind: 'no-columns', names: withKnown(name, boards, task) } }
  const told = task.card !== null && sameColumn(task.card.column, card.column)
  const ours = former === null || sameColumn(former.column, card.column)
  if (!told && !ours) {
    const since = boards.strayed(task.id, card.column, clock.monotonic())
    if (since < WEBHOOK_TIME) {
      const wait = Math.min(Math.max(since, LOOK_AGAIN.least), LOOK_AGAIN.most)
      return { ...stays, again: later(clock.now(), wait) }
    }
  }
  boards.settled(task.id)
  const value = option?.[1] ?? null
  return { ...stays, values: [{ field: shape.status.id, value }], column: option?.[0] ?? null }
}

function withKnown(name: string, boards: BoardMemory, { repo }: Task): readonly string[] {
  const known = boards.troubleOf(repo)
  const names = known?.kind === 'no-columns' ? known.names : []
  return names.includes(name) ? names : [...names, name]
}

/** Attempt, Agent, Wave and Cost as far as the board has them, where they say something else. */
function valuesFor({ attempts }: TaskView, card: Card, shape: BoardShape): CardValues {
  const last = attempts.at(-1)
  const wanted: readonly (readonly [BoardField | null, string | number | null])[] = [
    [shape.attempt, last?.n ?? null],
    [shape.agent, last?.profile ?? null],
    [shape.cost, costOf(attempts)],
  ]
  return wanted.flatMap(([field, given]) => {
    if (field === null) return []
    const value = given === null ? null : field.kind === 'text' ? String(given) : Number(given)
    if (Number.isNaN(value)) return []
    return (card.values.get(field.id) ?? null) === value ? [] : [{ field: field.id, value }]
  })
}

/** What another card met, and is still so: several cards must not take turns in telling of it. */
function remaining(known: BoardTrouble | null, { status }: BoardShape): BoardTrouble | null {
  if (known?.kind !== 'no-columns' || status === null) return null
  const options = [...status.options.keys()]
  const names = known.names.filter((name) => !options.some((one) => sameColumn(one, name)))
  return names.length === 0 ? null : { ...known, names }
}

/** Said once: in the log, and in the status comment of whichever task met it. */
async function report(
  { repository, task }: TaskView,
  trouble: BoardTrouble | null,
  { boards, log, store }: SurfaceDeps,
): Promise<void> {
  if (!boards.trouble(repository.id, trouble)) return
  const told = { repository: slug(repository), trouble }
  if (trouble === null) log.info(told, 'the board is well again')
  else log.warn(told, 'the board cannot show what it should; the labels do')
  await store.projections.touch(task.id, ['status'])
}

/** Null: it passes by itself, or is a bug of ours. */
function troubleIn(error: unknown): BoardTrouble | null {
  if (!(error instanceof WorldFault)) return null
  const lasting: readonly FaultKind[] = ['forbidden', 'not-found', 'gone', 'unauthorised']
  return lasting.includes(error.kind) ? { kind: 'unreadable', why: error.message } : null
}

const written = z.object({
  column: z.string().nullable(),
  from: z.number(),
  to: z.number(),
  off: z.number().optional(),
})

/** Null: nothing was written, or for a wish that is over the card was left alone. */
export function readWritten(text: string | null, wish: Wish | null): BoardWritten | null {
  const known = text === null ? null : (written.parse(JSON.parse(text)) as BoardWritten)
  return known?.off !== undefined && known.off !== wish?.at ? null : known
}
