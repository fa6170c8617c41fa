/** What of a visit breaks a promise. */
import type { Visit } from './visit.ts'

/** `allowed`: the port that the list lets through, and only by the proxy. Empty: nothing was broken. */
export function violations(
  { findings, tried, outcome, place }: Visit,
  allowed: number,
  { hits }: { readonly hits: number },
): readonly string[] {
  const right = (reached: string): boolean =>
    reached.startsWith(`http 127.0.0.1:${allowed} `) ||
    reached.startsWith(`connect 127.0.0.1:${allowed} `)
  const { worktree, repository, exchange, home } = place
  const places = [worktree, repository, exchange, home, '/tmp', '/run', '/dev/shm']
  const broken = [
    ...findings.seen.map((where) => `a secret was seen: ${where}`),
    ...findings.sockets.map((path) => `a socket answered: ${path}`),
    ...findings.reached.filter((one) => !right(one)).map((one) => `reached: ${one}`),
    ...findings.written
      .filter((folder) => !places.some((own) => folder === own || folder.startsWith(`${own}/`)))
      .map((folder) => `a file could be left in ${folder}`),
    ...findings.met.map((folder) => `another task's file was found: ${folder}`),
  ]
  if (hits > 0) broken.push(`listeners outside were met ${hits} times`)
  const through = findings.reached.filter(right).length
  if (through !== 2) broken.push(`of the two ways to what is allowed ${through} worked`)
  // A refusal of ours, not a lack of network: 502 would mean that it was tried.
  const refused = (findings.proxy['http 403'] ?? 0) + (findings.proxy['connect 403'] ?? 0)
  const other = 2 * tried.length - refused
  if (other > 0)
    broken.push(`${other} requests were not refused: ${JSON.stringify(findings.proxy)}`)
  if (outcome.kind === 'failed' && outcome.failure !== 'no-result')
    broken.push(`the agent ended as ${outcome.failure}: ${outcome.error}`)
  if ((outcome.denied?.length ?? 0) === 0) broken.push('no refusal was told')
  return broken
}
