/** Small honest sentences that several surfaces share. */
import type { AttemptReport, Usage } from '../domain/attempt.ts'
import type { JailKind } from '../domain/settings.ts'
import { count, dollars } from './budget.ts'
import { code } from './inline.ts'

/** Nothing to say under a sandbox; without one it is said everywhere. */
export const jailNote = (kind: JailKind): readonly string[] =>
  kind === 'none' ? ['The agent and the checks run without a sandbox.'] : []

/** Enough to see what is going on; a hostile agent could fill the comment. */
const DENIALS_SHOWN = 10

/** Where agent, setup and checks wanted to go and were not let. Names are of their choosing, so never more than code. */
export function deniedNote(
  report: Pick<AttemptReport, 'denied' | 'setup' | 'verify'>,
): readonly string[] {
  const commands = [...report.setup, ...report.verify].flatMap(({ denied }) => denied ?? [])
  const all = [...new Set([...(report.denied ?? []), ...commands])]
  if (all.length === 0) return []
  const shown = all.slice(0, DENIALS_SHOWN).map(code).join(', ')
  const more = all.length > DENIALS_SHOWN ? ` and ${all.length - DENIALS_SHOWN} more` : ''
  return [
    `Not let through by the network policy: ${shown}${more}. The operator can add hosts to \`allow\`.`,
  ]
}

/** Unknown is said, never shown as zero. */
export function sayUsage({ tokens, cost }: Usage): string {
  const used = tokens === null ? 'tokens unknown' : count(tokens)
  const paid = cost === null ? 'cost unknown' : dollars(cost)
  return `Used: ${used}, ${paid}.`
}
