/**
 * PostgreSQL's files in the data folder, and the machine that runs on them: made whole or not at all,
 * durable, small, and stopped for good when it cannot go on.
 */
import fs from 'node:fs'
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { PGlite } from '@electric-sql/pglite'
import { WorldFault } from '../ports/fault.ts'
import type { Log } from '../ports/log.ts'
import { DurableFiles, syncPath, syncTree } from './durable-files.ts'
import { installFailStop } from './fail-stop.ts'
import { takeTurns } from './take-turns.ts'

export interface Cluster {
  readonly pglite: PGlite
  readonly close: () => Promise<void>
}

/**
 * Without `-F` PostgreSQL flushes; `fsync` because PGlite's fdatasync is a stub; 2 MB of shared
 * buffers because every page is in the operating system's cache anyway (158 MB instead of 313 MB);
 * two log segments of 16 MB kept for reuse instead of five.
 */
const SETTINGS = ['wal_sync_method=fsync', 'shared_buffers=2MB', 'min_wal_size=32MB']
const START = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...SETTINGS.flatMap((setting) => ['-c', setting]),
]

/**
 * PostgreSQL runs as the first compiler leaves it. To optimise its largest functions costs 0.6 s of a processor and
 * 500 MB for a moment at each start, and 50 MB for good; what it gives is 10 % of a busy store's speed (measured).
 */
setFlagsFromString('--no-wasm-tier-up --no-wasm-dynamic-tiering')

/** Opens the cluster in `<folder>/pg`, made first when there is none. Throws `WorldFault` of kind `local`. */
export async function openCluster(folder: string, log: Log): Promise<Cluster> {
  const place = path.join(folder, 'pg')
  if (!fs.existsSync(place)) await makeCluster(folder, place)
  return await startCluster(place, log)
}

/** Starts the cluster in that place; where there is none, one is made, which nothing has flushed as a whole. */
export async function startCluster(place: string, log: Log): Promise<Cluster> {
  const { pglite, lastWords } = await startMachine(place)
  const hasStopped = installFailStop(pglite, lastWords, (error) =>
    log.error({ err: error }, 'the embedded database has stopped'),
  )
  takeTurns(pglite)
  return {
    pglite,
    async close() {
      // A stopped database must not write its files once more.
      if (!hasStopped()) await pglite.close()
    },
  }
}

/** Made aside, flushed and moved into place, so that a crash in between leaves none. */
async function makeCluster(folder: string, place: string): Promise<void> {
  const fresh = path.join(folder, 'pg.new')
  fs.rmSync(fresh, { recursive: true, force: true })
  const { pglite } = await startMachine(fresh)
  await pglite.close()
  syncTree(fresh)
  fs.renameSync(fresh, place)
  syncPath(folder)
}

async function startMachine(place: string) {
  /** What PostgreSQL said last when it could not go on; PGlite itself tells only that it did not. */
  let words: string | null = null
  const onStderr = (line: string): boolean => {
    const grave = /(?:PANIC|FATAL):\s+(?<what>.+)/.exec(line)?.groups?.['what']
    if (grave !== undefined) words = grave
    return false
  }
  const files = new DurableFiles(place)
  try {
    const pglite = await PGlite.create({ fs: files, startParams: START, onStderr })
    return { pglite, lastWords: () => words }
  } catch (error) {
    const what = words ?? (error instanceof Error ? error.message : String(error))
    throw new WorldFault(`the database in ${place} could not start: ${what}`, {
      kind: 'local',
      applied: 'no',
      operation: 'store.open',
      cause: error,
    })
  }
}
