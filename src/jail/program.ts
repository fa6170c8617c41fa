/** What every jail runs: the program behind one `exec`, so that one that cannot be started ends with 127 and says why. */
import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import type { JailSpec } from '../ports/jail.ts'

const SHELL = '/bin/sh'

export const execArguments = (argv: JailSpec['argv']): readonly string[] => [
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
export async function whyNot(spec: JailSpec): Promise<string | null> {
  const folders = [spec.cwd, spec.home, ...spec.writable]
  for (const folder of [...folders, ...spec.readable]) {
    if (!isAbsolute(folder)) return `not an absolute path: ${folder}`
    const found = await stat(folder).catch(() => null)
    if (found === null) return `no such file or folder: ${folder}`
    if (folders.includes(folder) && !found.isDirectory()) return `not a folder: ${folder}`
  }
  return null
}
