/** Time that passes only when everybody waits: a day takes seconds, and every wait is real to those who wait. */
import { setImmediate as everythingElse } from 'node:timers/promises'

interface Timer {
  readonly at: number
  readonly wake: () => void
}

export class VirtualTime {
  elapsed = 0
  #timers: Timer[] = []

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = { at: this.elapsed + Math.max(0, milliseconds), wake: resolve }
      this.#insert(timer)
      signal?.addEventListener('abort', () => {
        const index = this.#timers.indexOf(timer)
        if (index !== -1) this.#timers.splice(index, 1)
        resolve()
      })
    })
  }

  /** Lets time pass until nobody waits any more, or until that moment. */
  async run(until: number): Promise<void> {
    for (;;) {
      await everythingElse()
      const next = this.#timers.at(-1)
      if (next === undefined || next.at > until) return
      this.elapsed = Math.max(this.elapsed, next.at)
      while (this.#timers.at(-1)?.at === next.at) this.#timers.pop()?.wake()
    }
  }

  /** The earliest last; of the same moment, the first come last. */
  #insert(timer: Timer): void {
    let [low, high] = [0, this.#timers.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#timers[middle]?.at ?? 0) > timer.at) low = middle + 1
      else high = middle
    }
    this.#timers.splice(low, 0, timer)
  }
}

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
