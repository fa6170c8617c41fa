/** Starts each profile's program for a moment, in the jail that an attempt would get, and asks it for a session but for no work. */
import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPrograms } from '../../agents/create-programs.ts'
import type { OperatorSettings } from '../../domain/settings.ts'
import { chooseJail } from '../../jail/choose.ts'
import type { Log } from '../../ports/log.ts'
import type { MissingProgram, Probed } from '../../ports/programs.ts'
import { systemClock } from '../../system/clock.ts'
import { systemIds } from '../../system/ids.ts'

export interface ProgramFacts {
  /** By the profile's name. */
  readonly missing: ReadonlyMap<string, MissingProgram>
  /** By the profile's name; who is absent was not probed. */
  readonly probed: ReadonlyMap<string, Probed>
}

const quiet = (): void => {}
const QUIET: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet }

export async function lookAtPrograms(
  operator: OperatorSettings,
  dataFolder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ProgramFacts> {
  const folder = await mkdtemp(join(tmpdir(), 'yardmaster-doctor-'))
  try {
    const jail = await chooseJail({
      choice: operator.jail,
      image: operator.image,
      environment,
      folder: join(folder, 'jail'),
      sockets: folder,
      toolchain: {
        path: environment['PATH'] ?? '',
        needed: [process.execPath],
        hidden: [homedir(), dataFolder],
      },
      ids: systemIds,
    })
    const profiles = Object.values(operator.profiles)
    // Its own line tells that there is no jail.
    if (jail.kind === 'unavailable') return { missing: new Map(), probed: new Map() }
    const programs = createPrograms(
      {
        jail: jail.jail,
        clock: systemClock,
        log: QUIET,
        network: operator.network,
        allow: operator.allow,
        environment,
        readable: [],
        sockets: folder,
        builtinPatch: { argv: [process.execPath], readable: [] },
      },
      {
        profiles,
        folder: join(folder, 'probe'),
        noJail: jail.kind === 'open' && !jail.asked,
      },
    )
    const missing = await programs.missing()
    const probed = new Map<string, Probed>()
    for (const profile of profiles) {
      if (missing.has(profile.name)) continue
      const answer = await programs.probe(profile, new AbortController().signal)
      if (answer !== null) probed.set(profile.name, answer)
    }
    return { missing, probed }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
