/** The record of what was set aside at a place, beside the worktree and out of every jail's reach, so that a restart can give it back. */
import { renameSync, writeFileSync } from 'node:fs'
import { chmod, lstat, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { absent } from './look-at-entry.ts'

const ENTRY = z.object({
  /** From the worktree's top. */
  path: z.string(),
  /** Its name here. */
  name: z.string(),
  /** Something stood there, and is here under `name`. */
  stood: z.boolean(),
  /** What was put there instead, by paths from the worktree's top. */
  put: z.array(
    z.object({
      path: z.string(),
      size: z.int(),
      executable: z.boolean(),
      sha256: z.string(),
    }),
  ),
})
export type AsideEntry = Readonly<z.output<typeof ENTRY>>

const RECORD = z.array(ENTRY)
const FILE = 'record.json'

/** Of a place, by the folder in which its worktree lies. */
export const asideOf = (pair: string): string => join(pair, 'aside')

export function saveAside(aside: string, entries: readonly AsideEntry[]): void {
  const file = join(aside, FILE)
  writeFileSync(`${file}.new`, JSON.stringify(entries), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Null: nothing was set aside, or not yet anything when we died. */
export async function loadAside(aside: string): Promise<readonly AsideEntry[] | null> {
  const text = await readFile(join(aside, FILE), 'utf8').catch(absent)
  return text === null ? null : RECORD.parse(JSON.parse(text))
}

/** A folder that may not be written cannot be moved; whoever left it so is gone. */
export async function moveEntry(from: string, to: string): Promise<void> {
  for (const path of [dirname(from), from]) {
    const found = await lstat(path)
    if (found.isDirectory() && (found.mode & 0o700) !== 0o700) await chmod(path, found.mode | 0o700)
  }
  await rename(from, to)
}

/** Away at once; what an agent made hard to delete goes with the whole place. */
export async function dropAside(pair: string): Promise<void> {
  const gone = await mkdtemp(join(pair, 'gone-'))
  await rename(asideOf(pair), join(gone, 'aside')).catch(absent)
  await rm(gone, { recursive: true, force: true }).catch(() => null)
}
