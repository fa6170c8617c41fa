/** A store under test, with a way to stop it, look at or spoil its tables from outside, and start it again. */
import type { Clock } from '../../src/ports/clock.ts'
import type { Log } from '../../src/ports/log.ts'
import type { Store } from '../../src/ports/store.ts'
import { systemClock } from '../../src/system/clock.ts'

export interface Bench {
  readonly store: Store
  /** Closes, runs one statement on the bare database, opens again, by another clock if given. Returns the rows. */
  restart(statement?: string, clock?: Clock): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

/** Filled by `beforeAll`, read by the stories. */
export type Give = () => Bench

/** The database apart from the store: what a bench needs to be made of. */
export interface Bare {
  open(clock: Clock): Promise<Store>
  query(statement: string): Promise<readonly Record<string, unknown>[]>
  remove(): Promise<void>
}

export async function setUp(bare: Bare): Promise<Bench> {
  let store = await bare.open(systemClock)
  return {
    get store() {
      return store
    },
    async restart(statement, clock = systemClock) {
      await store.close()
      const rows = statement === undefined ? [] : await bare.query(statement)
      store = await bare.open(clock)
      return rows
    },
    async close() {
      await store.close()
      await bare.remove()
    },
  }
}

/** Only faults are shown: a test's output is for what went wrong. */
export const quiet: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: (fields, message) => console.error(message, fields),
}
