/**
 * One folder for the sockets of one process of ours, in the system's folder for temporary files: a socket's path may
 * have some hundred characters, and the data folder may lie deep. Who made it is written down before it is made, so
 * that the next start takes away what a kill −9 has left, and nobody else's.
 */
import { lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { Ids } from '../ports/ids.ts'
import { identify, isAlive } from './process-table.ts'
import { bootId } from './records.ts'

export interface SocketsFolder {
  readonly path: string
  readonly close: () => void
}

export interface SocketsOptions {
  /** The system's folder for temporary files. */
  readonly within: string
  /** Where it is written down; only ours. */
  readonly records: string
  readonly ids: Ids
}

/** Of the 103 characters of a socket's path, 33 go below: `/yard-12345678/doors-123456/doors`. */
const LONGEST = 70
/** Where the system's folder lies too deep, as a user's own may. */
const SHORT = '/tmp'

const RECORD = z.object({
  path: z.string(),
  boot: z.string(),
  pid: z.int().positive(),
  start: z.number(),
})

/** Throws what the system says when no folder can be made. */
export async function openSocketsFolder({
  within,
  records,
  ids,
}: SocketsOptions): Promise<SocketsFolder> {
  mkdirSync(records, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(records)) await clear(join(records, name))
  const name = `yard-${ids.unique().slice(0, 8)}`
  const path = join(within.length > LONGEST ? SHORT : within, name)
  const record = join(records, `${name}.json`)
  const owner = (await identify(process.pid)) ?? { pid: process.pid, start: 0 }
  writeFileSync(record, JSON.stringify({ path, boot: bootId(), ...owner }), { mode: 0o600 })
  // Never one that is there already: in a folder for everybody it may be somebody else's.
  mkdirSync(path, { mode: 0o700 })
  return {
    path,
    close: () => {
      rmSync(path, { recursive: true, force: true })
      rmSync(record, { force: true })
    },
  }
}

/** Takes away what nobody alive has made; a record that is cut short says nothing and goes. */
async function clear(record: string): Promise<void> {
  const read = RECORD.safeParse(parse(readFileSync(record, 'utf8')))
  if (read.success) {
    const { path, boot, pid, start } = read.data
    if (boot === bootId() && (await isAlive({ pid, start }))) return
    if (basename(path).startsWith('yard-') && isOurs(path))
      rmSync(path, { recursive: true, force: true })
  }
  rmSync(record, { force: true })
}

/** Anybody may have put something of that name there since; a link is followed by nobody. */
function isOurs(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === process.getuid?.()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
