/** Is there a bubblewrap here that works? Asked by running it with the very arguments that a jail uses. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { plainText } from '../domain/plain-text.ts'
import type { Jailed, JailProbe } from '../ports/jail.ts'
import { createBwrapJail, type BwrapJailOptions } from './bwrap.ts'
import { findProgram } from './find-program.ts'
import { howToInstall, howToPermit, lookAtMachine } from './how-to-mend.ts'

export type ProbeOptions = Omit<BwrapJailOptions, 'program'>

export type BwrapProbe =
  | (Extract<JailProbe, { kind: 'bwrap' }> & { readonly program: string })
  | Extract<JailProbe, { kind: 'unavailable' }>

/** A trial takes a few milliseconds; one that takes this long hangs. */
const LIMIT = 5000

export async function probeBwrap(options: ProbeOptions): Promise<BwrapProbe> {
  const program = await findProgram('bwrap', options.toolchain.path)
  if (program === null)
    return unavailable('bubblewrap is not installed', howToInstall(lookAtMachine()))
  const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: LIMIT, env: {} })
  const complaint = await attempt({ ...options, program })
  if (complaint !== null)
    return unavailable(`bubblewrap does not work here: ${complaint}`, howToPermit(lookAtMachine()))
  return { kind: 'bwrap', program, version: stdout.replace('bubblewrap', '').trim() }
}

const unavailable = (reason: string, fix: string): BwrapProbe => ({
  kind: 'unavailable',
  reason,
  fix,
})

/** What the trial said when it failed; null when it went well. */
async function attempt(options: BwrapJailOptions): Promise<string | null> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 })
  const home = await mkdtemp(join(options.folder, 'probe-'))
  let jailed: Jailed | null = null
  try {
    jailed = await createBwrapJail(options).start({
      argv: ['true'],
      cwd: home,
      env: {},
      writable: [],
      readable: [],
      home,
      network: 'none',
    })
    const words = text(jailed.stderr)
    const ended = await Promise.race([jailed.exited, wait(LIMIT, null, { ref: false })])
    if (ended === null) return `it did not answer within ${LIMIT / 1000} s`
    return ended.code === 0 ? null : plainText(await words).trim() || `it ended with ${ended.code}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await jailed?.end(0)
    await rm(home, { recursive: true, force: true })
  }
}
