/**
 * A board's webhook names neither repository nor issue, so the card is read, and what was told of it becomes a fact of
 * the issue's own. Until that is durable the first fact stays in the inbox.
 */
import type { Fact, RepoFact } from '../domain/fact.ts'
import { taskId } from '../domain/ids.ts'
import type { Repository } from '../domain/repository.ts'
import { slug } from '../domain/repository.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import { WorldFault, isPassing } from '../ports/fault.ts'
import type { NewFact, StoredFact } from '../ports/store.ts'
import { boardOf } from './boards.ts'
import type { EngineDeps } from './deps.ts'
import type { Heads } from './heads.ts'

export type Nudge = Extract<RepoFact, { kind: 'card-nudged' }>
export const isNudge = (fact: Fact): fact is Nudge => fact.kind === 'card-nudged'

type Stored = Pick<StoredFact, 'seq' | 'key'> & { readonly fact: Nudge }

interface Known {
  readonly deps: EngineDeps
  readonly heads: Heads
  readonly policyOf: (config: string | null) => RepoPolicy
}

export async function resolveCard({ seq, key, fact }: Stored, known: Known): Promise<void> {
  const { store, log } = known.deps
  const found = await resolve(fact, known).catch((error: unknown) => {
    if (!(error instanceof WorldFault) || isPassing(error)) throw error
    log.warn({ error, card: fact.card }, 'a moved card cannot be read; it starts nothing')
    return null
  })
  if (found !== null) await store.append([{ ...found, key: `card:${key}` }])
  await store.consume([seq])
}

async function resolve(
  { card, to, actor, at }: Nudge,
  { deps, heads, policyOf }: Known,
): Promise<Omit<NewFact, 'key'> | null> {
  const { store, board, tracker, installations } = deps
  const ofOwner = (await store.repositories.all()).filter(
    ({ id, gone, owner }) =>
      gone === null && installations.serves(id) && owner.toLowerCase() === card.owner.toLowerCase(),
  )
  // Just after a push nobody has read which board it names.
  const repositories = await Promise.all(
    ofOwner.map(async (one) => (one.head === null ? await heads.refresh(one) : one)),
  )
  const names = (one: Repository): boolean =>
    boardOf(one, policyOf(one.config))?.at.project === card.project
  const carrier = repositories.find(names)
  if (carrier === undefined) return null
  const lying = await board.card({ ...card, repo: carrier }, card.item)
  const issue = lying?.issue ?? null
  if (issue === null) return null
  const home = `${issue.owner}/${issue.repository}`.toLowerCase()
  const repo = repositories.find((one) => slug(one).toLowerCase() === home)
  if (repo === undefined || !names(repo)) return null
  const shown = await tracker.issue(repo, issue.number)
  if (shown === null || shown === 'gone' || shown.issue.id !== issue.id) return null
  return {
    source: 'github',
    aggregate: `task:${taskId(repo.id, issue.id)}`,
    repo,
    fact: { kind: 'card-moved', card, to, actor, issue: shown.issue, at },
  }
}
