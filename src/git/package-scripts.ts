/**
 * Whether a change of a `package.json` changes commands that tools run by themselves: both versions are read by trusted
 * git and parsed. A version number or a dependency is nobody's business; a new `postinstall` is (T25, T34).
 */
import { isDeepStrictEqual } from 'node:util'
import type { Room } from './room.ts'

/** Where tools look for commands: npm, husky, lint-staged, simple-git-hooks; and whose install scripts may run. */
const RUNS = [
  'scripts',
  'husky',
  'lint-staged',
  'simple-git-hooks',
  'pre-commit',
  'trustedDependencies',
  'allowScripts',
  'pnpm',
] as const

/** The longest manifest that people write is far below. Bytes. */
const MAX_MANIFEST = 1024 * 1024

export const isPackage = (path: string): boolean => /(?:^|\/)package\.json$/i.test(path)

/** By the ids of both versions; zeros or nothing for none. What cannot be read as a manifest counts as changed. */
export async function changesScripts(
  room: Room,
  repository: string,
  before: string,
  after: string,
): Promise<boolean> {
  const [was, is] = [await runsIn(room, repository, before), await runsIn(room, repository, after)]
  return was === null || is === null || !isDeepStrictEqual(was, is)
}

async function runsIn(
  { run }: Room,
  repository: string,
  blob: string,
): Promise<readonly unknown[] | null> {
  if (/^0*$/.test(blob)) return RUNS.map(() => undefined)
  const { code, stdout } = await run({
    repository,
    args: ['cat-file', 'blob', blob],
    maxBytes: MAX_MANIFEST,
    hostile: true,
  })
  if (code !== 0) return null
  const manifest = parsed(stdout.toString('utf8'))
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) return null
  const keys = new Map<string, unknown>(Object.entries(manifest))
  return RUNS.map((key) => keys.get(key))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
