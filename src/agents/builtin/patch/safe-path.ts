/** Which paths of an issue may be written: files inside the worktree, reached through real folders only, and never git's own. */
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'

/** Null: fine. Otherwise why not, to follow the path's name. */
export function refusePath(path: string): string | null {
  if (path === '' || path.length > 1024) return 'is no usable path'
  if (/[\p{Cc}\\]/u.test(path))
    return 'holds a backslash or a control character; write it with slashes'
  if (/^(\/|~|[a-z]:)/i.test(path)) return 'is not relative to the repository'
  const segments = path.split('/')
  if (segments.includes('..')) return 'leads out of the repository'
  if (segments.includes('') || segments.includes('.')) return 'is not a plain path of a file'
  if (segments.some((segment) => Buffer.byteLength(segment) > 255)) return 'is too long'
  if (segments.some((segment) => segment.toLowerCase() === '.git'))
    return "belongs to git's own files"
  return null
}

/** `./a/b` is `a/b`. */
export const tidyPath = (path: string): string => path.trim().replace(/^(\.\/+)+/, '')

export type Standing =
  | { readonly kind: 'file'; readonly mode: number; readonly size: number }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly why: string }

/** What is at a path that `refusePath` let through. No link is followed, neither at its end nor on the way. */
export async function lookAt(worktree: string, path: string): Promise<Standing> {
  const segments = path.split('/')
  let current = worktree
  for (const [index, segment] of segments.entries()) {
    current = join(current, segment)
    const last = index === segments.length - 1
    const stat = await lstat(current).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (stat === null) return { kind: 'absent' }
    if (stat.isSymbolicLink())
      return refused(`${segments.slice(0, index + 1).join('/')} is a symbolic link`)
    if (last && stat.isFile()) return { kind: 'file', mode: stat.mode & 0o777, size: stat.size }
    if (last) return refused(stat.isDirectory() ? 'it is a folder' : 'it is no regular file')
    if (!stat.isDirectory())
      return refused(`${segments.slice(0, index + 1).join('/')} is a file, not a folder`)
  }
  return { kind: 'absent' }
}

const refused = (why: string): Standing => ({ kind: 'refused', why })
