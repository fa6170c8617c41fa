/** Facts about a repository itself: its address, its default branch, whether it may be served at all. */
import { decideRepository, freshRepository, readdressed } from '../domain/decide/repository.ts'
import type { Fact, RepoFact } from '../domain/fact.ts'
import type { Repository } from '../domain/repository.ts'
import type { StoredFact } from '../ports/store.ts'
import type { EngineDeps } from './deps.ts'
import type { Heads } from './heads.ts'

export function isRepoFact(fact: Fact): fact is RepoFact {
  return (
    fact.kind === 'branch-moved' ||
    fact.kind === 'repository-seen' ||
    fact.kind === 'repository-gone'
  )
}

/** Applies the facts to the row and reads the head again where one of them says that it moved. */
export function createRepositoryDrain(
  deps: EngineDeps,
  heads: Heads,
  onChanged: (repository: Repository) => void,
): (facts: readonly StoredFact[]) => Promise<void> {
  const { store, clock, log } = deps
  return async (facts) => {
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
}
