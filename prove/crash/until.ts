/** Waiting for a condition, never for a time. */

/** Generous, because this runs beside others on shared cores; what goes right never waits for it. Milliseconds. */
const DEADLINE = 120_000

type Nothing = null | undefined | false

/** Gives what `look` finds first that is something; throws with `what` when that takes too long. */
export async function until<Value>(
  what: () => string,
  look: () => Promise<Value | Nothing> | Value | Nothing,
  deadline = DEADLINE,
): Promise<Value> {
  const end = performance.now() + deadline
  for (;;) {
    const value = await look()
    if (value !== null && value !== undefined && value !== false) return value
    if (performance.now() > end) throw new Error(`never happened: ${what()}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
