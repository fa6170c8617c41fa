/** Who wants to hear that something became durable, here or in another process. A poke is a hint; a sweep catches what was missed. */

/** `inbox`: facts of an aggregate. `act`: some are wanted. `attempt`: one was admitted, must stop, or has ended; `runner`: one came or changed. `request`: asked or answered. `pace`: an installation's page and its version. */
export type Topic = 'inbox' | 'act' | 'attempt' | 'runner' | 'request' | 'pace'
const TOPICS: readonly Topic[] = ['inbox', 'act', 'attempt', 'runner', 'request', 'pace']

/** What it is about; null: something may have been missed, look everywhere. */
export type Poke = (about: string | null) => void

export interface Pokes {
  on(topic: Topic, poke: Poke): () => void
  fire(topic: Topic, about: readonly (string | null)[]): void
  /** Something of any topic may have been missed. */
  missed(): void
}

export function createPokes(): Pokes {
  const listeners = new Map<Topic, Set<Poke>>(TOPICS.map((topic) => [topic, new Set()]))
  const fire: Pokes['fire'] = (topic, about) => {
    for (const each of new Set(about)) for (const poke of listeners.get(topic) ?? []) poke(each)
  }
  return {
    on(topic, poke) {
      listeners.get(topic)?.add(poke)
      return () => listeners.get(topic)?.delete(poke)
    },
    fire,
    missed() {
      for (const topic of TOPICS) fire(topic, [null])
    },
  }
}
