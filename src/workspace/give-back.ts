/**
 * Gives back what was set aside before a start: what nobody changed since is as it was before, and what was changed
 * stays as it was left, file by file. So a file that people have committed to a pull request is never undone by our
 * putting it aside, and one that the agent has written is never lost.
 */
import { link, lstat, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { absent, isFolder, isSame, isWithin, lookAt } from './look-at-entry.ts'
import { asideOf, dropAside, loadAside, moveEntry, type AsideEntry } from './set-aside.ts'

/** Does nothing where nothing was set aside; may be asked for again after a death at any point. */
export async function giveBack(pair: string): Promise<void> {
  const aside = asideOf(pair)
  const entries = await loadAside(aside)
  if (entries === null) return
  for (const entry of entries) await giveEntryBack(pair, entry)
  await dropAside(pair)
}

async function giveEntryBack(pair: string, entry: AsideEntry): Promise<void> {
  const [worktree, aside] = [join(pair, 'worktree'), asideOf(pair)]
  const at = join(worktree, entry.path)
  const [stood, fresh, left] = [entry.name, `${entry.name}.put`, `${entry.name}.left`].map((name) =>
    join(aside, name),
  ) as [string, string, string]
  // The agent has taken the folder away, or put something else in its place: that is its change, and this part of it.
  if (!(await isWithin(worktree, dirname(entry.path)))) return
  if (!(await exists(left))) {
    // We died before anything was put, between the two renames or before the first.
    if (entry.put.length > 0 && (await exists(fresh))) {
      if (await exists(stood)) await moveEntry(stood, at)
      return
    }
    if (!(await bringChanges(worktree, stood, entry))) return
    if (await exists(at)) await moveEntry(at, left)
  }
  if (await exists(stood)) await moveEntry(stood, at)
}

/** Puts what was changed since into what stood there before. False: it is more than can be looked at, and stays. */
async function bringChanges(
  worktree: string,
  stood: string,
  { path, put }: AsideEntry,
): Promise<boolean> {
  const seen = await lookAt(worktree, path)
  if (seen === null) return false
  const asPut = new Map(put.map((one) => [one.path, one]))
  const changed: string[] = []
  for (const [file, now] of seen) {
    const was = asPut.get(file)
    if (was === undefined || !(await isSame(worktree, now, was))) changed.push(file)
  }
  const within = (file: string): string => stood + file.slice(path.length)
  for (const file of asPut.keys())
    if (!seen.has(file)) await removeFile(stood, file.slice(path.length))
  for (const file of changed) {
    if (seen.get(file)?.kind === 'other') continue
    await makeFolders(stood, file.slice(path.length))
    await rm(within(file), { recursive: true, force: true })
    // Of a link the link itself.
    await link(join(worktree, file), within(file))
  }
  return true
}

/** What stood there as a folder was nothing that the agent could see, so it has not removed it. */
async function removeFile(root: string, below: string): Promise<void> {
  const reachable = below === '' || (await isWithin(root, dirname(below)))
  if (reachable && !(await isFolder(root + below))) await rm(root + below, { force: true })
}

/** The folders above `below`, each a real one: what stands in the way is not what the agent left. */
async function makeFolders(root: string, below: string): Promise<void> {
  if (below === '') return
  let at = root
  for (const part of ['', ...below.split('/').slice(1, -1)]) {
    at = part === '' ? at : join(at, part)
    if (await isFolder(at)) continue
    await rm(at, { recursive: true, force: true })
    await mkdir(at, { mode: 0o755 })
  }
}

const exists = async (path: string): Promise<boolean> => (await lstat(path).catch(absent)) !== null
