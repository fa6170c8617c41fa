/** What a fact comes to for a repository's row. */
import type { RepoFact } from '../fact.ts'
import type { Instant } from '../ids.ts'
import { UNNAMED_BRANCH } from '../repository.ts'
import type { RepoRef, Repository } from '../repository.ts'

/** The row of a repository of which nothing is known but its address. */
export function freshRepository(ref: RepoRef, now: Instant): Repository {
  return {
    ...ref,
    firstSeen: now,
    head: null,
    config: null,
    cursor: null,
    gone: null,
    foundLabelled: [],
  }
}

/**
 * A new address (renamed, moved) replaces the old one; what was read stays. Another default branch is a reason to read
 * again, and no more where one is known: the fact may be late, and older than what was read.
 */
export function readdressed(row: Repository, ref: RepoRef): Repository {
  const told = ref.defaultBranch === UNNAMED_BRANCH ? row.defaultBranch : ref.defaultBranch
  const moved = told !== row.defaultBranch
  const same =
    row.owner === ref.owner &&
    row.name === ref.name &&
    row.installation === ref.installation &&
    !moved
  if (same) return row
  const known = row.defaultBranch === UNNAMED_BRANCH ? told : row.defaultBranch
  return { ...row, ...ref, defaultBranch: known, ...(moved ? { head: null, config: null } : {}) }
}

export function decideRepository(row: Repository, fact: RepoFact): Repository {
  switch (fact.kind) {
    case 'repository-seen':
      return { ...row, gone: null }
    case 'repository-gone':
      return { ...row, gone: fact.reason }
    case 'branch-moved':
      // The head alone says that settings and base are to be read again; only a read sets them together.
      return row.head === fact.head ? row : { ...row, head: null, config: null }
    // Of a task, which is found by reading the card.
    case 'card-nudged':
      return row
    default:
      return fact satisfies never
  }
}
