/**
 * Where the operator's programs live beyond the system's own folders (a Node from a version manager, agents
 * installed by npm), as folders that a jail may read. Never a folder that holds what must stay hidden, and never
 * a whole prefix: `~/.local` holds keyrings beside its `bin`.
 */
import { realpath } from 'node:fs/promises'
import { basename, delimiter, dirname, isAbsolute, join, normalize, sep } from 'node:path'

const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']

export interface Toolchain {
  /** The value of PATH inside. */
  readonly path: string
  /** Programs and folders that are needed besides, such as `process.execPath` or a `~/.rustup`. */
  readonly needed: readonly string[]
  /** Folders that no bind may show: the operator's HOME, our data folder. */
  readonly hidden: readonly string[]
}

/** The folders to show in every jail. */
export async function toolchainFolders(toolchain: Toolchain): Promise<readonly string[]> {
  const given = toolchain.path.split(delimiter).filter((folder) => isAbsolute(folder))
  const real = await Promise.all([...given, ...toolchain.needed].map(resolve))
  const wanted = await Promise.all(
    [...given, ...real.filter((path) => path !== null)].map(async (path) => [
      path,
      ...(await neighbours(path)),
    ]),
  )
  return outermost(await fit(wanted.flat(), toolchain.hidden))
}

/** The folders that one more program needs, given by path or by name. */
export async function programFolders(
  program: string,
  { path, hidden }: Toolchain,
): Promise<readonly string[]> {
  const places = isAbsolute(program)
    ? [program]
    : path.split(delimiter).map((folder) => join(folder, program))
  for (const place of places) {
    const real = await resolve(place)
    if (real === null) continue
    const folders = [dirname(place), dirname(real), ...(await neighbours(dirname(real)))]
    return outermost(await fit(folders, hidden))
  }
  return []
}

/** What programs in a folder reach for: the packages installed beside them. */
async function neighbours(path: string): Promise<readonly string[]> {
  const parts = path.split(sep)
  const at = parts.indexOf('node_modules')
  if (at !== -1) return [parts.slice(0, at + 1).join(sep)]
  const bin = basename(path) === 'bin' ? path : dirname(path)
  // npm's own layout: `<prefix>/bin/npm` is a link to `<prefix>/lib/node_modules/npm`.
  return basename(bin) === 'bin' ? [join(dirname(bin), 'lib', 'node_modules')] : []
}

/** Judged by where a path really leads: `/opt/tools` may be a link to somebody's HOME. */
async function fit(
  paths: readonly string[],
  hidden: readonly string[],
): Promise<readonly string[]> {
  const shows = (path: string): boolean => hidden.some((secret) => within(secret, path))
  const found: string[] = []
  for (const path of paths.map(normalize)) {
    const real = await resolve(path)
    if (real === null || shows(path) || shows(real)) continue
    if (!SYSTEM.some((root) => within(path, root))) found.push(path)
  }
  return found
}

const resolve = async (path: string): Promise<string | null> =>
  await realpath(path).catch(() => null)

const within = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === sep ? sep : folder + sep)

const outermost = (folders: readonly string[]): readonly string[] =>
  [...new Set(folders)].filter(
    (folder, _, all) => !all.some((other) => other !== folder && within(folder, other)),
  )
