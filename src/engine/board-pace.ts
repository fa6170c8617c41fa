/** How long boards are left alone between two looks, so that looking stays within a twentieth of the hour's budget. */
import type { InstallationId } from '../domain/ids.ts'

/** Often enough for what is only the net under the webhooks. Milliseconds; a judgement. */
const LEAST = 120_000
/** A twentieth of the least that GitHub grants, 5,000 requests an hour, are 250: one in 14.4 seconds. */
const PER_REQUEST = 3_600_000 / (5_000 * 0.05)

/** `looks`: what each board cost in the last pass, whether or not GitHub charged it (unchanged answers are free). Milliseconds. */
export function boardRest(
  looks: readonly { readonly installation: InstallationId; readonly requests: number }[],
): number {
  const sums = Map.groupBy(looks, ({ installation }) => installation)
  const dearest = [...sums.values()].map((each) =>
    each.reduce((sum, { requests }) => sum + requests, 0),
  )
  return Math.max(LEAST, ...dearest.map((requests) => requests * PER_REQUEST))
}
