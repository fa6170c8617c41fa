/** A GitHub of its own and Yardmaster beside it in a process that can be killed: what survives is what was on disk. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { startEmulator } from '../../../src/emulator/emulator.ts'
import type { App, Emulator } from '../../../src/emulator/emulator.ts'
import { readOperatorSettings } from '../../../src/policy/operator-file.ts'
import { copyStore } from '../../support/store-template.ts'
import type { LifeSettings } from './one-life.ts'
import { until } from './until.ts'
import { CONFIG, MAINTAINER, READER, agentsOf } from './yard.ts'

export interface Life {
  /** Without warning, as when the power goes. */
  kill(): Promise<void>
  stop(): Promise<void>
}

export interface Lives {
  readonly emulator: Emulator
  readonly app: App
  readonly folder: string
  /** Rejects with what it said when it could not start. */
  start(): Promise<Life>
  /** A repository with that check and an issue, labelled. */
  task(words: {
    readonly name: string
    readonly body: string
    readonly label?: string
    readonly check?: string
  }): Promise<{ readonly repo: string; readonly number: number }>
  comments(repo: string, number: number): readonly string[]
  close(): Promise<void>
}

const LIFE = join(import.meta.dirname, 'one-life.ts')

export async function openLives(
  operator: string,
  /** How long a lost write may take; 2,000, where the product waits a minute. */
  { settleMilliseconds = 2_000 } = {},
): Promise<Lives> {
  const folder = await mkdtemp(join(tmpdir(), 'yard-lives-'))
  const read = readOperatorSettings(operator)
  if (read.kind !== 'ready') throw new Error(JSON.stringify(read.problems))
  await copyStore(join(folder, 'yardmaster/store'))
  const emulator = await startEmulator({ dataDir: join(folder, 'github'), limits: false })
  const webhookSecret = 'as long as it is random'
  const app = await emulator.createApp({ manifest: APP_YML, webhookUrl: null, webhookSecret })
  for (const login of [MAINTAINER, READER]) emulator.createUser({ login })
  const settings: LifeSettings = {
    app: { id: app.id, privateKey: app.privateKey, webhookSecret },
    apiUrl: emulator.apiUrl,
    webUrl: emulator.url,
    databaseUrl: null,
    dataFolder: join(folder, 'yardmaster'),
    operator: {
      ...read.settings,
      paceMilliseconds: 5,
      onboarding: false,
      retry: { firstSeconds: 0.2, maxSeconds: 1 },
    },
    listen: { host: '127.0.0.1', port: 0 },
    permissionCacheMilliseconds: 0,
    settleMilliseconds,
  }
  const children = new Set<ChildProcess>()

  return {
    emulator,
    app,
    folder,
    async start() {
      const child = spawn(process.execPath, [LIFE], { stdio: ['pipe', 'pipe', 'pipe'] })
      children.add(child)
      const exited = once(child, 'exit').finally(() => children.delete(child))
      let errors = ''
      child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
      child.stdin.on('error', () => {})
      child.stdin.write(`${JSON.stringify(settings)}\n`)
      const url = once(child.stdout, 'data').then(([chunk]) => String(chunk).trim())
      const ended = exited.then(() => Promise.reject(new Error(errors.trim())))
      emulator.setWebhookUrl(app, await Promise.race([url, ended]))
      ended.catch(() => {})
      return {
        async kill() {
          child.kill('SIGKILL')
          await exited
        },
        async stop() {
          child.stdin.end()
          const [code] = (await exited) as [number | null]
          if (code !== 0) throw new Error(`it ended with ${code}: ${errors}`)
        },
      }
    },
    async task({ name, body, label = 'yardmaster', check = 'exit 0\n' }) {
      // An installation of its own: writes to one go one at a time, and a story may leave one hanging.
      const owner = `owner-of-${name}`
      const repo = `${owner}/${name}`
      emulator.createUser({ login: owner })
      const files = { 'README.md': '# Shop\n', 'check.sh': check, '.github/yardmaster.yml': CONFIG }
      await emulator.createRepository({ owner, name, files })
      emulator.addCollaborator(repo, MAINTAINER, 'admin')
      emulator.install(app, [repo])
      const { number } = emulator.openIssue({ repo, as: READER, title: 'Say hello', body })
      emulator.label({ repo, number, as: MAINTAINER, label })
      return { repo, number }
    },
    comments: (repo, number) =>
      emulator
        .comments({ repo, number })
        .filter(({ user }) => user.type === 'Bot')
        .map((comment) => comment.body),
    async close() {
      for (const child of children) child.kill('SIGKILL')
      await emulator.close()
      expect(emulator.violations, 'wrong uses of the API').toEqual([])
      await until('no process is left', async () => (await agentsOf(folder)).length === 0)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const APP_YML = new URL('../../../app.yml', import.meta.url)
