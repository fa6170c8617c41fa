/**
 * Project boards. An App reads and writes those of organisations; those of people only their own tokens. Every method
 * may throw `WorldFault`: `forbidden` without the permission for projects, `not-found` where no such board can be read.
 */
import type { Deadline } from '../domain/deadline.ts'
import type { Instant, IssueId } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'

export interface BoardAt {
  /** The account that owns it. */
  readonly owner: string
  /** Its number there. */
  readonly project: number
  /** One of the repositories that name it: whose installation asks. */
  readonly repo: RepoRef
}

export type BoardFieldKind = 'single_select' | 'text' | 'number'

export interface BoardField {
  readonly id: number
  readonly kind: BoardFieldKind
}

/** The fields that Yardmaster fills; null: there is none of that name and kind. */
export interface BoardShape {
  readonly status:
    | (BoardField & {
        /** By their names, in the order of the columns. */
        readonly options: ReadonlyMap<string, string>
      })
    | null
  readonly attempt: BoardField | null
  readonly agent: BoardField | null
  readonly wave: BoardField | null
  readonly cost: BoardField | null
}

export interface Card {
  /** Of the item. */
  readonly id: number
  /** The name of the column; null: none. */
  readonly column: string | null
  /** By the ids of the fields. */
  readonly values: ReadonlyMap<number, string | number>
  readonly archived: boolean
  readonly changedAt: Instant
  /** Null: no issue, or one that cannot be seen. */
  readonly issue: {
    readonly id: IssueId
    readonly number: number
    readonly owner: string
    readonly repository: string
  } | null
}

/** Of a single select field the id of an option; null clears. */
export type CardValues = readonly {
  readonly field: number
  readonly value: string | number | null
}[]

export interface Cards {
  readonly cards: readonly Card[]
  /** What reading them cost of the hour's budget. */
  readonly requests: number
  /** There are more than were read. */
  readonly more: boolean
}

export interface Board {
  /** Remembered for ten minutes, unless `fresh`. */
  shape(at: BoardAt, fresh?: 'fresh'): Promise<BoardShape>
  /** The id of the issue's item; one that is there already stays as it is. */
  add(at: BoardAt, issue: IssueId, notAfter: Deadline): Promise<number>
  /** As it is now. Null: there is none (any more). */
  card(at: BoardAt, item: number): Promise<Card | null>
  /** Those that are not archived and not in the column `but`. */
  cards(at: BoardAt, but: string | null): Promise<Cards>
  /** All in one request. False: the item is gone or archived. */
  set(at: BoardAt, item: number, values: CardValues, notAfter: Deadline): Promise<boolean>
}
