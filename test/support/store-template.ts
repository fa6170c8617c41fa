/**
 * A store that has been made once and is copied for each world: making one takes two seconds of a core, copying it a
 * tenth of that. Kept between runs, by the version of everything that it is made of.
 */
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openEmbedded } from '../../src/store/embedded.ts'
import { systemClock } from '../../src/system/clock.ts'
import { createLog } from '../../src/system/log.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CACHE = join(ROOT, 'node_modules/.cache/yardmaster')

/** Fills the folder with a fresh, migrated store. */
export async function copyStore(folder: string): Promise<void> {
  const template = join(CACHE, `store-${await fingerprint()}`)
  if (!(await exists(template))) await make(template)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await cp(join(template, 'pg'), join(folder, 'pg'), { recursive: true })
}

async function make(template: string): Promise<void> {
  await mkdir(CACHE, { recursive: true })
  const fresh = await mkdtemp(join(CACHE, 'fresh-'))
  const store = await openEmbedded({ folder: fresh, clock: systemClock, log: createLog('silent') })
  await store.close()
  // Another worker may have been faster; its store is as good.
  await rename(fresh, template).catch(() => rm(fresh, { recursive: true, force: true }))
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(ROOT, 'package-lock.json')))
  for (const folder of ['src/store', 'src/store/migrations']) {
    for (const name of (await readdir(join(ROOT, folder))).toSorted()) {
      const file = join(ROOT, folder, name)
      if ((await stat(file)).isFile()) hash.update(name).update(await readFile(file))
    }
  }
  return hash.digest('hex').slice(0, 16)
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
