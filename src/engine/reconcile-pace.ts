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
/** Where no webhook tells of anything, a person waits for the next look. Milliseconds; a judgement. */
const POLL = 15_000
/** Of a repository in which nothing is open: its head, what changed, and what was said. */
const QUIET_PASS = 3
const HOUR = 3_600_000
/** GitHub's least, for an installation. */
const GRANTED = 5_000

/** What it comes to for one installation to be looked at without webhooks. */
export interface PollCost {
  readonly seconds: number
  readonly requestsAnHour: number
  /** Of what GitHub grants. */
  readonly percent: number
}

export function pollCost(repositories: number): PollCost {
  const rest = Math.max(POLL, repositories * QUIET_PASS * PER_REQUEST)
  const requestsAnHour = Math.round((repositories * QUIET_PASS * HOUR) / rest)
  const percent = Math.round((requestsAnHour / GRANTED) * 100)
  return { seconds: Math.round(rest / 1_000), requestsAnHour, percent }
}

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

interface Rest {
  readonly due: number
  readonly rest: number
  /** As it was when last looked at; nothing of one that is idle and need not be looked at soon. */
  readonly installation: InstallationId
  readonly asked: number
}

/** `poll`: no webhook tells of anything, so that an idle repository is looked at as soon as a busy one. */
export function createPace(poll = false): Pace {
  const rests = new Map<RepoId, Rest>()
  const soonest = poll ? POLL : BUSY
  return {
    isDue: (repo, now) => (rests.get(repo)?.due ?? now) <= now,
    looked(repositories, now) {
      const soon = (one: Looked): boolean => one.busy || poll
      for (const one of repositories) {
        const { id, installation } = one
        const former = rests.get(id) ?? { due: now, rest: BUSY / 2 }
        rests.set(id, { ...former, installation, asked: soon(one) ? one.asked : 0 })
      }
      // Those of an installation that were not due now are looked at as well until these are due again.
      const asked = new Map<InstallationId, number>()
      for (const { installation, asked: more } of rests.values())
        asked.set(installation, (asked.get(installation) ?? 0) + more)
      for (const one of repositories) {
        const { id, installation } = one
        const known = rests.get(id)
        if (known === undefined) continue
        const least = Math.max(soonest, (asked.get(installation) ?? 0) * PER_REQUEST)
        const rest = poll ? least : Math.min(one.busy ? least : known.rest * 2, IDLE_MAX)
        rests.set(id, { ...known, due: now + rest, rest })
      }
    },
    forget: (repo) => void rests.delete(repo),
    wait(now) {
      const dues = [...rests.values()].map(({ due }) => due - now)
      return Math.max(LEAST, Math.min(IDLE_MAX, ...dues, dues.length === 0 ? soonest : IDLE_MAX))
    },
  }
}
