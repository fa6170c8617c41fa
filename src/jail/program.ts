/** What every jail runs: the program behind one `exec`, so that one that cannot be started ends with 127 and says why. */
import { existsSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { isAbsolute } from 'node:path'
import type { JailSpec } from '../ports/jail.ts'

const SHELL = '/bin/sh'

/** util-linux; where it is missing a program has no limits but the time that it is given. */
const LIMITER = '/usr/bin/prlimit'
/**
 * No core dumps, and no file beyond 4 GiB: the largest that builds are known to make are images and databases of one
 * or two, and GitHub takes none above 100 MB. Memory has no such limit, because none that is counted for each process
 * fits: race detectors and sanitizers map terabytes that they never touch. See `YIELD_FIRST`.
 */
const LIMITS = ['--core=0', `--fsize=${4 * 1024 ** 3}`]
/**
 * Threads count too. 512 stop a fork bomb before anybody feels it (T28); but test runners start a process of a dozen
 * threads for each core, so that a large machine needs more. Counted per user namespace, so only where the jail has
 * one of its own; the kernel never counts root.
 */
export const PROCESSES = Math.max(512, 64 * availableParallelism())

/**
 * Agents and checks take what the yard itself leaves of the processor: of twenty that are started at once, the first
 * must not keep the last from starting. It makes no difference on an idle machine.
 */
const POLITE = ['/usr/bin/nice', '-n', '10'] as const

/** When memory runs out, of the machine or of the service that we are in, the kernel ends jailed programs, and not us. */
const YIELD_FIRST = '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null'

/** `countable`: the program's processes are counted apart from the operator's own. */
export const execArguments = (
  argv: JailSpec['argv'],
  { countable }: { readonly countable: boolean },
): readonly string[] => [
  ...(existsSync(LIMITER)
    ? [LIMITER, ...LIMITS, ...(countable ? [`--nproc=${PROCESSES}`] : [])]
    : []),
  ...(existsSync(POLITE[0]) ? POLITE : []),
  SHELL,
  '-c',
  `${YIELD_FIRST}; exec "$@"`,
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
