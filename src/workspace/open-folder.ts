/** Opens the workspace's folder: makes what is missing, and clears away what an earlier life left half done. */
import { mkdir, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Clock } from '../ports/clock.ts'
import type { Git } from '../ports/git.ts'
import type { Ids } from '../ports/ids.ts'
import type { Jail } from '../ports/jail.ts'
import type { Log } from '../ports/log.ts'
import type { Bundler } from './bundle-work.ts'
import { runJailed } from './jailed-run.ts'
import { layoutOf, type Layout } from './layout.ts'
import { createPairPool, type PairPool } from './pair-pool.ts'
import { createPlaces, type Places } from './places.ts'
import { createTrash, type Trash } from './trash.ts'

export interface FolderOptions {
  /** Absolute. Everything lies here; nothing else may write in it. */
  readonly folder: string
  readonly git: Git
  readonly jail: Jail
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
}

export interface Folder extends Bundler {
  readonly places: Places
  readonly pool: PairPool
  readonly trash: Trash
}

/** Kept work that nobody fetched for that long is deleted. Judgement: longer than anybody's holiday. */
const KEEP_DAYS = 30
const DAY = 86_400_000

export async function openFolder(
  options: FolderOptions,
  background: (work: Promise<unknown>) => void,
): Promise<Folder> {
  const { git, jail, ids, log, clock } = options
  await mkdir(options.folder, { recursive: true, mode: 0o700 })
  const layout = layoutOf(await realpath(options.folder))
  for (const folder of Object.values(layout)) await mkdir(folder, { recursive: true, mode: 0o700 })
  const trash = createTrash({ layout, jail, ids, log, background })
  const places = createPlaces({ layout, jail, ids, log, trash })
  const pool = createPairPool({ layout, git, ids, log, trash, background })
  const unfinished = await places.load()
  // Listed before the first pair is made: from then on these folders hold the present's things too.
  const orphans = (await paths(layout.pairs)).filter((path) => !places.isHeld(basename(path)))
  const arrived = await paths(layout.incoming)
  const old = await unchangedSince(clock.now() - KEEP_DAYS * DAY, await paths(layout.kept))
  background(trash.empty())
  for (const path of [...orphans, ...arrived, ...old]) background(trash.discard(path))
  for (const record of unfinished) background(places.putAway(record))
  background(spread(layout, jail))
  return { layout, jail, ids, places, pool, trash }
}

/**
 * On ext4 a new file does not take the place of one deleted in the last minutes, and looks past each of them: after
 * a few pairs were deleted a checkout of 6,700 files took 7 s instead of 0.4. Marked `T`, the folder has its
 * subfolders spread over the disk, which brought it back to 0.4 s. Other file systems refuse, and need it not.
 */
async function spread({ pairs, own }: Layout, jail: Jail): Promise<void> {
  await runJailed(
    jail,
    {
      argv: ['chattr', '+T', pairs],
      cwd: pairs,
      env: {},
      writable: [pairs],
      readable: [],
      home: own,
      network: 'none',
    },
    { input: '', stop: 10_000 },
  )
}

const paths = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder)).map((name) => join(folder, name))

async function unchangedSince(time: number, files: readonly string[]): Promise<readonly string[]> {
  const stats = await Promise.all(files.map(async (file) => await stat(file)))
  return files.filter((_, at) => (stats[at]?.mtimeMs ?? time) < time)
}
