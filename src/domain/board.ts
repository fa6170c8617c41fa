/**
 * A project board as queue and status view: which column shows which state, and which wish it is when a person puts a
 * card into one. Columns are known by their names, as people see and rename them; case does not count.
 */
import type { CommandName } from './command.ts'
import { isTerminal } from './task.ts'
import type { Task, TaskState } from './task.ts'

/** The keys of the labels, and `backlog`: where a card lies that nobody wants worked. */
export const COLUMN_KEYS = [
  'backlog',
  'queued',
  'working',
  'needs-answer',
  'needs-approval',
  'needs-review',
  'held',
  'failed',
  'done',
] as const
export type ColumnKey = (typeof COLUMN_KEYS)[number]

/** What GitHub calls the columns of a new project, and names in the same manner for the others. */
export const COLUMN_NAMES: Readonly<Record<ColumnKey, string>> = {
  backlog: 'Backlog',
  queued: 'Todo',
  working: 'In Progress',
  'needs-answer': 'Needs answer',
  'needs-approval': 'Needs approval',
  'needs-review': 'In Review',
  held: 'On hold',
  failed: 'Failed',
  done: 'Done',
}

export interface BoardSettings {
  /** Of the account that owns the repository. */
  readonly project: number
  readonly columns: Readonly<Record<ColumnKey, string>>
}

const OF_STATE: Readonly<Record<TaskState['kind'], ColumnKey>> = {
  blocked: 'queued',
  queued: 'queued',
  retrying: 'queued',
  running: 'working',
  publishing: 'working',
  parked: 'needs-answer',
  gated: 'needs-approval',
  'in-review': 'needs-review',
  held: 'held',
  failed: 'failed',
  done: 'done',
  cancelled: 'backlog',
}

export const keyOf = ({ kind }: Pick<TaskState, 'kind'>): ColumnKey => OF_STATE[kind]

export const sameColumn = (a: string | null, b: string | null): boolean =>
  a === b || (a !== null && b !== null && a.toLowerCase() === b.toLowerCase())

/** Several keys may share a column; one of another name has none. No column is as good as the backlog. */
export function keysOf(
  column: string | null,
  { columns }: Pick<BoardSettings, 'columns'>,
): readonly ColumnKey[] {
  if (column === null) return ['backlog']
  return COLUMN_KEYS.filter((key) => sameColumn(columns[key], column))
}

/** Where a person puts what they do not want worked any more. */
const ASIDE: readonly ColumnKey[] = ['backlog', 'done']

export const liesAside = (column: string | null, board: BoardSettings): boolean =>
  keysOf(column, board).some((key) => ASIDE.includes(key))

/** Whether the card may stay where it lies. What has ended stays where a person who may has put it aside. */
export function liesRight(
  task: Pick<Task, 'state' | 'card'>,
  column: string | null,
  board: BoardSettings,
): boolean {
  const keys = keysOf(column, board)
  if (keys.includes(keyOf(task.state))) return true
  const { card, state } = task
  if (card === null || !card.obeyed || !sameColumn(card.column, column)) return false
  return isTerminal(state) && liesAside(column, board)
}

export type CardWish = Extract<CommandName, 'run' | 'unhold' | 'hold' | 'cancel'>

/** What putting the card there asks for. `stay`: it may simply lie there. Null: the column is Yardmaster's to fill. */
export function wishOfMove(
  task: Pick<Task, 'state' | 'wish' | 'hold'>,
  column: string | null,
  board: BoardSettings,
): CardWish | 'stay' | null {
  const keys = keysOf(column, board)
  const known = task.wish !== null
  if (known && !isTerminal(task.state) && keys.includes(keyOf(task.state))) return 'stay'
  if (keys.includes('queued')) return task.hold === null ? 'run' : 'unhold'
  if (liesAside(column, board)) return known && !isTerminal(task.state) ? 'cancel' : 'stay'
  if (!known) return 'stay'
  return keys.includes('held') ? 'hold' : null
}

/** Why a board cannot show what it should. Work goes on without it; the labels show the same. */
export type BoardTrouble =
  /** No such project can be read: it is closed to the App, deleted, or a person's. */
  | { readonly kind: 'unreadable'; readonly why: string }
  | { readonly kind: 'no-status' }
  /** The field Status has no options of these names. */
  | { readonly kind: 'no-columns'; readonly names: readonly string[] }
