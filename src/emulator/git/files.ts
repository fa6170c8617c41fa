// Reads files of a bare repository without a checkout, and takes a folder's files in.
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
