/** Where a profile's program lies on this machine, found as the system would find it. */
import { access, constants, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, sep } from 'node:path'
import type { Profile } from '../domain/settings.ts'
import { presetOf } from '../policy/presets.ts'
import type { MissingProgram } from '../ports/programs.ts'

/** Null: it is nowhere. */
export async function findProgram(name: string, path: string): Promise<string | null> {
  const places = isAbsolute(name)
    ? [name]
    : path
        .split(delimiter)
        .filter((folder) => isAbsolute(folder))
        .map((folder) => join(folder, name))
  for (const place of places) if (await isProgram(place)) return place
  return null
}

/** By the profile's name. A program that is named from the worktree on (`./agent`) is the repository's, and nobody can know. */
export async function missingPrograms(
  profiles: readonly Profile[],
  path: string,
): Promise<ReadonlyMap<string, MissingProgram>> {
  const missing = new Map<string, MissingProgram>()
  for (const profile of profiles) {
    if (profile.command === 'builtin:patch') continue
    const [program = ''] = profile.command
    if (program.includes(sep) && !isAbsolute(program)) continue
    if ((await findProgram(program, path)) !== null) continue
    missing.set(profile.name, { program, fix: howToInstall(profile) })
  }
  return missing
}

/** A sentence for the operator. */
export function howToInstall(profile: Profile): string {
  const preset = presetOf(profile)
  const program = profile.command[0] ?? ''
  return preset === null || isAbsolute(program)
    ? `Install ${program} for the user that runs Yardmaster, or correct the profile's command`
    : `Run npm install -g ${preset.install} for the user that runs Yardmaster`
}

async function isProgram(place: string): Promise<boolean> {
  try {
    await access(place, constants.X_OK)
    return (await stat(place)).isFile()
  } catch {
    return false
  }
}
