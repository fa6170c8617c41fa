/** Sets the demo's world up: the emulator with its people and repository, and Yardmaster connected to it. */
import type { Logger } from 'pino'
import { readOperatorSettings } from '../../policy/operator-file.ts'
import { startLocalWorld } from '../local-world.ts'
import type { LocalWorld } from '../local-world.ts'
import { FILES, ISSUES, MAINTAINER, OPERATOR_FILE, READER, REPOSITORY } from './seed.ts'

export const DEMO_REPOSITORY = `${REPOSITORY.owner}/${REPOSITORY.name}`

export async function startDemoWorld(options: {
  readonly folder: string
  readonly port: number
  readonly log: Logger
  readonly environment: Readonly<Record<string, string | undefined>>
}): Promise<LocalWorld> {
  const operator = readOperatorSettings(OPERATOR_FILE)
  if (operator.kind !== 'ready') throw new Error(JSON.stringify(operator.problems))
  const world = await startLocalWorld({ ...options, operator: operator.settings })
  const { emulator, app } = world
  emulator.createUser({ login: MAINTAINER, name: 'Ana' })
  emulator.createUser({ login: READER, name: 'Rudi' })
  await emulator.createRepository({ ...REPOSITORY, files: FILES })
  for (const issue of ISSUES) emulator.openIssue({ repo: DEMO_REPOSITORY, as: READER, ...issue })
  emulator.install(app, [DEMO_REPOSITORY])
  return world
}
