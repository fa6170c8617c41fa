// Who calls: an App by its JWT, an installation by a token, or nobody. Wrong credentials are 401
// with GitHub's wording.
import { verify } from 'node:crypto'
import type { Actor, App } from '../world/app.ts'
import type { Installation, PersonToken, Token } from '../world/installation.ts'
import { forbidden, Refusal } from '../world/refusal.ts'
import type { World } from '../world/world.ts'

export type Credential =
  | { readonly kind: 'app'; readonly app: App }
  | { readonly kind: 'installation'; readonly installation: Installation; readonly token: Token }
  | { readonly kind: 'person'; readonly token: PersonToken }
  | { readonly kind: 'anonymous' }

const MAX_JWT_SECONDS = 600
// GitHub tolerates some drift of clocks for `iat`.
const CLOCK_DRIFT_SECONDS = 60

export function authenticate(world: World, header: string | undefined): Credential {
  if (header === undefined || header === '') return { kind: 'anonymous' }
  const [scheme = '', secret = ''] = header.split(' ')
  const kind = scheme.toLowerCase()
  if (kind === 'bearer' && secret.split('.').length === 3 && !secret.startsWith('gh')) {
    return { kind: 'app', app: appOfJwt(world, secret) }
  }
  const person = world.personTokens.get(secret)
  if (person !== undefined) return { kind: 'person', token: person }
  if (kind === 'bearer' || kind === 'token') return byToken(world, secret)
  throw badCredentials()
}

export function badCredentials(message = 'Bad credentials'): Refusal {
  return new Refusal(401, { message })
}

/** The valid token of this text, or 401; 403 while its installation is suspended. */
export function byToken(world: World, text: string): Credential {
  const token = world.tokens.get(text)
  if (token === undefined || token.expiresAt <= world.now()) throw badCredentials()
  if (!world.installations.has(token.installation.id)) throw badCredentials()
  if (token.installation.suspendedAt !== null)
    throw forbidden('This installation has been suspended')
  return { kind: 'installation', installation: token.installation, token }
}

/** Whose rate limits a call counts against. */
export function limitKey(credential: Credential): string {
  if (credential.kind === 'installation') return `installation ID ${credential.installation.id}`
  if (credential.kind === 'person') return `user ID ${credential.token.user.id}`
  return credential.kind === 'app' ? `app ID ${credential.app.id}` : 'anonymous'
}

/** In whose name a call changes things. */
export function actorOf(credential: Credential): Actor {
  if (credential.kind === 'person') return { user: credential.token.user, app: null }
  if (credential.kind !== 'installation') throw forbidden('Resource not accessible by integration')
  const { app } = credential.installation
  return { user: app.bot, app }
}

function appOfJwt(world: World, jwt: string): App {
  const [head = '', body = '', signature = ''] = jwt.split('.')
  const header = decode(head)
  const claims = decode(body)
  const issuer = String(claims['iss'])
  const app = [...world.apps.values()].find(
    (one) => String(one.id) === issuer || one.clientId === issuer,
  )
  if (header['alg'] !== 'RS256') throw badCredentials('A JSON web token could not be decoded')
  if (app === undefined) throw new Refusal(404, { message: 'Integration not found' })
  const signed = Buffer.from(`${head}.${body}`)
  if (!verify('RSA-SHA256', signed, app.publicKey, Buffer.from(signature, 'base64url'))) {
    throw badCredentials('A JSON web token could not be decoded')
  }
  const now = Math.floor(world.now() / 1000)
  const issued = Number(claims['iat'])
  const expires = Number(claims['exp'])
  if (!Number.isInteger(issued) || !Number.isInteger(expires)) {
    throw badCredentials(
      "'Issued at' claim ('iat') and 'Expiration time' claim ('exp') must be integers",
    )
  }
  if (issued > now + CLOCK_DRIFT_SECONDS) {
    throw badCredentials(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    )
  }
  if (expires <= now) {
    throw badCredentials(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    )
  }
  if (
    expires > now + MAX_JWT_SECONDS + CLOCK_DRIFT_SECONDS ||
    expires - issued > MAX_JWT_SECONDS + CLOCK_DRIFT_SECONDS
  ) {
    throw badCredentials("'Expiration time' claim ('exp') is too far in the future")
  }
  return app
}

function decode(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Falls through to the same refusal as a token that is JSON but no object.
  }
  throw badCredentials('A JSON web token could not be decoded')
}
