/** A GitHub on loopback and `yardmaster start`, a process of its own, whose only profile is the preset of one real program. */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { createPart } from '../../src/cli/demo/part.ts'
import type { Part } from '../../src/cli/demo/part.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import type { Emulator } from '../../src/emulator/emulator.ts'
import { CACHE } from './install.ts'
import type { Model } from './model/serve.ts'
import type { Program } from './programs.ts'

export const MAINTAINER = 'ana'
const READER = 'rudi'

export interface World {
  readonly emulator: Emulator
  readonly part: Part
  readonly model: Model
  readonly program: Program
  /** The folder with the program. */
  readonly bin: string
  readonly dataFolder: string
  readonly network: string
  /** Starts a life of Yardmaster, to which GitHub then sends what happens. */
  live(): Promise<void>
  /** A repository with these files; its name. */
  repository(name: string, files: Readonly<Record<string, string>>): Promise<string>
  /** Its number. */
  issue(repo: string, title: string, body: string): number
  stop(): Promise<void>
}

export interface WorldOptions {
  readonly program: Program
  /** The folder with the program. */
  readonly bin: string
  readonly model: Model
  readonly network: string
}

export async function openWorld(options: WorldOptions): Promise<World> {
  const { program, bin, model, network } = options
  await mkdir(CACHE, { recursive: true })
  // Not in the temporary folder: Codex's own sandbox fails there without a word.
  const folder = await mkdtemp(join(CACHE, 'run-'))
  const webhookSecret = randomBytes(32).toString('hex')
  const emulator = await startEmulator({ dataDir: join(folder, 'github') })
  const app = await emulator.createApp({ manifest: APP_YML, webhookUrl: null, webhookSecret })
  for (const login of [MAINTAINER, READER]) emulator.createUser({ login })
  const dataFolder = join(folder, 'data')
  const configFile = join(folder, 'yardmaster.config.yml')
  const variables = program.environment(model.url)
  await writeFile(configFile, operatorFile(program, Object.keys(variables), network))
  const [home, temporary] = [join(folder, 'home'), join(folder, 'tmp')]
  await Promise.all([home, temporary].map((path) => mkdir(path)))
  const part = createPart({
    folder,
    dataFolder,
    environment: {
      // As a service would have it: nothing of the person who runs this, no login and no key of theirs.
      PATH: [bin, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
      HOME: home,
      LANG: 'C.UTF-8',
      // The path of a socket is short.
      TMPDIR: '/tmp',
      ...variables,
      APP_ID: String(app.id),
      PRIVATE_KEY: app.privateKey,
      WEBHOOK_SECRET: webhookSecret,
      GHE_HOST: new URL(emulator.url).host,
      GHE_PROTOCOL: 'http',
      HOST: '127.0.0.1',
      PORT: '0',
      YARDMASTER_DATA: dataFolder,
      YARDMASTER_CONFIG: configFile,
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error',
    },
  })
  return {
    emulator,
    part,
    model,
    program,
    bin,
    dataFolder,
    network,
    async live() {
      const { url } = await part.start()
      emulator.setWebhookUrl(app, `${url ?? ''}/api/github/webhooks`)
    },
    async repository(name, files) {
      await emulator.createRepository({ owner: MAINTAINER, name, files })
      const repo = `${MAINTAINER}/${name}`
      emulator.install(app, [repo])
      return repo
    },
    issue(repo, title, body) {
      const { number } = emulator.openIssue({ repo, as: READER, title, body })
      emulator.label({ repo, number, as: MAINTAINER, label: 'yardmaster' })
      return number
    },
    async stop() {
      await part.stop()
      await emulator.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** As an operator would write it. */
const operatorFile = (
  { name, model }: Program,
  variables: readonly string[],
  network: string,
): string => `profiles:
  ${name}:
    preset: ${name}
    env: [${variables.join(', ')}]
${model === undefined ? '' : `    model: ${model}\n`}default_profile: ${name}
jail: bwrap
network: ${network}
onboarding: false
pace_ms: 250
`

const APP_YML = new URL('../../app.yml', import.meta.url)
