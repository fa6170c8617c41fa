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
interface NodeFiles {
  readonly stream_ops: { fsync?: (stream: Stream) => number }
  realPath(node: unknown): string
}

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
  if (!files?.stream_ops || !files.realPath)
    throw new Error('this version of PGlite has no NODEFS to install fsync in')
  const { realPath } = files
  files.stream_ops.fsync = (stream) => {
    try {
      if (stream.nfd === undefined) syncPath(realPath(stream.node))
      else fs.fsyncSync(stream.nfd)
      return 0
    } catch {
      return EIO
    }
  }
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
