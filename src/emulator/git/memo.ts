// Remembers what git said of objects, which can never change: each spawn costs 3 to 5 ms on two
// shared cores, and one pull request asks the same things several times.

const LIMIT = 2_000
const MAX_BYTES = 1024 * 1024
const known = new Map<string, Promise<unknown>>()
const FULL_ID = /^[0-9a-f]{40}$/

/** `ids` must be full object ids for the answer to be kept; with a ref name it is asked anew. */
export async function remembered<T>(
  given: { readonly dir: string; readonly what: string; readonly ids: readonly string[] },
  ask: () => Promise<T>,
): Promise<T> {
  if (!given.ids.every((id) => FULL_ID.test(id))) return ask()
  const key = `${given.dir}\0${given.what}\0${given.ids.join(' ')}`
  const found = known.get(key)
  if (found !== undefined) return found as Promise<T>
  const asked = ask()
  if (known.size >= LIMIT) known.clear()
  known.set(key, asked)
  // A failure is no property of the objects (they may be pushed yet), and large files are not kept.
  const forget = (): boolean => known.delete(key)
  asked.then((value) => Buffer.isBuffer(value) && value.length > MAX_BYTES && forget(), forget)
  return asked
}
