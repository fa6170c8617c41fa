/** The world of the bench: an emulator here, Yardmaster in a process of its own, one person who labels. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { taskId, issueId, repoId } from '../src/domain/ids.ts'
import { startEmulator } from '../src/emulator/emulator.ts'
import type { App, Emulator } from '../src/emulator/emulator.ts'
import { readOperatorSettings } from '../src/policy/operator-file.ts'
import type { YardmasterSettings } from '../src/main.ts'
import { startChild } from './child.ts'
import type { Child } from './child.ts'

export interface BenchYard {
  readonly emulator: Emulator
  readonly app: { readonly id: number; readonly privateKey: string; readonly webhookSecret: string }
  readonly settings: Omit<YardmasterSettings, 'log' | 'environment'>
  child(): Child
  /** `config`: more lines of its settings file. */
  repository(
    name: string,
    files: Readonly<Record<string, string>>,
    config?: string,
  ): Promise<string>
  issue(repo: string, path: string): number
  /** Sets the label; gives the milliseconds until the agent's process started. */
  started(repo: string, number: number): Promise<number>
  /** Sets the label; gives the task, and the milliseconds since 1970 with a fraction. */
  label(repo: string, number: number): { readonly task: string; readonly at: number }
  /** At most two minutes, unless given. */
  until(what: string, look: () => boolean, milliseconds?: number): Promise<void>
  restart(): Promise<void>
  /** kill -9, and a new life on the same data. */
  crash(): Promise<void>
  stop(): Promise<void>
}

export interface BenchOptions {
  /** Attempts at the same time, in all and in one repository. */
  readonly slots: number
  /** Null: the embedded store. */
  readonly databaseUrl: string | null
  /** More of the operator's file. */
  readonly operator: string
}

const PERSON = 'ana'
const CONFIG = 'limits: { parallel: 20, open_reviews: 1000 }\n'
const DEADLINE = 120_000

const ALONE: BenchOptions = { slots: 20, databaseUrl: null, operator: '' }

export async function openBenchYard(options: BenchOptions = ALONE): Promise<BenchYard> {
  const { slots, databaseUrl } = options
  const folder = await mkdtemp(join(tmpdir(), 'yardmaster-bench-'))
  const operator = readOperatorSettings(`profiles: { patch: { command: "builtin:patch" } }
caps: { total: ${slots}, per_repository: ${slots}, per_actor_day: 1000 }
pace_ms: 100
${options.operator}`)
  if (operator.kind !== 'ready') throw new Error(JSON.stringify(operator.problems))
  const emulator = await startEmulator({ dataDir: join(folder, 'github'), limits: false })
  emulator.createUser({ login: PERSON, name: 'Ana' })
  const webhookSecret = randomBytes(32).toString('hex')
  const registered: App = await emulator.createApp({
    manifest: new URL('../app.yml', import.meta.url),
    webhookUrl: null,
    webhookSecret,
  })
  const app = { id: registered.id, privateKey: registered.privateKey, webhookSecret }
  const settings = {
    app,
    apiUrl: emulator.apiUrl,
    webUrl: emulator.url,
    databaseUrl,
    dataFolder: join(folder, 'yardmaster'),
    operator: operator.settings,
    listen: { host: '127.0.0.1', port: 0 },
  }
  const start = async (): Promise<Child> => {
    const started = await startChild('./yard-process.ts', settings)
    emulator.setWebhookUrl(registered, started.webhookUrl)
    return started
  }
  let child = await start()

  async function until(what: string, look: () => boolean, milliseconds = DEADLINE): Promise<void> {
    const end = performance.now() + milliseconds
    while (!look()) {
      if (performance.now() > end) throw new Error(`never happened: ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  function label(repo: string, number: number): { readonly task: string; readonly at: number } {
    const issue = emulator.issue({ repo, number })
    const task = taskId(repoId(emulator.repository(repo).id), issueId(issue.id))
    const at = performance.timeOrigin + performance.now()
    emulator.label({ repo, number, as: PERSON, label: 'yardmaster' })
    return { task, at }
  }
  return {
    emulator,
    app,
    settings,
    child: () => child,
    async repository(name, files, config = '') {
      await emulator.createRepository({
        owner: PERSON,
        name,
        files: { '.github/yardmaster.yml': `${CONFIG}${config}`, ...files },
      })
      emulator.install(registered, [`${PERSON}/${name}`])
      return `${PERSON}/${name}`
    },
    issue: (repo, path) =>
      emulator.openIssue({
        repo,
        as: PERSON,
        title: 'Add a file',
        body: `\`\`\`txt path=${path}\nHello.\n\`\`\`\n`,
      }).number,
    label,
    async started(repo, number) {
      const { task, at } = label(repo, number)
      await until(`the agent of ${repo}#${number} starts`, () => child.agents.has(task))
      return (child.agents.get(task) ?? Number.NaN) - at
    },
    until,
    async restart() {
      await child.stop()
      child = await start()
    },
    async crash() {
      await child.kill()
      child = await start()
    },
    async stop() {
      await child.stop()
      await emulator.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
