/**
 * Makes bare repositories as plain files (the layout is git's documented gitrepository-layout), which spares the
 * start of `git init` and four of `git config` for each pair, and leaves no hook samples behind.
 */
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export interface BareRepository {
  /** Object folders of other repositories, from which this one borrows. */
  readonly borrows: readonly string[]
  /** Lines of its configuration beyond what makes it bare. */
  readonly config: readonly string[]
}

/** `path` must not exist; its parent must. */
export async function layBare(path: string, { borrows, config }: BareRepository): Promise<void> {
  await mkdir(join(path, 'objects', 'info'), { recursive: true })
  await Promise.all([
    mkdir(join(path, 'objects', 'pack')),
    mkdir(join(path, 'refs', 'heads'), { recursive: true }),
    mkdir(join(path, 'info')),
    // Unborn for ever: attributes and the like are read from HEAD in newer versions, and nothing shall be.
    writeFile(join(path, 'HEAD'), 'ref: refs/heads/none\n'),
    writeFile(join(path, 'config'), [CORE, ...config, ''].join('\n')),
    writeFile(
      join(path, 'objects', 'info', 'alternates'),
      borrows.map((folder) => `${folder}\n`).join(''),
    ),
  ])
}

const CORE = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true'

/** Makes it when it is not there, all at once: a crash leaves nothing that looks like a repository. */
export async function ensureBare(path: string, repository: BareRepository): Promise<void> {
  if (await exists(join(path, 'HEAD'))) return
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const fresh = await mkdtemp(`${path}.new-`)
  try {
    await layBare(fresh, repository)
    await rename(fresh, path)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    // Somebody else was faster; a rename onto a folder that is not empty fails.
    if (!(await exists(join(path, 'HEAD')))) throw error
  }
}

/**
 * Removes what a git that was killed left behind: lock files, by which every later update would be refused, and
 * half-written packs. Only what is older than any call may run, so that a git still at work is not disturbed.
 */
export async function clearStale(path: string, olderThan: number): Promise<void> {
  const names = await readdir(path, { recursive: true }).catch(() => [])
  const suspects = names.filter((name) => name.endsWith('.lock') || /(?:^|\/)tmp_[^/]*$/.test(name))
  await Promise.all(
    suspects.map(async (name) => {
      const file = join(path, name)
      const found = await stat(file).catch(() => null)
      if (found !== null && found.mtimeMs < olderThan) await rm(file, { force: true })
    }),
  )
}

const exists = async (path: string): Promise<boolean> =>
  await stat(path).then(
    () => true,
    () => false,
  )
