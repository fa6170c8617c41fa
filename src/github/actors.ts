/** Who did something, from whatever shape GitHub shows people in. Only a `User` is a person (T5). */
import type { Actor } from '../domain/actor.ts'

export interface Account {
  readonly id: number
  readonly login: string
  readonly type: string
}

export const actorOf = (account: Account): Actor => ({
  id: account.id,
  login: account.login,
  kind: account.type === 'User' && !account.login.endsWith('[bot]') ? 'person' : 'bot',
})

/** Null for accounts that were deleted. */
export const actorOrNull = (account: Account | null | undefined): Actor | null =>
  account === null || account === undefined ? null : actorOf(account)
