/**
 * Several machines on one PostgreSQL, each a process with a data folder of its own, and a GitHub to serve. Machines
 * are killed, paused, cut off and stopped in a story's verbs; closing checks what must hold of all of them.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'vitest'
import type { RunnerSettings } from '../../../src/domain/settings.ts'
import { startEmulator } from '../../../src/emulator/emulator.ts'
import type { App, Emulator } from '../../../src/emulator/emulator.ts'
import type { Timing } from '../../../src/engine/timing.ts'
import { readOperatorSettings } from '../../../src/policy/operator-file.ts'
import { roleOf, runnerRoleSql } from '../../../src/store/runner-role.ts'
import { findPostgres, run, startPostgres } from '../../support/postgres.ts'
import { until } from '../../scenario/support/until.ts'
import { CONFIG, MAINTAINER, READER, agentsOf } from '../../scenario/support/yard.ts'
import type { MachineSettings } from './one-machine.ts'
import { startToxic } from './toxic.ts'
import type { Toxic } from './toxic.ts'

/** Short, so that a story of takeovers takes seconds; the proportions are the product's. */
export const QUICK: Timing = {
  lease: 5_000,
  heartbeat: 800,
  look: 400,
  settle: 2_000,
  registration: { lease: 5_000, heartbeat: 800 },
}

export interface Machine {
  readonly name: string
  readonly pid: number
  readonly folder: string
  /** Moments (milliseconds) at which an agent was started for a task, oldest first. */
  readonly starts: readonly { readonly task: string; readonly at: number }[]
  /** Without warning, as when the power goes. */
  kill(): Promise<void>
  pause(): void
  goOn(): void
  /** Between this machine and PostgreSQL: nothing gets through, and nobody says so. */
  cutOff(): void
  reconnect(): void
  /** Politely; rejects when it does not end well. */
  stop(): Promise<void>
  readonly ended: () => boolean
}

export interface Machines {
  readonly emulator: Emulator
  readonly folder: string
  app(name: string, own?: Partial<RunnerSettings>): Promise<Machine>
  runner(name: string, takes?: Partial<RunnerSettings>): Promise<Machine>
  /** A repository with issues, labelled at once; their numbers. */
  tasks(words: {
    readonly name: string
    readonly bodies: readonly string[]
    readonly label?: string
  }): Promise<{ readonly repo: string; readonly numbers: readonly number[] }>
  comments(repo: string, number: number): readonly string[]
  /** Waits until the issue's status comment says so. */
  says(repo: string, number: number, words: string | RegExp): Promise<string>
  /** Rows of the database that all share. */
  sql(statement: string): Promise<readonly Record<string, unknown>[]>
  readonly agents: () => Promise<readonly string[]>
  close(): Promise<void>
}

const MACHINE = join(import.meta.dirname, 'one-machine.ts')
const ANY: RunnerSettings = { capacity: null, tiers: null, profiles: null, repositories: null }

export const found = findPostgres()

export async function openMachines(operator: string, timing: Timing = QUICK): Promise<Machines> {
  const folder = await mkdtemp(join(tmpdir(), 'yard-machines-'))
  const read = readOperatorSettings(operator)
  if (read.kind !== 'ready') throw new Error(JSON.stringify(read.problems))
  const settings = {
    ...read.settings,
    paceMilliseconds: 5,
    onboarding: false,
    retry: { firstSeconds: 0.2, maxSeconds: 1 },
  }
  const server = await startPostgres(found)
  const databaseUrl = await server.createDatabase()
  const emulator = await startEmulator({ dataDir: join(folder, 'github'), limits: false })
  const webhookSecret = 'as long as it is random'
  const app: App = await emulator.createApp({ manifest: APP_YML, webhookUrl: null, webhookSecret })
  for (const login of [MAINTAINER, READER]) emulator.createUser({ login })
  const children = new Set<ChildProcess>()
  const toxics = new Set<Toxic>()

  async function start(name: string, of: (url: string) => MachineSettings): Promise<Machine> {
    const toxic = await startToxic(databaseUrl)
    toxics.add(toxic)
    const child = spawn(process.execPath, [MACHINE], { stdio: ['pipe', 'pipe', 'pipe'] })
    children.add(child)
    let gone = false
    const exited = once(child, 'exit').finally(() => {
      gone = true
      children.delete(child)
    })
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    if (process.env['YARD_LOG'] !== undefined) child.stderr.pipe(process.stderr)
    child.stdin.on('error', () => {})
    const starts: { task: string; at: number }[] = []
    const { promise: up, resolve } = Promise.withResolvers<string>()
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [word, what = '', at] = line.split(' ')
      if (word === 'up') resolve(what)
      if (word === 'agent') starts.push({ task: what, at: Number(at) })
    })
    child.stdin.write(`${JSON.stringify(of(toxic.url))}\n`)
    const ended = exited.then(() => Promise.reject(new Error(`${name}: ${errors.trim()}`)))
    const said = await Promise.race([up, ended])
    ended.catch(() => {})
    if (said.startsWith('http')) emulator.setWebhookUrl(app, said)
    return {
      name,
      pid: child.pid ?? 0,
      folder: join(folder, name),
      starts,
      ended: () => gone,
      async kill() {
        child.kill('SIGKILL')
        await exited
      },
      pause: () => void child.kill('SIGSTOP'),
      goOn: () => void child.kill('SIGCONT'),
      cutOff: () => toxic.cutOff(),
      reconnect: () => toxic.reconnect(),
      async stop() {
        child.stdin.end()
        const [code] = (await exited) as [number | null]
        if (code !== 0) throw new Error(`${name} ended with ${code}: ${errors}`)
      },
    }
  }

  const comments = (repo: string, number: number): readonly string[] =>
    emulator
      .comments({ repo, number })
      .filter(({ user }) => user.type === 'Bot')
      .map((comment) => comment.body)

  return {
    emulator,
    folder,
    comments,
    app: (name, own = { capacity: 0 }) =>
      start(name, (url) => ({
        kind: 'app',
        app: { id: app.id, privateKey: app.privateKey, webhookSecret },
        apiUrl: emulator.apiUrl,
        webUrl: emulator.url,
        databaseUrl: url,
        dataFolder: join(folder, name),
        operator: { ...settings, runner: { ...ANY, ...own } },
        listen: { host: '127.0.0.1', port: 0 },
        permissionCacheMilliseconds: 0,
        timing,
      })),
    async runner(name, takes = {}) {
      // Each under a role of its own, as an operator should have it.
      await run(databaseUrl, runnerRoleSql(name, PASSWORD))
      return await start(name, (url) => ({
        kind: 'runner',
        name,
        databaseUrl: underRole(url, name),
        dataFolder: join(folder, name),
        webUrl: emulator.url,
        operator: settings,
        takes: { ...ANY, ...takes },
        timing,
      }))
    },
    async tasks({ name, bodies, label = 'yardmaster' }) {
      const owner = `owner-of-${name}`
      const repo = `${owner}/${name}`
      emulator.createUser({ login: owner })
      const files = {
        'README.md': '# Shop\n',
        'check.sh': 'exit 0\n',
        '.github/yardmaster.yml': `${CONFIG}limits: { parallel: 50 }\n`,
      }
      await emulator.createRepository({ owner, name, files })
      emulator.addCollaborator(repo, MAINTAINER, 'admin')
      emulator.install(app, [repo])
      const numbers = bodies.map(
        (body) => emulator.openIssue({ repo, as: READER, title: 'Say hello', body }).number,
      )
      for (const number of numbers) emulator.label({ repo, number, as: MAINTAINER, label })
      return { repo, numbers }
    },
    says: (repo, number, words) =>
      until(`${repo}#${number} says ${String(words)}`, () =>
        comments(repo, number).find((body) =>
          typeof words === 'string' ? body.includes(words) : words.test(body),
        ),
      ),
    sql: (statement) => run(databaseUrl, statement),
    agents: () => agentsOf(folder, ''),
    async close() {
      for (const child of children) {
        child.kill('SIGCONT')
        child.kill('SIGKILL')
      }
      for (const toxic of toxics) await toxic.close()
      await emulator.close()
      await server.stop()
      expect(emulator.violations, 'wrong uses of the API').toEqual([])
      await until('no process is left', async () => (await agentsOf(folder, '')).length === 0)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const PASSWORD = 'as-long-as-it-is-random'

function underRole(url: string, name: string): string {
  const own = new URL(url)
  own.username = roleOf(name)
  own.password = PASSWORD
  return own.href
}

const APP_YML = new URL('../../../app.yml', import.meta.url)
