/**
 * Remembers the files that programs obey as they stand after approved code alone has run at a place: a setup may write
 * an `.env` that the checks need, and an attempt that goes on there later must not miss it.
 */
import { constants, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ApprovedFile } from '../ports/git.ts'
import { findEntries } from './find-entries.ts'
import { absent, lookAt } from './look-at-entry.ts'

/** Of all together; what a setup writes by itself is small, and what is large is in git. Bytes; a judgement. */
const MAX_ALL = 1024 * 1024

const RECORD = z.array(z.object({ path: z.string(), executable: z.boolean(), base64: z.string() }))
const fileOf = (pair: string): string => join(pair, 'vouched.json')

/** Nothing but approved code may have run in the pair's worktree so far. */
export async function vouch(pair: string): Promise<void> {
  const worktree = join(pair, 'worktree')
  const kept: z.output<typeof RECORD> = []
  let left = MAX_ALL
  for (const entry of await findEntries(worktree))
    for (const [path, seen] of (await lookAt(worktree, entry)) ?? []) {
      if (seen.kind !== 'file' || seen.size > left) continue
      const bytes = await read(join(worktree, path), seen.size)
      if (bytes === null) continue
      left -= bytes.length
      kept.push({ path, executable: seen.executable, base64: bytes.toString('base64') })
    }
  await writeFile(fileOf(pair), JSON.stringify(kept), { mode: 0o600 })
}

/** Empty where nobody vouched for anything. */
export async function vouched(pair: string): Promise<readonly ApprovedFile[]> {
  const text = await readFile(fileOf(pair), 'utf8').catch(absent)
  if (text === null) return []
  return RECORD.parse(JSON.parse(text)).map(({ path, executable, base64 }) => ({
    path,
    executable,
    bytes: new Uint8Array(Buffer.from(base64, 'base64')),
  }))
}

async function read(path: string, size: number): Promise<Buffer | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(absent)
  if (file === null) return null
  try {
    const bytes = Buffer.alloc(size)
    const { bytesRead } = await file.read(bytes, 0, size, 0)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
