/** The last look at work before it is pushed: what in it is a secret, or looks like one, in every commit that would leave. */
import type { Sha } from '../../domain/ids.ts'
import { LEAKS, mayPass } from '../../domain/leak.ts'
import type { Leak } from '../../domain/leak.ts'
import { mergeOf } from '../../domain/merge.ts'
import type { Task } from '../../domain/task.ts'
import { leaksIn, piecesOf } from '../../policy/secrets/outgoing.ts'
import type { EngineDeps } from '../deps.ts'

/** Bytes of added lines and messages; half a second of looking. More than that a person has to answer for. A judgement. */
const MOST = 8 * 1024 * 1024

export interface Going {
  readonly branch: string
  readonly head: Sha
  readonly base: Sha
  readonly paths: readonly string[]
}

/** What stands against the push; empty: nothing. `seen`: a person has let pass what only looks like a secret. */
export async function lookThrough(
  task: Task,
  going: Going,
  seen: boolean,
  { git, secrets, clock }: Pick<EngineDeps, 'git' | 'secrets' | 'clock'>,
): Promise<readonly Leak[]> {
  const { branch, head, base, paths } = going
  const onto = mergeOf(task)?.onto
  const without = onto === undefined ? [base] : [base, onto]
  const { text, cut } = await git.outgoing(task.id, { head, without, maxBytes: MOST })
  const words = JSON.stringify(task.report ?? '')
  const found = new Map<string, Leak>()
  if (cut) note(found, { where: { kind: 'too-much' }, name: 'a secret', live: false })
  for (const piece of piecesOf({ log: text, paths, branch, words })) {
    for (const leak of leaksIn(piece, secrets)) if (counts(leak)) note(found, leak)
    // A long look must not keep webhooks waiting.
    if (piece.text.length > BREATH) await clock.sleep(0)
    if (found.size > LEAKS) break
  }
  return [...found.values()].filter((leak) => !(seen && mayPass(leak)))
}

/** Characters after which others have their turn. */
const BREATH = 20_000

/** Of the agent's words what looks like a token is left out wherever they are shown; a secret of ours in them is an alarm. */
const counts = ({ where, live }: Leak): boolean => where.kind !== 'words' || live

const note = (found: Map<string, Leak>, leak: Leak): void =>
  void found.set(JSON.stringify([leak.where, leak.name]), leak)
