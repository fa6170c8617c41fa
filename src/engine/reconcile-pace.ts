/**
 * When each repository is looked at again: one with open work each minute, an idle one ever more seldom, and all of an
 * installation so seldom that looking takes no more than a tenth of what GitHub grants it in an hour.
 */
import type { InstallationId, RepoId } from '../domain/ids.ts'

/** Every minute while work is open (design §2: 60–120 s), backing off to ten when nothing is. Milliseconds. */
const BUSY = 60_000
const IDLE_MAX = 600_000
const LEAST = 1_000
/** A tenth of GitHub's 5,000 requests an hour are 500: one in 7.2 seconds. */
const PER_REQUEST = 7_200

export interface Looked {
  readonly id: RepoId
  readonly installation: InstallationId
  /** Open work, a first look that is still to come, or a look that broke off. */
  readonly busy: boolean
  readonly asked: number
}

export interface Pace {
  isDue(repo: RepoId, now: number): boolean
  /** After a pass over those that were due. */
  looked(repositories: readonly Looked[], now: number): void
  /** One that is gone, or served no more, is due no more. */
  forget(repo: RepoId): void
  /** Milliseconds until the next one is due: at least a second, so that what nobody looks at makes no loop hot. */
  wait(now: number): number
}

export function createPace(): Pace {
  const rests = new Map<RepoId, { readonly due: number; readonly rest: number }>()
  return {
    isDue: (repo, now) => (rests.get(repo)?.due ?? now) <= now,
    looked(repositories, now) {
      const asked = new Map<InstallationId, number>()
      for (const { installation, busy, asked: more } of repositories)
        if (busy) asked.set(installation, (asked.get(installation) ?? 0) + more)
      for (const { id, installation, busy } of repositories) {
        const least = Math.max(BUSY, (asked.get(installation) ?? 0) * PER_REQUEST)
        const former = rests.get(id)?.rest ?? BUSY / 2
        const rest = Math.min(busy ? least : former * 2, IDLE_MAX)
        rests.set(id, { due: now + rest, rest })
      }
    },
    forget: (repo) => void rests.delete(repo),
    wait(now) {
      const dues = [...rests.values()].map(({ due }) => due - now)
      return Math.max(LEAST, Math.min(IDLE_MAX, ...dues, dues.length === 0 ? BUSY : IDLE_MAX))
    },
  }
}
