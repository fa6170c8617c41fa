/** Runs the emulator alone, with one person, one repository if wanted, and an App that is ready to be used. */
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { startEmulator } from '../emulator/emulator.ts'
import type { Emulator } from '../emulator/emulator.ts'
import { FILES, ISSUES, REPOSITORY } from './demo/seed.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { print } from './terminal.ts'
import { listenForStop, untilStopped } from './until-stopped.ts'
import { PACKAGE_FOLDER } from '../system/version.ts'

export interface EmulatorOptions {
  readonly port: number
  readonly data?: string
  /** A folder; `true`: the small repository of the demo. */
  readonly seed?: string | true
  readonly webhookUrl: string
  /** False: no App is registered, so that the set-up page can be tried. */
  readonly app: boolean
}

/** Who owns what is seeded; the emulator's pages ask for no password. */
const PERSON = REPOSITORY.owner

export async function runEmulator(options: EmulatorOptions): Promise<number> {
  if (!URL.canParse(options.webhookUrl)) {
    throw new CommandEnd(
      `--webhook-url must be an address, not "${options.webhookUrl}".`,
      EXIT.usage,
    )
  }
  const source = typeof options.seed === 'string' ? resolve(options.seed) : null
  if (source !== null && !(existsSync(source) && statSync(source).isDirectory())) {
    throw new CommandEnd(`--seed must be a folder; there is none at ${source}.`, EXIT.usage)
  }
  const wish = listenForStop()
  const folder = chooseFolder(options.data)
  await using leaving = new AsyncDisposableStack()
  if (options.data === undefined) leaving.defer(() => clear(folder))
  const dataDir = join(folder, REPOSITORIES)
  const emulator = await startEmulator({ port: options.port, dataDir })
  leaving.defer(() => emulator.close())
  emulator.createUser({ login: PERSON, name: 'Ana' })
  const seeded = options.seed === undefined ? null : await seed(emulator, source)
  const lines = options.app ? await connect(emulator, folder, options.webhookUrl) : []
  tell({ emulator, seeded, lines: [...lines, dataLine(folder)], options })
  const words = { stopping: 'The emulator stops, and its issues are gone.' }
  return await untilStopped(async () => {}, words, wish)
}

const REPOSITORIES = 'repositories'
const KEY = 'app.pem'

/** A Yardmaster that still runs keeps its data: nobody takes a store away from under a process. */
function clear(folder: string): void {
  rmSync(join(folder, REPOSITORIES), { recursive: true, force: true })
  rmSync(join(folder, KEY), { force: true })
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true })
}

function chooseFolder(data: string | undefined): string {
  if (data === undefined) return mkdtempSync(join(tmpdir(), 'yardmaster-emulator-'))
  const folder = resolve(data)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (readdirSync(folder).length === 0) return folder
  throw new CommandEnd(
    `--data must be an empty folder, because issues are kept in memory and would not match the repositories in ${folder}.`,
    EXIT.usage,
  )
}

/** The name of the seeded repository. */
async function seed(emulator: Emulator, source: string | null): Promise<string> {
  if (source === null) {
    await emulator.createRepository({ ...REPOSITORY, files: FILES })
    const repo = `${REPOSITORY.owner}/${REPOSITORY.name}`
    for (const issue of ISSUES) emulator.openIssue({ repo, as: PERSON, ...issue })
    return repo
  }
  const name = basename(source).replaceAll(/[^\w.-]/g, '-') || 'repository'
  const from = existsSync(join(source, '.git')) ? { fromGit: source } : { fromFolder: source }
  await emulator.createRepository({ owner: PERSON, name, ...from })
  return `${PERSON}/${name}`
}

/** Registers an App on everything that is there; returns the environment that makes Yardmaster use it. */
async function connect(
  emulator: Emulator,
  folder: string,
  webhookUrl: string,
): Promise<readonly string[]> {
  const webhookSecret = randomBytes(32).toString('hex')
  const manifest = new URL('app.yml', PACKAGE_FOLDER)
  const app = await emulator.createApp({ manifest, webhookUrl, webhookSecret })
  emulator.installOnAll(app, PERSON)
  const key = join(folder, KEY)
  writeFileSync(key, app.privateKey, { mode: 0o600 })
  return [`APP_ID=${app.id}`, `PRIVATE_KEY_PATH=${key}`, `WEBHOOK_SECRET=${webhookSecret}`]
}

/** So that what is tried here never mixes with real work. */
const dataLine = (folder: string): string => `YARDMASTER_DATA=${join(folder, 'yardmaster')}`

interface Told {
  readonly emulator: Emulator
  readonly seeded: string | null
  readonly lines: readonly string[]
  readonly options: EmulatorOptions
}

function tell({ emulator, seeded, lines, options: { app, webhookUrl } }: Told): void {
  const hooks = app ? ` Its webhooks go to ${webhookUrl}.` : ''
  print(`A GitHub of your own is at ${emulator.url} (Ctrl+C stops it).${hooks}`)
  print(
    seeded === null
      ? `It knows one person, ${PERSON}, and no repository (see --seed).`
      : `It knows one person, ${PERSON}, and one repository: ${emulator.url}/${seeded}`,
  )
  print()
  print(
    app
      ? 'To connect a Yardmaster, put these lines into its .env file and run `yardmaster start`:'
      : `It has no App. To have one made, put these lines into Yardmaster's .env file and run \`yardmaster start --webhook-url ${webhookUrl}\`:`,
  )
  print()
  const { host } = new URL(emulator.url)
  for (const line of [`GHE_HOST=${host}`, 'GHE_PROTOCOL=http', ...lines]) print(`  ${line}`)
}
