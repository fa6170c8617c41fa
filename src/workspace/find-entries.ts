/** Finds in a worktree what programs obey by its being there, from the top downwards and past no link. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { holdsStartFiles, isStartFile } from '../policy/start-files.ts'
import { absent } from './look-at-entry.ts'

/**
 * Names looked at, the topmost first: a start looks there and in folders above, so an agent that hides something below
 * a million files has hidden it from its successor as well. Judgement; the largest repositories have half of it.
 */
const MAX_NAMES = 400_000
/** What package managers fill by themselves. Programs do not start in there. */
const PASSED = new Set(['.git', 'node_modules'])

/** Paths from the worktree's top, with `/`. */
export async function findEntries(worktree: string): Promise<readonly string[]> {
  const found: string[] = []
  let level: readonly string[] = ['']
  let left = MAX_NAMES
  while (level.length > 0 && left > 0) {
    const next: string[] = []
    for (const folder of level) {
      const names = await readdir(join(worktree, folder), { withFileTypes: true }).catch(absent)
      left -= names?.length ?? 0
      const parent = folder === '' ? null : (folder.split('/').at(-1) ?? null)
      for (const entry of names ?? []) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`
        const hidden = entry.isSymbolicLink() && holdsStartFiles(entry.name)
        if (hidden || isStartFile(parent, entry.name)) found.push(path)
        else if (entry.isDirectory() && !PASSED.has(entry.name)) next.push(path)
      }
      if (left <= 0) break
    }
    level = next
  }
  return found
}
