/**
 * Before something starts in a worktree that others have filled (a pull request's branch, an attempt before this one):
 * the files by which it could be made to run something are put as the approved base has them, and what stood there is
 * set aside. Plain file calls, through no link; each entry changes in two renames, so that a death leaves it one or the other.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ApprovedFile } from '../ports/git.ts'
import { startEntry } from '../policy/start-files.ts'
import { findEntries } from './find-entries.ts'
import { giveBack } from './give-back.ts'
import { digest, isAsPut, isWithin, lookAt, type Put } from './look-at-entry.ts'
import { vouched } from './vouch.ts'
import { asideOf, dropAside, moveEntry, saveAside, type AsideEntry } from './set-aside.ts'

/**
 * The paths that differ from what stood there. `pair` is the folder in which the worktree lies; `approved` null: all but
 * the `unseen` entries stay as they are.
 */
export async function shield(
  pair: string,
  approved: readonly ApprovedFile[] | null,
  unseen: readonly string[] = [],
): Promise<readonly string[]> {
  await giveBack(pair)
  const [worktree, aside] = [join(pair, 'worktree'), asideOf(pair)]
  // Of a life that ended before its record was written.
  await dropAside(pair)
  await mkdir(aside, { mode: 0o700 })
  const isUnseen = (path: string): boolean =>
    unseen.some((entry) => `/${path}`.toLowerCase().endsWith(`/${entry}`))
  const named = new Set(approved?.map(({ path }) => path))
  const more = (await vouched(pair)).filter(({ path }) => !named.has(path))
  const wanted = Map.groupBy([...(approved ?? []), ...more], ({ path }) => startEntry(path) ?? path)
  const found = new Set(await findEntries(worktree))
  const entries: AsideEntry[] = []
  for (const path of new Set([...found, ...wanted.keys()])) {
    const away = isUnseen(path)
    if (approved === null && !away) continue
    const files = away ? [] : (wanted.get(path) ?? [])
    const put = files.map(putOf)
    const stood = found.has(path)
    if (away && !stood) continue
    if (!stood && !(await isWithin(worktree, dirname(path)))) continue
    if (stood && (await isAsPut(worktree, await lookAt(worktree, path), put))) continue
    const name = String(entries.length)
    await lay(join(aside, `${name}.put`), path, files)
    entries.push({ path, name, stood, put })
  }
  if (entries.length === 0) return []
  saveAside(aside, entries)
  for (const { path, name, stood, put } of entries) {
    const at = join(worktree, path)
    if (stood) await moveEntry(at, join(aside, name))
    if (put.length > 0) await moveEntry(join(aside, `${name}.put`), at)
  }
  return entries.map(({ path }) => path)
}

/** Of those conflicts the approved side is taken: an agent that decides for it writes what stands there already, which nobody could tell. */
export async function settle(
  pair: string,
  approved: readonly ApprovedFile[],
  conflicts: readonly string[],
): Promise<void> {
  const worktree = join(pair, 'worktree')
  for (const path of conflicts) {
    if (startEntry(path) === null || !(await isWithin(worktree, dirname(path)))) continue
    await rm(join(worktree, path), { recursive: true, force: true })
    const file = approved.find((one) => one.path === path)
    if (file !== undefined) await lay(join(worktree, path), path, [file])
  }
}

const putOf = ({ path, executable, bytes }: ApprovedFile): Put => ({
  path,
  executable,
  size: bytes.length,
  sha256: digest(bytes),
})

/** The entry as a whole, ready to be renamed into its place. */
async function lay(to: string, entry: string, files: readonly ApprovedFile[]): Promise<void> {
  for (const { path, executable, bytes } of files) {
    const file = to + path.slice(entry.length)
    await mkdir(dirname(file), { recursive: true, mode: 0o755 })
    await writeFile(file, bytes, { flag: 'wx', mode: executable ? 0o755 : 0o644 })
  }
}
