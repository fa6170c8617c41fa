/** How long to wait before trying again. */
import type { ProviderFailure } from './attempt.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** Doubles with each failure, from `firstSeconds` up to `maxSeconds`. Milliseconds. */
export function backoff(
  failures: number,
  limits: { readonly firstSeconds: number; readonly maxSeconds: number },
): number {
  const doubled = limits.firstSeconds * 2 ** Math.min(Math.max(failures - 1, 0), 30)
  return Math.min(doubled, limits.maxSeconds) * SECOND
}

/**
 * How long a profile rests when its provider did not say. Judgements: a login does not mend itself within
 * minutes, a usage window is seldom shorter than a quarter of an hour, an overload and a lost line often are.
 */
export const PROVIDER_REST: Readonly<Record<ProviderFailure, number>> = {
  auth: 10 * MINUTE,
  rate: 15 * MINUTE,
  overload: 2 * MINUTE,
  network: MINUTE,
  // Whoever installs it need not wait long; what is found missing before the start is seen at once.
  program: 5 * MINUTE,
}

/**
 * No act and no surface rests longer for the world's sake: the hour for which GitHub may tell to wait, twice. A moment
 * further off was written by a clock that was wrong, and is not waited for. Milliseconds.
 */
export const LONGEST_REST = 2 * 60 * MINUTE

/** How long a repository rests after a fault that passes by itself, and after one that a person must mend. */
export const WORLD_REST = { passing: MINUTE, lasting: 10 * MINUTE } as const
