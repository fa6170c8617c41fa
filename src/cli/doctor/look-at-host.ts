/** Gathers what the doctor judges of this machine. Starts programs for a moment, changes nothing. */
import { execFile } from 'node:child_process'
import { access, constants, mkdtemp, rm, stat } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { OperatorSettings, Profile } from '../../domain/settings.ts'
import { findProgram } from '../../agents/find-program.ts'
import { chooseJail } from '../../jail/choose.ts'
import { systemIds } from '../../system/ids.ts'
import type { ProfileFacts } from './judge-host.ts'
import type { JailFacts } from './judge-jail.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** What `git --version` says; null when there is none. */
export async function lookAtGit(): Promise<string | null> {
  try {
    return (await promisify(execFile)('git', ['--version'], { timeout: 5_000 })).stdout
  } catch {
    return null
  }
}

/** Looks at files only. `isDefault`: it is what repositories get that name none. */
export async function lookAtProfile(
  profile: Profile,
  isDefault: boolean,
  variables: Variables,
): Promise<Omit<ProfileFacts, 'missing' | 'probed'>> {
  const program =
    profile.command === 'builtin:patch'
      ? null
      : await findProgram(profile.command[0] ?? '', variables['PATH'] ?? '')
  const set = profile.env.filter((name) => (variables[name] ?? '') !== '')
  return { profile, program, variables: set, isDefault }
}

/** Tries the jail with the very arguments that an attempt would get, in a folder of its own. */
export async function lookAtJail(
  operator: OperatorSettings,
  dataFolder: string,
  variables: Variables,
): Promise<JailFacts> {
  const folder = await mkdtemp(join(tmpdir(), 'yardmaster-doctor-'))
  try {
    const decision = await chooseJail({
      choice: operator.jail,
      image: operator.image,
      environment: variables,
      folder,
      sockets: folder,
      toolchain: {
        path: variables['PATH'] ?? '',
        needed: [process.execPath],
        hidden: [homedir(), dataFolder],
      },
      ids: systemIds,
    })
    if (decision.kind === 'contained')
      return {
        kind: 'contained',
        jail: decision.jail.kind,
        version: decision.version,
        asRoot: process.getuid?.() === 0,
      }
    const { reason, fix } = decision
    return decision.kind === 'open'
      ? { kind: 'open', asked: decision.asked, reason, fix }
      : { kind: 'unavailable', reason, fix }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Permission bits of the data folder; null when there is none. */
export async function lookAtFolder(folder: string): Promise<number | null> {
  try {
    return (await stat(folder)).mode & 0o777
  } catch {
    return null
  }
}

/** Whether this user could make the folder, or write into it. */
export async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK)
    return true
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return missing && dirname(folder) !== folder && (await isWritable(dirname(folder)))
  }
}
