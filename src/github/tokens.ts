/**
 * Installation tokens: each for one repository and one set of permissions (T15), kept until five
 * minutes before it expires, asked for once however many want it, never written anywhere.
 */
import { instant, type InstallationId, type Instant, type RepoId } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'

export type Permissions = Readonly<Record<string, 'read' | 'write'>>

export interface Scope {
  readonly installation: InstallationId
  /** Null: every repository of the installation, for listing them. */
  readonly repo: RepoId | null
  readonly permissions: Permissions
}

export interface Minted {
  readonly token: string
  readonly expiresAt: Instant
}

export interface Tokens {
  get(scope: Scope): Promise<string>
  /** The token was answered with 401. True: a fresh one may be tried; false: one was tried within the last minute. */
  renew(scope: Scope, refused: string): boolean
  /** Minted moments ago: GitHub's replicas may not know the token, or its permissions, yet. */
  isFresh(scope: Scope, token: string): boolean
}

interface Entry {
  readonly minted: Promise<Minted>
  /** Null while it is being minted. */
  expiresAt: Instant | null
  token: string | null
  /** Monotonic. */
  mintedAt: number
}

const MARGIN = 5 * 60_000
// A judgement: at most one extra mint per scope and minute, so that lost credentials make no hot loop (F9).
const RENEWAL_GAP = 60_000
/** A judgement: how long GitHub's replicas are given to know a new token; lags of one to three seconds are reported. Milliseconds. */
export const REPLICATION = 2_000
// Octokit's own strategy allows as much for replication (auth-app.js#65, #589).
const FRESH = 5_000

export function createTokens(options: {
  readonly clock: Clock
  readonly mint: (scope: Scope) => Promise<Minted>
}): Tokens {
  const { clock, mint } = options
  const entries = new Map<string, Entry>()
  const renewedAt = new Map<string, number>()

  async function get(scope: Scope): Promise<string> {
    const key = keyOf(scope)
    const held = entries.get(key)
    if (held !== undefined && (held.expiresAt === null || held.expiresAt - MARGIN > clock.now()))
      return (await held.minted).token
    const entry: Entry = { minted: mint(scope), expiresAt: null, token: null, mintedAt: 0 }
    entries.set(key, entry)
    try {
      const { token, expiresAt } = await entry.minted
      entry.token = token
      entry.mintedAt = clock.monotonic()
      entry.expiresAt = instant(expiresAt)
      return token
    } catch (error) {
      if (entries.get(key) === entry) entries.delete(key)
      throw error
    }
  }

  function renew(scope: Scope, refused: string): boolean {
    const key = keyOf(scope)
    const held = entries.get(key)
    // Another request met the 401 first and a newer token is there or under way.
    if (held !== undefined && held.token !== refused) return true
    const last = renewedAt.get(key)
    if (last !== undefined && clock.monotonic() - last < RENEWAL_GAP) return false
    renewedAt.set(key, clock.monotonic())
    entries.delete(key)
    return true
  }

  function isFresh(scope: Scope, token: string): boolean {
    const held = entries.get(keyOf(scope))
    return held?.token === token && clock.monotonic() - held.mintedAt < FRESH
  }

  return { get, renew, isFresh }
}

const keyOf = (scope: Scope): string =>
  [
    scope.installation,
    scope.repo ?? '*',
    ...Object.entries(scope.permissions)
      .map(([name, level]) => `${name}=${level}`)
      .sort(),
  ].join(' ')

/** One that a person made: nothing renews it. */
export const onlyToken = (token: string): Tokens => ({
  get: async () => token,
  renew: () => false,
  isFresh: () => false,
})
