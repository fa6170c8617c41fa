/**
 * Why nothing starts somewhere: a provider or a repository rests until some moment, or people stopped a repository or
 * the whole yard until they resume it. A pause that has ended is remembered: what came before counts for no new one.
 */
import type { Instant, RepoId } from './ids.ts'

export interface Pause {
  /** What stands still; made by the functions below. One pause for each. */
  readonly scope: string
  /** Null: until somebody resumes. */
  readonly until: Instant | null
  readonly reason: string
  /** The login of the person; null: the operator on the host, or Yardmaster itself. */
  readonly by: string | null
  /** What runs is parked as well: stopped, its work kept. */
  readonly now: boolean
  /** The attempt whose end led to it; null: none did. */
  readonly cause: string | null
}

/** All repositories, by the operator's word. */
export const YARD = 'all'
/** The provider behind a profile is not well: it refuses the login, or cannot be reached. */
export const profileScope = (profile: string): string => `profile:${profile}`
/** The provider behind a profile is at its limit, or overloaded: another one may do. */
export const limitScope = (profile: string): string => `limit:${profile}`
/** What a repository needs is out of reach for a while. */
export const worldScope = (repo: RepoId): string => `repo:${repo}`
/** A repository that somebody stopped, or Yardmaster after failures that were alike: until somebody resumes it. */
export const holdScope = (repo: RepoId): string => `hold:${repo}`
/** All repositories, because a kill switch file exists; each data folder has its own. */
export const fileScope = (where: string): string => `file:${where}`

export const isOfYard = ({ scope }: Pick<Pause, 'scope'>): boolean =>
  scope === YARD || scope.startsWith('file:')

/** One that ends by itself. */
export const rest = (scope: string, until: Instant, reason: string): Pause => ({
  scope,
  until,
  reason,
  by: null,
  now: false,
  cause: null,
})

/** One that ends when somebody resumes. */
export const stop = (
  scope: string,
  why: Pick<Pause, 'reason'> & Partial<Pick<Pause, 'by' | 'now' | 'cause'>>,
): Pause => ({ scope, until: null, by: null, now: false, cause: null, ...why })

export const inEffect = ({ until }: Pick<Pause, 'until'>, now: Instant): boolean =>
  until === null || until > now

/** Whether work of that repository must stand still at once. */
export const parks = (pause: Pause, repo: RepoId, now: Instant): boolean =>
  pause.now && inEffect(pause, now) && (isOfYard(pause) || pause.scope === holdScope(repo))
