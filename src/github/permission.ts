/** Asks GitHub which role somebody holds on a repository. An error is thrown, never taken for an answer. */
import type { Actor, Permission } from '../domain/actor.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { Clock } from '../ports/clock.ts'
import { isMissing, type Client } from './client.ts'

/** At most this old; a judgement within the rule that authority is asked at that moment. */
const CACHE_MILLISECONDS = 60_000

const ROLES: ReadonlySet<string> = new Set<Permission>([
  'none',
  'read',
  'triage',
  'write',
  'maintain',
  'admin',
])
const isRole = (role: string): role is Permission => ROLES.has(role)

export type AskPermission = (repo: RepoRef, actor: Actor) => Promise<Permission>

export function createPermission(
  client: Client,
  clock: Clock,
  cacheMilliseconds = CACHE_MILLISECONDS,
): AskPermission {
  const known = new Map<string, { readonly role: Promise<Permission>; readonly at: number }>()

  function forgetOld(): void {
    for (const [key, { at }] of known)
      if (clock.monotonic() - at >= cacheMilliseconds) known.delete(key)
  }

  return async (repo, actor) => {
    forgetOld()
    // The login too: the person may have been renamed, and then the old name's answer is not theirs.
    const key = `${repo.id} ${actor.id} ${actor.login}`
    const held = known.get(key)
    if (held !== undefined) return await held.role
    const role = ask(client, repo, actor)
    known.set(key, { role, at: clock.monotonic() })
    role.catch(() => known.delete(key))
    return await role
  }
}

async function ask(client: Client, repo: RepoRef, actor: Actor): Promise<Permission> {
  try {
    const { data } = await client.on(repo, 'look').rest.repos.getCollaboratorPermissionLevel({
      owner: repo.owner,
      repo: repo.name,
      username: actor.login,
    })
    // A login can be given up and taken by somebody else (T14).
    if (data.user?.id !== actor.id) return 'none'
    if (isRole(data.role_name)) return data.role_name
    // A custom role: `permission` is the base role it builds on.
    return isRole(data.permission) ? data.permission : 'none'
  } catch (error) {
    if (isMissing(error)) return 'none'
    throw error
  }
}
