// Who may do what in a repository as a person. Apps are judged by permissions instead.
import { forbidden, notFound } from '../world/refusal.ts'
import type { Repository } from '../world/issue.ts'
import type { Role, User } from '../world/people.ts'
import { fullNameOf } from '../world/world.ts'

const RANK: Readonly<Record<Role | 'none', number>> = {
  none: 0,
  read: 1,
  triage: 2,
  write: 3,
  maintain: 4,
  admin: 5,
}

/** The role GitHub would name in `role_name`: everyone reads a public repository. */
export function roleOf(repo: Repository, user: User): Role | 'none' {
  if (repo.owner === user) return 'admin'
  if (repo.owner.members.get(user.id) === 'admin') return 'admin'
  const given = repo.collaborators.get(user.id)
  if (given !== undefined) return given
  if (repo.owner.members.has(user.id)) return 'read'
  return repo.private ? 'none' : 'read'
}

export function hasRole(role: Role | 'none', needed: Role): boolean {
  return RANK[role] >= RANK[needed]
}

/** Refuses with 404 who may not even see the repository, with 403 who may only look. */
export function requireRole(repo: Repository, user: User, needed: Role): void {
  const role = roleOf(repo, user)
  if (role === 'none') throw notFound()
  if (!hasRole(role, needed)) {
    throw forbidden(`${user.login} has role ${role} in ${fullNameOf(repo)} and needs ${needed}`)
  }
}
