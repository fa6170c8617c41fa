/** Who wants to hear that facts became durable, here or in another process. A poke is a hint; a sweep catches what was missed. */
import type { Aggregate } from '../ports/store.ts'

export type Poke = (aggregate: Aggregate | null) => void

export interface Pokes {
  on(poke: Poke): () => void
  /** Null: something may have been missed, look everywhere. */
  fire(aggregates: readonly (Aggregate | null)[]): void
}

export function createPokes(): Pokes {
  const listeners = new Set<Poke>()
  return {
    on(poke) {
      listeners.add(poke)
      return () => listeners.delete(poke)
    },
    fire(aggregates) {
      for (const aggregate of new Set(aggregates)) for (const poke of listeners) poke(aggregate)
    },
  }
}
