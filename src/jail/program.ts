/** What every jail runs: the program behind one `exec`, so that one that cannot be started ends with 127 and says why. */
import { existsSync, statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { JailSpec } from '../ports/jail.ts'

const SHELL = '/bin/sh'

/** util-linux; where it is missing a program has no limits but the time that it is given. */
const LIMITER = '/usr/bin/prlimit'
/** No core dumps; no file beyond 16 GiB, which is more than any build of ours to check needs. */
const LIMITS = ['--core=0', '--fsize=17179869184']
/**
 * Threads count too: a build with a JVM or two stays below a thousand. Counted per user namespace, so only where
 * the jail has one of its own; the kernel never counts root.
 */
const PROCESSES = '--nproc=4096'

/**
 * Agents and checks take what the yard itself leaves of the processor: of twenty that are started at once, the first
 * must not keep the last from starting. It makes no difference on an idle machine.
 */
const POLITE = ['/usr/bin/nice', '-n', '10'] as const

/** `countable`: the program's processes are counted apart from the operator's own. */
export const execArguments = (
  argv: JailSpec['argv'],
  { countable }: { readonly countable: boolean },
): readonly string[] => [
  ...(existsSync(LIMITER) ? [LIMITER, ...LIMITS, ...(countable ? [PROCESSES] : [])] : []),
  ...(existsSync(POLITE[0]) ? POLITE : []),
  SHELL,
  '-c',
  'exec "$@"',
  'sh',
  ...argv,
]

/** For what cannot even be tried: the same end, 127 with the reason on stderr. */
export const refusalArguments = (reason: string): readonly string[] => [
  SHELL,
  '-c',
  'printf "%s\\n" "$1" >&2; exit 127',
  'sh',
  reason,
]

/** Why a program cannot be tried at all; null when it can. Relative folders and missing ones are refused. */
export function whyNot(spec: JailSpec): string | null {
  const folders = [spec.cwd, spec.home, ...spec.writable]
  for (const folder of [...folders, ...spec.readable]) {
    if (!isAbsolute(folder)) return `not an absolute path: ${folder}`
    const found = statSync(folder, { throwIfNoEntry: false })
    if (found === undefined) return `no such file or folder: ${folder}`
    if (folders.includes(folder) && !found.isDirectory()) return `not a folder: ${folder}`
  }
  return null
}
