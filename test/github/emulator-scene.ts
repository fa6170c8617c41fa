/** The adapter connected over HTTP to the stand-in for GitHub, which holds every request to GitHub's schemas. */
import { createSecrets } from '../../src/policy/secrets/secrets.ts'
import { EVER } from '../support/ever.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmulator, type Emulator } from '../../src/emulator/emulator.ts'
import type { Actor } from '../../src/domain/actor.ts'
import { installationId, instant, repoId, sha, type Sha } from '../../src/domain/ids.ts'
import type { RepoRef } from '../../src/domain/repository.ts'
import { createGitHub, type GitHub } from '../../src/github/create-github.ts'
import { createMemoryBook } from '../../src/github/memory-book.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { json, startLocalServer } from './local-server.ts'
import { MemoryLog, PRIVATE_KEY } from './support.ts'

export const CONFIG = 'verify: [npm test]\n'
export const COMMENT = {
  body: 'Queued.',
  marker: 'status',
  formerTry: null,
  notAfter: EVER,
  lane: 'act',
} as const
export const LABEL = { name: 'yard:queued', color: 'abcdef', description: 'Waits for a slot.' }

const CLOCK: Clock = {
  now: () => instant(Date.now()),
  monotonic: () => performance.now(),
  sleep: async (milliseconds) => {
    await sleep(milliseconds)
  },
}

export interface Scene {
  readonly emulator: Emulator
  readonly github: GitHub
  /** As after a restart: nothing remembered. */
  readonly restarted: (boardToken?: string) => GitHub
  readonly repo: RepoRef
  /** Owns the repository. */
  readonly ana: Actor
  readonly at: (number: number) => { readonly repo: string; readonly number: number }
  /** Opens an issue and gives its number. */
  readonly open: (title?: string) => number
  readonly head: () => Sha
  /** Throws when the stand-in had anything to complain of. */
  readonly close: () => Promise<void>
}

export async function startScene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'contract-'))
  const hooks = await startLocalServer((_, response) => json(response, 202, {}))
  const emulator = await startEmulator({
    dataDir: folder,
    app: { webhookUrl: hooks.origin, webhookSecret: 'not the default', privateKey: PRIVATE_KEY },
  })
  const person = emulator.createUser({ login: 'ana' })
  emulator.createUser({ login: 'ben' })
  const files = { '.github/yardmaster.yml': CONFIG, 'a.txt': 'a\n' }
  const made = await emulator.createRepository({ owner: 'ana', name: 'yard', files })
  const installation = emulator.install(emulator.app, ['ana/yard'])
  const restarted = (boardToken?: string) =>
    createGitHub({
      secrets: createSecrets(),
      boardToken: boardToken ?? null,
      appId: emulator.app.id,
      privateKey: PRIVATE_KEY,
      baseUrl: emulator.apiUrl,
      webUrl: emulator.url,
      clock: CLOCK,
      log: new MemoryLog(),
      paceMilliseconds: 0,
      book: createMemoryBook(() => CLOCK.now()),
      instance: 'test',
      allowed: null,
    })
  return {
    emulator,
    github: restarted(),
    restarted,
    repo: {
      id: repoId(made.id),
      owner: 'ana',
      name: 'yard',
      installation: installationId(installation.id),
      defaultBranch: 'main',
    },
    ana: { id: person.id, login: 'ana', kind: 'person' },
    at: (number) => ({ repo: 'ana/yard', number }),
    open: (title = 'Fix it') =>
      emulator.openIssue({ repo: 'ana/yard', as: 'ana', title, body: 'Please.' }).number,
    head: () => sha(emulator.branches('ana/yard').get('main') ?? ''),
    async close() {
      await emulator.whenIdle()
      const complaints = emulator.violations.map(({ what, detail }) => `${what}: ${detail}`)
      await emulator.close()
      await hooks.close()
      await rm(folder, { recursive: true, force: true })
      if (complaints.length > 0) throw new Error(`the emulator complains: ${complaints.join('; ')}`)
    },
  }
}
