// Who may fetch from or push to a repository over HTTP: installation tokens by their contents
// permission, people by their role, nobody by the repository being public.
import { allows, effective, reaches } from '../auth/permission.ts'
import { byToken } from '../auth/credential.ts'
import { hasRole, roleOf } from '../auth/role.ts'
import type { Token } from '../world/installation.ts'
import { Refusal } from '../world/refusal.ts'
import type { Actor } from '../world/app.ts'
import type { Repository } from '../world/issue.ts'
import { fullNameOf, type World } from '../world/world.ts'

export type GitCaller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly actor: Actor }
  | { readonly kind: 'token'; readonly actor: Actor; readonly token: Token }

/** From a Basic header; 401 when the password is wrong. */
export function gitCaller(world: World, header: string | undefined): GitCaller {
  if (header === undefined) return { kind: 'anonymous' }
  const [scheme = '', encoded = ''] = header.split(' ')
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  const login = text.slice(0, colon)
  const password = text.slice(colon + 1)
  if (scheme.toLowerCase() !== 'basic' || colon < 0) throw unauthorized()
  if (login === 'x-access-token') {
    const token = tokenOf(world, password)
    const { app } = token.installation
    return { kind: 'token', actor: { user: app.bot, app }, token }
  }
  const user = world.users.get(login.toLowerCase())
  if (user === undefined || user.type !== 'User' || user.password !== password) throw unauthorized()
  return { kind: 'user', actor: { user, app: null } }
}

/** The repository, or GitHub's refusal in the words that git prints. */
export function gitAccess(
  world: World,
  caller: GitCaller,
  given: { readonly fullName: string; readonly write: boolean },
): Repository {
  const repo = world.findRepository(given.fullName)
  if (repo === undefined || !mayRead(repo, caller)) {
    throw caller.kind === 'anonymous'
      ? unauthorized()
      : new Refusal(404, { message: 'Repository not found.' })
  }
  if (!given.write) {
    checkContents(world, caller, repo, false)
    return repo
  }
  if (caller.kind === 'anonymous') throw unauthorized()
  if (repo.archived) {
    throw new Refusal(403, { message: 'This repository was archived so it is read-only.' })
  }
  const { login } = caller.actor.user
  const denied = new Refusal(403, {
    message: `Permission to ${fullNameOf(repo)}.git denied to ${login}.`,
  })
  if (caller.kind === 'user' && !hasRole(roleOf(repo, caller.actor.user), 'write')) throw denied
  if (caller.kind === 'token' && !reaches(caller.token, repo)) throw denied
  if (!checkContents(world, caller, repo, true)) throw denied
  return repo
}

export function unauthorized(): Refusal {
  const message =
    'Invalid username or token. Password authentication is not supported for Git operations.'
  return new Refusal(401, { message }, { 'www-authenticate': 'Basic realm="GitHub"' })
}

function tokenOf(world: World, text: string): Token {
  try {
    const credential = byToken(world, text)
    if (credential.kind === 'installation') return credential.token
  } catch (error) {
    if (error instanceof Refusal && error.status === 403) throw error
  }
  throw unauthorized()
}

function mayRead(repo: Repository, caller: GitCaller): boolean {
  if (!repo.private) return true
  if (caller.kind === 'anonymous') return false
  if (caller.kind === 'token') return reaches(caller.token, repo)
  return roleOf(repo, caller.actor.user) !== 'none'
}

function checkContents(world: World, caller: GitCaller, repo: Repository, write: boolean): boolean {
  if (caller.kind !== 'token') return true
  if (!write && !repo.private) return true
  const need = write ? 'contents:write' : 'contents:read'
  if (allows(effective(caller.token), need)) return true
  world.violate(
    'permission',
    `git ${write ? 'push to' : 'fetch from'} ${fullNameOf(repo)}`,
    `needs ${need}`,
  )
  if (!write) throw new Refusal(403, { message: 'Write access to repository not granted.' })
  return false
}
