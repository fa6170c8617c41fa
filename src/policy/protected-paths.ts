/**
 * Which changed files need a person's yes before they are pushed: what the repository names, and always whatever could
 * run, or steer an agent, for somebody who only meant to look at the change (T21, T34). Judged on paths that trusted git
 * has listed, never on what an agent says.
 */
import picomatch from 'picomatch'
import type { ChangedFile } from '../domain/attempt.ts'
import { stripInvisible } from '../domain/invisible.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import { START_GLOBS } from './start-files.ts'

/** Protected in every repository; `protected` of its settings adds to them and takes none away. */
export const ALWAYS_PROTECTED: readonly string[] = [
  // CI, and who owns what.
  '.github/**',
  '**/CODEOWNERS',
  // What runs or steers something by being there.
  ...START_GLOBS,
  // What hides files from a diff, and converts them when they are checked out.
  '**/.gitattributes',
]

/**
 * Dots are letters like others. Case counts for nothing, because on some machines `.GitHub` is `.github`. No extended
 * globs: only they can make a pattern slow.
 */
const OPTIONS = { dot: true, nocase: true, noextglob: true, nonegate: true }

const always = picomatch(ALWAYS_PROTECTED, OPTIONS)
const compiled = new WeakMap<readonly string[], (path: string) => boolean>()

/** In the order of `files`; of a file that was moved, both names. Without readable settings nobody knows what may be pushed, so all. */
export function protectedPaths(
  files: readonly ChangedFile[],
  policy: RepoPolicy,
): readonly string[] {
  const named = policy.kind === 'ready' ? matcherOf(policy.settings.protected) : () => true
  const isProtected = (path: string): boolean =>
    spellings(path).some((one) => always(one) || named(one))
  return files
    .filter(
      ({ path, from, brings }) =>
        brings !== undefined || isProtected(path) || (from !== undefined && isProtected(from)),
    )
    .flatMap(({ path, from }) => (from === undefined ? [path] : [from, path]))
}

function matcherOf(patterns: readonly string[]): (path: string) => boolean {
  const known = compiled.get(patterns)
  if (known !== undefined) return known
  const made = picomatch(patterns.flatMap(meant), OPTIONS)
  compiled.set(patterns, made)
  return made
}

/** As in CODEOWNERS and .gitignore: a leading slash means the top, one at the end everything below. */
function meant(pattern: string): readonly string[] {
  const plain = pattern.replace(/^\//, '').replace(/\/$/, '/**')
  return plain === '' ? [] : [plain]
}

/** Some file systems leave out what nobody sees, and take letters for the same that only look so. */
const spellings = (path: string): readonly string[] => [
  path,
  stripInvisible(path.normalize('NFKC')),
]
