/** Facts about a repository itself: its address, its default branch, whether it may be served at all; and its board. */
import { decideRepository, freshRepository, readdressed } from '../domain/decide/repository.ts'
import type { Fact, RepoFact } from '../domain/fact.ts'
import type { Repository } from '../domain/repository.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import type { StoredFact } from '../ports/store.ts'
import type { EngineDeps } from './deps.ts'
import type { Heads } from './heads.ts'
import { isNudge, resolveCard } from './resolve-card.ts'

export function isRepoFact(fact: Fact): fact is RepoFact {
  return (
    fact.kind === 'branch-moved' ||
    fact.kind === 'repository-seen' ||
    fact.kind === 'repository-gone' ||
    fact.kind === 'card-nudged'
  )
}

export interface RepositoryHooks {
  readonly heads: Heads
  readonly policyOf: (config: string | null) => RepoPolicy
  readonly onChanged: (repository: Repository) => void
}

/** Applies the facts to the row and reads the head again where one of them says that it moved. */
export function createRepositoryDrain(
  deps: EngineDeps,
  { heads, policyOf, onChanged }: RepositoryHooks,
): (facts: readonly StoredFact[]) => Promise<void> {
  const { store, clock, log } = deps
  async function change(facts: readonly StoredFact[]): Promise<void> {
    const ref = facts.findLast((stored) => stored.repo !== null)?.repo ?? null
    const seqs = facts.map((stored) => stored.seq)
    if (ref === null || !deps.installations.serves(ref.id)) return store.consume(seqs)
    const row = await store.repositories.get(ref.id)
    let next = row === null ? freshRepository(ref, clock.now()) : readdressed(row, ref)
    for (const { fact } of facts) if (isRepoFact(fact)) next = decideRepository(next, fact)
    await store.repositories.save(next, seqs)
    if (next.gone === null && next.head === null) {
      // The rows are saved: when GitHub does not answer now, the reconciler reads the head later.
      next = await heads.refresh(next).catch((error: unknown) => {
        log.warn({ error, repo: next.id }, 'the default branch could not be read yet')
        return next
      })
    }
    onChanged(next)
  }
  return async (facts) => {
    const others = facts.filter(({ fact }) => !isNudge(fact))
    if (others.length > 0) await change(others)
    for (const { seq, key, fact } of facts)
      if (isNudge(fact)) await resolveCard({ seq, key, fact }, { deps, heads, policyOf })
  }
}
