/** A GitHub with a Yardmaster whose store can be lost. In-process, over real git and the real store. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalWorld } from '../../src/cli/local-world.ts'
import type { LocalWorld } from '../../src/cli/local-world.ts'
import { rebuildStore } from '../../src/cli/rebuild-store.ts'
import type { Task } from '../../src/domain/task.ts'
import type { Emulator } from '../../src/emulator/emulator.ts'
import type { RebuiltRepository } from '../../src/engine/rebuild/rebuild.ts'
import { readOperatorSettings } from '../../src/policy/operator-file.ts'
import { createLog } from '../../src/system/log.ts'
import { copyStore } from '../../test/support/store-template.ts'

export const MAINTAINER = 'ana'
export const STRANGER = 'rudi'
const CONFIG = 'verify: [sh check.sh]\n'
const AGENT = join(import.meta.dirname, '../../test/scenario/support/agent.ts')

export interface LosingWorld {
  readonly emulator: Emulator
  readonly running: () => ReturnType<LocalWorld['yardmaster']>
  repository(name: string, before?: (repo: string) => void): Promise<string>
  task(repo: string, number: number): Promise<Task | null>
  stop(): Promise<void>
  start(): Promise<void>
  /** GitHub's clock goes ahead by so many milliseconds. */
  pass(milliseconds: number): void
  /** Politely stopped; then the store is gone, and the whole data folder with it if `all`. */
  lose(all: boolean): Promise<void>
  /** Reads it back, and starts. */
  rebuild(): Promise<readonly RebuiltRepository[]>
  /** Agents of the profile `stays` come to their end. */
  letGo(): Promise<void>
  until<Value>(what: string, look: () => Promise<Value | Nothing> | Value | Nothing): Promise<Value>
  close(): Promise<void>
}
type Nothing = null | undefined | false

export async function openLosingWorld(): Promise<LosingWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'yard-rebuild-'))
  const go = join(folder, 'go')
  const dataFolder = join(folder, 'yardmaster')
  const store = join(dataFolder, 'store')
  await copyStore(store)
  let ahead = 0
  const log = createLog(process.env['YARD_LOG'] ?? 'silent')
  const operator = operatorOf(go)
  const world = await startLocalWorld({
    folder,
    operator,
    environment: process.env,
    log,
    permissionCacheMilliseconds: 0,
    settleMilliseconds: 1_000,
    githubClock: { now: () => Date.now() + ahead },
  })
  const { emulator, app } = world
  emulator.limits.enforced = false
  for (const login of [MAINTAINER, STRANGER]) emulator.createUser({ login })

  return {
    emulator,
    running: () => world.yardmaster(),
    async repository(name, before) {
      const owner = `owner-of-${name}`
      emulator.createUser({ login: owner })
      const files = {
        'README.md': '# Shop\n',
        'check.sh': 'exit 0\n',
        '.github/yardmaster.yml': CONFIG,
      }
      await emulator.createRepository({ owner, name, files })
      const repo = `${owner}/${name}`
      emulator.addCollaborator(repo, MAINTAINER, 'admin')
      emulator.addCollaborator(repo, STRANGER, 'triage')
      before?.(repo)
      emulator.install(app, [repo])
      return repo
    },
    async task(repo, number) {
      const id = emulator.repository(repo).id
      const tasks = await world.yardmaster().store.list({})
      return tasks.find((one) => Number(one.repo) === id && one.number === number) ?? null
    },
    stop: () => world.yardmaster().stop(),
    start: () => world.start(),
    pass: (milliseconds) => void (ahead += milliseconds),
    async lose(all) {
      await world.yardmaster().stop()
      await rm(all ? dataFolder : store, { recursive: true })
    },
    async rebuild() {
      await copyStore(store)
      const { id, privateKey, webhookSecret } = app
      const found = await rebuildStore(
        {
          app: { id, privateKey, webhookSecret },
          apiUrl: emulator.apiUrl,
          webUrl: emulator.url,
          databaseUrl: null,
          dataFolder,
          operator,
          log,
        },
        () => {},
      )
      await world.start()
      return found
    },
    letGo: () => writeFile(go, ''),
    async until(what, look) {
      const end = performance.now() + 60_000
      for (;;) {
        const value = await look()
        if (value !== null && value !== undefined && value !== false) return value
        if (performance.now() > end) throw new Error(`never happened: ${what}`)
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
    },
    async close() {
      await emulator.whenIdle()
      await world.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The built-in agent, and one that stays until it is let go, of which there is one at a time. */
function operatorOf(go: string) {
  const steps = [{ until: go }, { write: 'stayed.txt', text: 'Stayed.\n' }]
  const read = readOperatorSettings(
    JSON.stringify({
      profiles: {
        patch: { command: 'builtin:patch' },
        stays: { command: [process.execPath, AGENT, JSON.stringify(steps)], tier: 'slow' },
      },
      default_profile: 'patch',
      jail: 'none',
      caps: { total: 20, per_repository: 20, per_actor_day: 10_000, tiers: { slow: 1 } },
    }),
  )
  if (read.kind !== 'ready') throw new Error(JSON.stringify(read.problems))
  return {
    ...read.settings,
    paceMilliseconds: 5,
    onboarding: false,
    retry: { firstSeconds: 0.2, maxSeconds: 1 },
  }
}
