/** Orders work inside this process: one at a time per key, or a few at a time in all. Other processes are kept out by the lock on the data folder. */

export type Queue = <T>(key: string, work: () => Promise<T>) => Promise<T>

/** Work of one key runs in the order of its calls; a failure does not stop what waits behind it. */
export function keyedQueue(): Queue {
  const tails = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const before = tails.get(key) ?? Promise.resolve()
    const mine = before.then(work, work)
    const tail = mine.catch(() => {})
    tails.set(key, tail)
    try {
      return await mine
    } finally {
      if (tails.get(key) === tail) tails.delete(key)
    }
  }
}

/** At most `width` at a time, first come first served. */
export function gate(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = width
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
