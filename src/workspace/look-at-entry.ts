/** What stands at a path in an agent's worktree, by plain file calls that follow no link. Nobody else may be at work there. */
import { createHash } from 'node:crypto'
import { constants, lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export type Seen =
  | { readonly kind: 'file'; readonly size: number; readonly executable: boolean }
  | { readonly kind: 'link' }
  /** A pipe, a device: nothing that git would keep. */
  | { readonly kind: 'other' }

/** A file as it was put: enough to tell whether it was changed since. */
export interface Put {
  readonly path: string
  readonly size: number
  readonly executable: boolean
  readonly sha256: string
}

/** More is nobody's settings. */
const MAX_SEEN = 20_000

/** By their paths from `root`; empty: nothing is there. Null: more than can be looked at. Folders are seen by what is in them. */
export async function lookAt(
  root: string,
  path: string,
): Promise<ReadonlyMap<string, Seen> | null> {
  const seen = new Map<string, Seen>()
  const waiting = [path]
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    if (seen.size + waiting.length > MAX_SEEN) return null
    const found = await lstat(join(root, at)).catch(absent)
    // A name that is no text, or a folder that cannot be read: something is there.
    if (found === null) {
      if (at !== path) seen.set(at, { kind: 'other' })
    } else if (found.isDirectory()) {
      const names = await readdir(join(root, at)).catch(absent)
      if (names === null) seen.set(at, { kind: 'other' })
      for (const name of names ?? []) waiting.push(`${at}/${name}`)
    } else if (found.isSymbolicLink()) seen.set(at, { kind: 'link' })
    else if (!found.isFile()) seen.set(at, { kind: 'other' })
    else
      seen.set(at, {
        kind: 'file',
        size: found.size,
        executable: (found.mode & 0o100) !== 0,
      })
  }
  return seen
}

/** Whether all that stands there is what was put, and nothing else. */
export async function isAsPut(
  root: string,
  seen: ReadonlyMap<string, Seen> | null,
  put: readonly Put[],
): Promise<boolean> {
  if (seen === null || seen.size !== put.length) return false
  for (const one of put) if (!(await isSame(root, seen.get(one.path), one))) return false
  return true
}

export async function isSame(root: string, seen: Seen | undefined, put: Put): Promise<boolean> {
  if (seen?.kind !== 'file' || seen.size !== put.size || seen.executable !== put.executable)
    return false
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const file = await open(join(root, put.path), flags).catch(absent)
  if (file === null) return false
  try {
    const bytes = Buffer.alloc(put.size)
    const { bytesRead } = await file.read(bytes, 0, put.size, 0)
    return bytesRead === put.size && digest(bytes) === put.sha256
  } finally {
    await file.close()
  }
}

export const digest = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

export async function isFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(absent)
  return found?.isDirectory() === true
}

/** Whether `below` is a folder, and each one on the way from `root` is, too, and no link. */
export async function isWithin(root: string, below: string): Promise<boolean> {
  let at = root
  for (const part of below.split('/').filter((each) => each !== '' && each !== '.')) {
    if (!(await isFolder(at))) return false
    at = join(at, part)
  }
  return await isFolder(at)
}

/** What cannot be read is for the programs that start there as good as absent. */
export function absent(error: unknown): null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENXIO', 'ENAMETOOLONG'].includes(code)) return null
  throw error
}
