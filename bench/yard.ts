/** The world of the bench: an emulator here, Yardmaster in a process of its own, one person who labels. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { taskId, issueId, repoId } from '../src/domain/ids.ts'
import { startEmulator } from '../src/emulator/emulator.ts'
import type { App, Emulator } from '../src/emulator/emulator.ts'
import { readOperatorSettings } from '../src/policy/operator-file.ts'
import { startChild } from './child.ts'
import type { Child } from './child.ts'

export interface BenchYard {
  readonly emulator: Emulator
  readonly app: { readonly id: number; readonly privateKey: string; readonly webhookSecret: string }
  child(): Child
  repository(name: string, files: Readonly<Record<string, string>>): Promise<string>
  issue(repo: string, path: string): number
  /** Sets the label; gives the milliseconds until the agent's process started. */
  started(repo: string, number: number): Promise<number>
  until(what: string, look: () => boolean): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

const PERSON = 'ana'
const OPERATOR = `profiles: { patch: { command: "builtin:patch" } }
caps: { total: 20, per_repository: 20, per_actor_day: 1000 }
pace_ms: 100
`
const CONFIG = 'limits: { parallel: 20 }\n'
const DEADLINE = 120_000

export async function openBenchYard(): Promise<BenchYard> {
  const folder = await mkdtemp(join(tmpdir(), 'yardmaster-bench-'))
  const operator = readOperatorSettings(OPERATOR)
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
    databaseUrl: null,
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

  async function until(what: string, look: () => boolean): Promise<void> {
    const end = performance.now() + DEADLINE
    while (!look()) {
      if (performance.now() > end) throw new Error(`never happened: ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  return {
    emulator,
    app,
    child: () => child,
    async repository(name, files) {
      await emulator.createRepository({
        owner: PERSON,
        name,
        files: { '.github/yardmaster.yml': CONFIG, ...files },
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
    async started(repo, number) {
      const issue = emulator.issue({ repo, number })
      const task = taskId(repoId(emulator.repository(repo).id), issueId(issue.id))
      const at = performance.timeOrigin + performance.now()
      emulator.label({ repo, number, as: PERSON, label: 'yardmaster' })
      await until(`the agent of ${repo}#${number} starts`, () => child.agents.has(task))
      return (child.agents.get(task) ?? Number.NaN) - at
    },
    until,
    async restart() {
      await child.stop()
      child = await start()
    },
    async stop() {
      await child.stop()
      await emulator.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
