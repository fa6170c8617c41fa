// What a token may do: permission by permission, and in which repositories.
import type { Level, Permissions } from '../world/app.ts'
import type { Installation, Token } from '../world/installation.ts'
import type { Repository } from '../world/issue.ts'

/** `issues:read`; the lowest level that suffices. */
export type Need = `${string}:${Level}`

const RANK: Readonly<Record<Level, number>> = { read: 1, write: 2, admin: 3 }

export function allows(permissions: Permissions, need: Need): boolean {
  const [name = '', level = 'read'] = need.split(':')
  const held = permissions[name]
  return held !== undefined && RANK[held] >= RANK[levelOf(level)]
}

export function atMost(held: Level | undefined, wanted: Level): boolean {
  return held !== undefined && RANK[wanted] <= RANK[held]
}

/** Whether the installation covers the repository at all. */
export function covers(installation: Installation, repo: Repository): boolean {
  if (installation.selection === 'all') return repo.owner === installation.account
  return installation.repositories.has(repo)
}

/** Whether the token reaches the repository: covered, and not narrowed away. */
export function reaches(token: Token, repo: Repository): boolean {
  return covers(token.installation, repo) && (token.repositories?.has(repo) ?? true)
}

/** What a token may do now: its own permissions, as far as the installation still holds them. */
export function effective(token: Token): Permissions {
  const now = token.installation.permissions
  return Object.fromEntries(
    Object.entries(token.permissions).filter(([name, level]) => atMost(now[name], level)),
  )
}

function levelOf(text: string): Level {
  return text === 'admin' || text === 'write' ? text : 'read'
}
