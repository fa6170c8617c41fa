/** Damages one byte of a stopped store, starts it, and judges what it then says against the whole one. */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync, readdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { BareStore } from '../../src/store/open-bare.ts'
import { openBare } from '../../src/store/open-bare.ts'
import { exportRows } from '../../src/store/backup/export-rows.ts'
import { systemClock } from '../../src/system/clock.ts'
import { quiet } from './bench.ts'
import type { Dice } from '../github/webhook-payloads.ts'

export type Outcome = 'harmless' | 'refused to start' | 'refused to answer' | 'silently wrong'

const common = { clock: systemClock, log: { ...quiet, error: () => {} } }

/** Files that hold rows are much the larger part, so most flips are in them. */
export async function flipByte(given: {
  readonly whole: string
  readonly folder: string
  readonly dice: Dice
}): Promise<Outcome> {
  const { whole, folder, dice } = given
  const files = readdirSync(join(folder, 'pg'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted((a, b) => (a < b ? -1 : 1))
  flip(files[dice(files.length)] ?? '', dice)
  let store: BareStore
  try {
    store = await openBare({ folder, ...common })
  } catch {
    return 'refused to start'
  }
  try {
    return (await digest(store)) === (await digestOf(whole)) ? 'harmless' : 'silently wrong'
  } catch {
    return 'refused to answer'
  } finally {
    await store.close().catch(() => {})
  }
}

function flip(file: string, dice: Dice): void {
  const descriptor = openSync(file, 'r+')
  const { size } = fstatSync(descriptor)
  if (size > 0) {
    const at = dice(size)
    const byte = Buffer.alloc(1)
    readSync(descriptor, byte, 0, 1, at)
    byte.writeUInt8(byte.readUInt8(0) ^ (1 << dice(8)))
    writeSync(descriptor, byte, 0, 1, at)
  }
  closeSync(descriptor)
}

const known = new Map<string, string>()
async function digestOf(folder: string): Promise<string> {
  const before = known.get(folder)
  if (before !== undefined) return before
  const store = await openBare({ folder, ...common })
  const found = await digest(store)
  await store.close()
  known.set(folder, found)
  return found
}

/** Of every row of every table. */
async function digest({ db }: BareStore): Promise<string> {
  const hash = createHash('sha256')
  await db.transaction(async (tx) => {
    for await (const line of exportRows(tx)) hash.update(line)
  })
  return hash.digest('hex')
}
