/**
 * PGlite's files, made durable: its file system has no fsync, so nothing it wrote was ever sure to be
 * on the disk. Installed before PostgreSQL's first instruction, so recovery after a crash is covered.
 */
import fs from 'node:fs'
import path from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** WASI's number for an input/output error. PostgreSQL stops at once when a flush of its log fails. */
const EIO = 29

interface Stream {
  /** Emscripten opens files, never directories: those have no descriptor of Node's. */
  readonly nfd?: number
  readonly node: unknown
}
type Operations = Record<string, (...args: readonly unknown[]) => unknown>
interface NodeFiles {
  readonly stream_ops: { fsync?: (stream: Stream) => number }
  readonly node_ops: object
  realPath(node: unknown): string
}
/** All else may change what is on the disk. */
const ONLY_LOOKS = new Set(
  ['open', 'close', 'read', 'llseek', 'mmap', 'poll', 'dup', 'dup2', 'fsync'].concat([
    'getattr',
    'lookup',
    'readdir',
    'readlink',
  ]),
)

export class DurableFiles extends NodeFS {
  override async init(pg: PGlite, options: Parameters<NodeFS['init']>[1]) {
    const { emscriptenOpts } = await super.init(pg, options)
    const install = (module: object) => installFsync(module)
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...preRuns(emscriptenOpts), install] } }
  }
}

function preRuns(options: { preRun?: unknown }): ((module: object) => void)[] {
  return Array.isArray(options.preRun) ? options.preRun : []
}

/** Throws when PGlite no longer has the place where fsync belongs: better no start than no durability. */
function installFsync(module: object): void {
  const files = 'NODEFS' in module ? (module.NODEFS as Partial<NodeFiles>) : null
  if (!files?.stream_ops || !files.node_ops || !files.realPath)
    throw new Error('this version of PGlite has no NODEFS to install fsync in')
  const { realPath } = files
  // After a crash PostgreSQL goes over all 1,100 files twice before it begins: first as a hint to the system, which
  // here is a flush like any other. What was flushed is still flushed while nothing at all has been written since.
  const changes = countChanges(files.stream_ops, files.node_ops)
  const flushed = new Map<string, number>()
  files.stream_ops.fsync = (stream) => {
    try {
      const file = realPath(stream.node)
      if (flushed.get(file) === changes()) return 0
      if (stream.nfd === undefined) syncPath(file)
      else fs.fsyncSync(stream.nfd)
      flushed.set(file, changes())
      return 0
    } catch {
      return EIO
    }
  }
}

/** How often anything was asked for that may change a file or a folder. */
function countChanges(...rooms: readonly object[]): () => number {
  let changes = 0
  for (const room of rooms) {
    const operations = room as Operations
    for (const [name, operation] of Object.entries(operations)) {
      if (ONLY_LOOKS.has(name)) continue
      operations[name] = (...args) => {
        changes += 1
        return operation(...args)
      }
    }
  }
  return () => changes
}

/** Flushes one file or directory. */
export function syncPath(file: string): void {
  const descriptor = fs.openSync(file, 'r')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Flushes a folder and all that is in it; initdb runs before PostgreSQL syncs anything itself. */
export function syncTree(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const inside = path.join(folder, entry.name)
    if (entry.isDirectory()) syncTree(inside)
    else if (entry.isFile()) syncPath(inside)
  }
  syncPath(folder)
}
