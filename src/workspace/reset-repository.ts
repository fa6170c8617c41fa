/**
 * Puts a place's git back to the settings with which it was made: an attempt may have left hooks, filters or another
 * repository's address there, and the next program to start asks git for the status first. Its commits stay.
 */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from '../ports/workspace.ts'
import { isWithin } from './look-at-entry.ts'

/** What runs programs, or leads git to settings elsewhere. */
const REMOVED = [
  'hooks',
  'config.worktree',
  'info/attributes',
  'worktrees/worktree/config.worktree',
]

/** `config`: as trusted git wrote it. False: a folder of it was removed or replaced by something else. */
export async function resetRepository(
  { repository, worktree, readable }: Place,
  config: string,
): Promise<boolean> {
  for (const folder of ['worktrees/worktree', 'objects/info', 'info'])
    if (!(await isWithin(repository, folder))) return false
  for (const name of REMOVED) await rm(join(repository, name), { recursive: true, force: true })
  const own = join(repository, 'worktrees', 'worktree')
  const files: readonly (readonly [string, string])[] = [
    [join(repository, 'config'), config],
    [join(repository, 'objects', 'info', 'alternates'), readable.map((at) => `${at}\n`).join('')],
    [join(own, 'commondir'), '../..\n'],
    [join(own, 'gitdir'), `${join(worktree, '.git')}\n`],
    [join(worktree, '.git'), `gitdir: ${own}\n`],
  ]
  for (const [file, text] of files) {
    await rm(file, { recursive: true, force: true })
    await writeFile(file, text, { flag: 'wx', mode: 0o644 })
  }
  return true
}
