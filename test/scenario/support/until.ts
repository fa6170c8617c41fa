/** Waiting for a condition, never for a time. */
import { vi } from 'vitest'

/** Generous, because stories run beside others on shared cores; a story that goes right never waits for it. */
const DEADLINE = 60_000
vi.setConfig({ testTimeout: DEADLINE * 2, hookTimeout: DEADLINE * 2 })

type Nothing = null | undefined | false

/** Gives what `look` finds first that is something. */
export async function until<Value>(
  what: string,
  look: () => Promise<Value | Nothing> | Value | Nothing,
): Promise<Value> {
  const end = Date.now() + DEADLINE
  for (;;) {
    const value = await look()
    if (value !== null && value !== undefined && value !== false) return value
    if (Date.now() > end) throw new Error(`never happened: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
