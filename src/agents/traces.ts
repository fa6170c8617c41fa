/** When anything under some folders was last touched. Plain looks only, no link followed, and no more than a bounded number. */
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** A look takes about 0.1 s; what lies deeper than this many entries is not seen. */
const MOST_ENTRIES = 5_000
/** Large, and changed together with something that is seen. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'objects'])

/** Milliseconds since 1970 by the file system's own clock; compare only with itself. */
export async function lastTouched(folders: readonly string[]): Promise<number> {
  let newest = 0
  let left = MOST_ENTRIES
  const queue = [...folders]
  for (let path = queue.shift(); path !== undefined && left > 0; path = queue.shift()) {
    left -= 1
    const stat = await lstat(path).catch(() => null)
    // Gone meanwhile, which its folder tells.
    if (stat === null) continue
    newest = Math.max(newest, stat.mtimeMs)
    if (!stat.isDirectory()) continue
    const names = await readdir(path).catch(() => [])
    for (const name of names.slice(0, left)) if (!SKIPPED.has(name)) queue.push(join(path, name))
  }
  return newest
}
