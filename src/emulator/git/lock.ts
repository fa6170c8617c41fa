// One writer at a time per repository: a push or merge reads refs, changes them and compares.

const tails = new WeakMap<object, Promise<unknown>>()

/** Runs `work` after all earlier work under the same key has ended, well or badly. */
export async function locked<T>(key: object, work: () => Promise<T>): Promise<T> {
  const before = tails.get(key) ?? Promise.resolve()
  const mine = before.then(work, work)
  tails.set(
    key,
    mine.catch(() => {}),
  )
  return mine
}
