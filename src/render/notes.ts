/** Small honest sentences that several surfaces share. */
import type { Usage } from '../domain/attempt.ts'

/** Nothing to say under a sandbox; without one it is said everywhere. */
export const jailNote = (kind: 'bwrap' | 'none'): readonly string[] =>
  kind === 'none' ? ['The agent and the checks run without a sandbox.'] : []

/** Unknown is said, never shown as zero. */
export function sayUsage({ tokens, cost }: Usage): string {
  const used = tokens === null ? 'tokens unknown' : `${tokens.toLocaleString('en-US')} tokens`
  const paid = cost === null ? 'cost unknown' : `$${cost.toFixed(2)}`
  return `Used: ${used}, ${paid}.`
}
