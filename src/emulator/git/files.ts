// Reads and writes files in a bare repository without a checkout.
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { remembered } from './memo.ts'
import { git, gitBytes } from './run-git.ts'

export type Entry = {
  readonly mode: string
  readonly type: 'blob' | 'tree' | 'commit'
  readonly sha: string
  readonly size: number
  readonly path: string
}

/** What is at `path` of a commit: its own entry, or `null` when there is nothing. */
export async function entryAt(dir: string, commit: string, path: string): Promise<Entry | null> {
  if (path === '') {
    const sha = await git(dir, ['rev-parse', `${commit}^{tree}`])
    return { mode: '040000', type: 'tree', sha, size: 0, path: '' }
  }
  return remembered({ dir, what: `entry ${path}`, ids: [commit] }, async () => {
    const [entry] = await lsTree(dir, [commit, '--', path])
    return entry ?? null
  })
}

/** The entries of one directory (`''` for the root) of a commit or tree. */
export async function entriesIn(
  dir: string,
  commit: string,
  path: string,
): Promise<readonly Entry[]> {
  return lsTree(dir, path === '' ? [commit] : [commit, '--', `${path}/`])
}

export async function readBlob(dir: string, sha: string): Promise<Buffer> {
  return remembered({ dir, what: 'blob', ids: [sha] }, async () => {
    const { stdout } = await gitBytes(dir, ['cat-file', 'blob', sha])
    return stdout
  })
}

export type FileChange = string | Buffer | null

/**
 * The tree that results from writing `files` over `base` (`null`: over nothing). A value of `null`
 * deletes the file. Existing modes are kept.
 */
export async function writeTree(
  dir: string,
  base: string | null,
  files: Readonly<Record<string, FileChange>>,
): Promise<string> {
  const index = join(dir, `index-${randomUUID()}`)
  const env = { GIT_INDEX_FILE: index }
  try {
    const modes = new Map<string, string>()
    if (base !== null) {
      await git(dir, ['read-tree', base], { env })
      const known = await lsTree(dir, ['-r', base, '--', ...Object.keys(files)])
      for (const entry of known) modes.set(entry.path, entry.mode)
    }
    const lines: string[] = []
    for (const [path, content] of Object.entries(files)) {
      if (content === null) {
        lines.push(`0 ${'0'.repeat(40)}\t${path}`)
        continue
      }
      const sha = await git(dir, ['hash-object', '-w', '--stdin'], { input: content })
      lines.push(`${modes.get(path) ?? '100644'} ${sha}\t${path}`)
    }
    await git(dir, ['update-index', '-z', '--index-info'], { env, input: `${lines.join('\0')}\0` })
    return await git(dir, ['write-tree'], { env })
  } finally {
    await rm(index, { force: true })
  }
}

/** The tree of a folder's files, modes and links kept, without what its .gitignore names. */
export async function treeOfFolder(dir: string, folder: string): Promise<string> {
  const index = join(dir, `index-${randomUUID()}`)
  const env = { GIT_INDEX_FILE: index, GIT_DIR: dir, GIT_WORK_TREE: folder }
  try {
    await git(folder, ['add', '--all', '.'], { env })
    return await git(folder, ['write-tree'], { env })
  } finally {
    await rm(index, { force: true })
  }
}

async function lsTree(dir: string, args: readonly string[]): Promise<readonly Entry[]> {
  const text = await git(dir, ['ls-tree', '-z', '-l', '--full-tree', ...args])
  return text
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t')
      const [mode = '', type = '', sha = '', size = ''] = line.slice(0, tab).split(/ +/)
      return { mode, type: typeOf(type), sha, size: Number(size) || 0, path: line.slice(tab + 1) }
    })
}

function typeOf(text: string): Entry['type'] {
  if (text === 'blob' || text === 'tree' || text === 'commit') return text
  throw new Error(`git ls-tree spoke of a ${text}`)
}
