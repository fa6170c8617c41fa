/** Sets the demo's world up: the emulator with its people, repository and board, and Yardmaster, a process of its own, connected to it. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COLUMN_KEYS, COLUMN_NAMES } from '../../domain/board.ts'
import { startEmulator } from '../../emulator/emulator.ts'
import type { Emulator } from '../../emulator/emulator.ts'
import type { StatusView } from '../../web/view-types.ts'
import { createPart } from './part.ts'
import type { Part } from './part.ts'
import {
  FILES,
  ISSUES,
  MAINTAINER,
  OPERATOR_FILE,
  READER,
  REPOSITORY,
  REVIEWER,
  SETTINGS_FILE,
} from './seed.ts'

/** Boards that an App can read belong to organisations. */
const ORGANISATION = 'harbour'
export const DEMO_REPOSITORY = `${ORGANISATION}/${REPOSITORY.name}`

export interface DemoWorld {
  readonly emulator: Emulator
  /** Of the organisation's board. */
  readonly board: { readonly owner: string; readonly project: number }
  readonly part: Part
  /** Starts a life of Yardmaster, to which GitHub then sends what happens. */
  live(): Promise<StatusView>
  stop(): Promise<void>
}

export async function openDemoWorld(options: {
  readonly folder: string
  readonly port: number
  readonly environment: Readonly<Record<string, string | undefined>>
}): Promise<DemoWorld> {
  const { environment, folder, port } = options
  const webhookSecret = randomBytes(32).toString('hex')
  const emulator = await startEmulator({ port, dataDir: join(folder, 'github') })
  const app = await emulator.createApp({ manifest: APP_YML, webhookUrl: null, webhookSecret })
  const board = await furnish(emulator)
  emulator.install(app, [DEMO_REPOSITORY])
  const configFile = join(folder, 'yardmaster.config.yml')
  writeFileSync(configFile, OPERATOR_FILE)
  const dataFolder = join(folder, 'data')
  // What a killed process leaves in its temporary folder goes with the demo's.
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary)
  const part = createPart({
    folder,
    dataFolder,
    environment: {
      ...environment,
      APP_ID: String(app.id),
      PRIVATE_KEY: app.privateKey,
      PRIVATE_KEY_PATH: '',
      WEBHOOK_SECRET: webhookSecret,
      WEBHOOK_PROXY_URL: '',
      YARDMASTER_BOARD_TOKEN: '',
      GHE_HOST: new URL(emulator.url).host,
      GHE_PROTOCOL: 'http',
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: '',
      YARDMASTER_DATA: dataFolder,
      YARDMASTER_CONFIG: configFile,
      TMPDIR: temporary,
      LOG_LEVEL: environment['LOG_LEVEL'] ?? 'error',
    },
  })
  return {
    emulator,
    board,
    part,
    async live() {
      const status = await part.start()
      emulator.setWebhookUrl(app, `${status.url ?? ''}/api/github/webhooks`)
      return status
    },
    async stop() {
      await part.stop()
      await emulator.close()
    },
  }
}

async function furnish(emulator: Emulator): Promise<DemoWorld['board']> {
  emulator.createUser({ login: MAINTAINER, name: 'Ana' })
  emulator.createUser({ login: REVIEWER, name: 'Ben' })
  emulator.createUser({ login: READER, name: 'Rudi' })
  emulator.createOrganization({
    login: ORGANISATION,
    owners: [MAINTAINER],
    members: [REVIEWER],
  })
  const { number: project } = emulator.createProject({ owner: ORGANISATION, title: 'The yard' })
  const board = { owner: ORGANISATION, project }
  const at = { ...board, as: MAINTAINER }
  emulator.deleteField({ ...at, name: 'Status' })
  emulator.createField({
    ...at,
    name: 'Status',
    type: 'single_select',
    options: COLUMN_KEYS.map((key) => ({
      name: COLUMN_NAMES[key],
      color: 'GRAY',
      description: '',
    })),
  })
  emulator.createField({ ...at, name: 'Agent', type: 'text' })
  for (const name of ['Attempt', 'Wave', 'Cost'])
    emulator.createField({ ...at, name, type: 'number' })
  const settings = `${FILES[SETTINGS_FILE] ?? ''}board: { project: ${project} }\n`
  await emulator.createRepository({
    ...REPOSITORY,
    owner: ORGANISATION,
    files: { ...FILES, [SETTINGS_FILE]: settings },
  })
  emulator.addCollaborator(DEMO_REPOSITORY, REVIEWER, 'write')
  for (const issue of ISSUES) emulator.openIssue({ repo: DEMO_REPOSITORY, as: READER, ...issue })
  return board
}

const APP_YML = new URL('../../../app.yml', import.meta.url)
