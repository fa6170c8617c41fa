/** What the rooms of the store share. */
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Db } from './database.ts'
import type { Announce } from './listen.ts'
import type { Pokes } from './pokes.ts'
import type { Queue } from './queue.ts'

export interface Parts {
  readonly db: Db
  readonly queue: Queue
  readonly clock: Clock
  readonly log: Log
  readonly pokes: Pokes
  /** Tells other processes, when the transaction commits. Null where there are no others. */
  readonly announce: Announce | null
  /** Milliseconds after which an append gives up; 8,000 unless a test says otherwise. */
  readonly appendDeadline: number
}

/** What rooms need that write neither acts nor, by themselves, facts. */
export type Bare = Omit<Parts, 'queue' | 'appendDeadline'>
