/**
 * Reads files of a commit out of the mirror, where no agent writes: those by which a program could be made to run
 * something at its start, and single ones by name. Links are resolved within the commit, so that none is handed out.
 */
import { posix } from 'node:path'
import { Readable } from 'node:stream'
import type { RepoId, Sha } from '../domain/ids.ts'
import type { ApprovedFile } from '../ports/git.ts'
import { startEntry } from '../policy/start-files.ts'
import { gitFault } from './git-fault.ts'
import { mirrorPath, type Room } from './room.ts'
import type { GitResult } from './run.ts'

/** Of one file, and of all together, in bytes. Yarn's own program, which repositories carry, has 3 MiB. What is beyond is left out. */
const MAX_FILE = 8 * 1024 * 1024
const MAX_ALL = 64 * 1024 * 1024
const MAX_FILES = 5_000
/** A list of 100,000 files takes about 10 MiB. */
const MAX_LIST = 64 * 1024 * 1024
/** From link to link; Linux itself follows forty. */
const MAX_HOPS = 8
const MAX_STEPS = 20_000

interface Entry {
  readonly mode: string
  readonly id: string
  readonly size: number
}
type Tree = ReadonlyMap<string, Entry>

export async function approvedFiles(
  room: Room,
  repo: RepoId,
  commit: Sha,
): Promise<readonly ApprovedFile[]> {
  const tree = await listTree(room, repo, commit)
  const found = new Map<string, Entry>()
  let steps = 0
  for (const path of tree.keys()) if (startEntry(path) !== null) await take(path, path, MAX_HOPS)
  return await readBlobs(room, repo, found)

  /** `path` as it is handed out, `at` where its content is. */
  async function take(path: string, at: string, hops: number): Promise<void> {
    // Links to folders that hold links: what they unfold to has no end.
    steps += 1
    if (steps > MAX_STEPS) return
    const entry = tree.get(at)
    if (entry === undefined) {
      // A link to a folder: what lies in there.
      for (const below of tree.keys())
        if (below.startsWith(`${at}/`)) await take(path + below.slice(at.length), below, hops)
      return
    }
    if (entry.mode === LINK) {
      const target = hops === 0 ? null : await targetOf(room, repo, at, entry)
      if (target !== null && target !== at) await take(path, target, hops - 1)
      return
    }
    if (entry.mode !== SUBMODULE && entry.size <= MAX_FILE && found.size < MAX_FILES)
      found.set(path, entry)
  }
}

/** Null: there is no such file, or it is no text that can be read. */
export async function fileAt(
  room: Room,
  repo: RepoId,
  at: { readonly commit: Sha; readonly path: string },
): Promise<string | null> {
  const tree = await listTree(room, repo, at.commit, at.path)
  const entry = tree.get(at.path)
  if (entry === undefined || !entry.mode.startsWith('100') || entry.size > MAX_FILE) return null
  const [file] = await readBlobs(room, repo, new Map([[at.path, entry]]))
  return file === undefined ? null : Buffer.from(file.bytes).toString('utf8')
}

const LINK = '120000'
const SUBMODULE = '160000'
const RECORD = /^(\d{6}) \w+ ([0-9a-f]+) +(\d+|-)\t(.+)$/s

async function listTree(room: Room, repo: RepoId, commit: Sha, path?: string): Promise<Tree> {
  const result = await room.run({
    repository: mirrorPath(room, repo),
    args: [
      'ls-tree',
      '-r',
      '-z',
      '--long',
      '--full-tree',
      commit,
      ...(path === undefined ? [] : ['--', path]),
    ],
    maxBytes: MAX_LIST,
    hostile: true,
  })
  if (result.code !== 0) throw unread(result)
  const tree = new Map<string, Entry>()
  for (const record of result.stdout.toString('utf8').split('\0')) {
    const [, mode = '', id = '', size = '', name = ''] = RECORD.exec(record) ?? []
    if (name !== '') tree.set(name, { mode, id, size: Number(size) || 0 })
  }
  return tree
}

/** Null: out of the repository, or too long for a path. */
async function targetOf(
  room: Room,
  repo: RepoId,
  path: string,
  entry: Entry,
): Promise<string | null> {
  if (entry.size > 4096) return null
  const [file] = await readBlobs(room, repo, new Map([[path, entry]]))
  const target = Buffer.from(file?.bytes ?? []).toString('utf8')
  if (target === '' || target.startsWith('/')) return null
  const resolved = posix.join(posix.dirname(path), target).replace(/\/$/, '')
  return resolved === '.' || resolved.startsWith('..') ? null : resolved
}

async function readBlobs(
  room: Room,
  repo: RepoId,
  wanted: ReadonlyMap<string, Entry>,
): Promise<readonly ApprovedFile[]> {
  let left = MAX_ALL
  const chosen = [...wanted].filter(([, { size }]) => (left -= size) >= 0)
  if (chosen.length === 0) return []
  const result = await room.run({
    repository: mirrorPath(room, repo),
    args: ['cat-file', '--batch'],
    input: Readable.from([chosen.map(([, { id }]) => `${id}\n`).join('')]),
    maxBytes: MAX_ALL + MAX_FILES * 100,
    hostile: true,
  })
  if (result.code !== 0 || result.cut) throw unread(result)
  return parseBatch(result.stdout, chosen)
}

/** `<id> blob <size>`, a line end, the content, a line end; in the order in which it was asked. */
function parseBatch(
  output: Buffer,
  chosen: readonly (readonly [string, Entry])[],
): readonly ApprovedFile[] {
  const files: ApprovedFile[] = []
  let at = 0
  for (const [path, { mode, id, size }] of chosen) {
    const header = `${id} blob ${size}\n`
    if (output.subarray(at, at + header.length).toString() !== header)
      throw new Error(`git did not give ${path} as it was asked for`)
    at += header.length
    const bytes = new Uint8Array(output.subarray(at, at + size))
    files.push({ path, executable: mode === '100755', bytes })
    at += size + 1
  }
  return files
}

const unread = (result: GitResult): Error =>
  gitFault(result, { operation: 'read approved files', applied: 'no', otherwise: 'local' })
