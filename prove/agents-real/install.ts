/** Puts the real programs into a cache of this person's, each in a folder of its own as `npm install -g` would lay it out. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { PRESETS } from '../../src/policy/presets.ts'
import type { Program } from './programs.ts'

/** Outside of any repository. */
export const CACHE = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'yardmaster',
  'agents',
)

/** The largest is some 150 MB to fetch. Milliseconds. */
const PATIENCE = 300_000

export type Installed =
  | { readonly kind: 'installed'; readonly bin: string; readonly fetched: boolean }
  | { readonly kind: 'absent'; readonly why: string }

const folderOf = ({ name, version }: Program): string => join(CACHE, `${name}-${version}`)

/** The folder with its program; null: it is not in the cache. */
export function found(program: Program): string | null {
  const bin = join(folderOf(program), 'bin')
  return existsSync(join(bin, PRESETS[program.name].command[0])) ? bin : null
}

/** `fetch` false: takes only what is there already. */
export async function install(program: Program, fetch: boolean): Promise<Installed> {
  const there = found(program)
  if (there !== null) return { kind: 'installed', bin: there, fetched: false }
  if (!fetch) return { kind: 'absent', why: 'not in the cache' }
  const folder = folderOf(program)
  const begun = `${folder}.part`
  await rm(begun, { recursive: true, force: true })
  await mkdir(begun, { recursive: true })
  try {
    await promisify(execFile)('npm', npmArguments(program, begun), {
      timeout: PATIENCE,
      // On an older Node than ours npm takes older versions, in silence.
      env: {
        ...process.env,
        PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
      },
    })
  } catch (error) {
    await rm(begun, { recursive: true, force: true })
    return { kind: 'absent', why: `npm could not install it: ${lastLine(error)}` }
  }
  await rm(folder, { recursive: true, force: true })
  await rename(begun, folder)
  const bin = found(program)
  return bin === null
    ? { kind: 'absent', why: `its package has no ${PRESETS[program.name].command[0]}` }
    : { kind: 'installed', bin, fetched: true }
}

const npmArguments = (program: Program, prefix: string): readonly string[] => [
  'install',
  '--global',
  '--no-fund',
  '--no-audit',
  '--prefix',
  prefix,
  ...(program.scripts.length === 0 ? [] : [`--allow-scripts=${program.scripts.join(',')}`]),
  `${program.package}@${program.version}`,
]

function lastLine(error: unknown): string {
  const told = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  const lines = told.split('\n').filter((line) => /npm err/i.test(line))
  return (lines[0] ?? told.trim().split('\n').at(-1) ?? '').slice(0, 200)
}
