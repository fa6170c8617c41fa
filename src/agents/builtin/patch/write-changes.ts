/** Writes checked changes: all of them, or (when one fails) none. Each file is replaced in one step, so that no reader sees half of it. */
import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Change } from './changes.ts'

/** `onWritten` is called after each file. Rejects with the first fault of the file system, everything undone. */
export async function writeChanges(
  worktree: string,
  changes: readonly Change[],
  onWritten: (change: Change) => Promise<void>,
): Promise<void> {
  const undo: (() => Promise<void>)[] = []
  try {
    for (const change of changes) {
      const file = join(worktree, change.path)
      undo.push(await remember(file))
      if (change.content === null) await rm(file)
      else await replace(file, change.content, change.mode)
      await onWritten(change)
    }
  } catch (error) {
    for (const step of undo.reverse()) await step()
    throw error
  }
}

async function remember(file: string): Promise<() => Promise<void>> {
  try {
    const [bytes, { mode }] = await Promise.all([readFile(file), stat(file)])
    return () => replace(file, bytes, mode & 0o777)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return () => rm(file, { force: true })
  }
}

async function replace(file: string, content: string | Buffer, mode: number): Promise<void> {
  const folder = dirname(file)
  await mkdir(folder, { recursive: true })
  const fresh = join(folder, `.yardmaster-${randomUUID()}`)
  try {
    // `wx`: a link that waits at this name is not followed.
    await writeFile(fresh, content, { flag: 'wx' })
    await chmod(fresh, mode)
    await rename(fresh, file)
  } finally {
    await rm(fresh, { force: true })
  }
}
