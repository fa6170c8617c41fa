/** What the tests of the GitHub edge share: a clock that never waits, a key, a repository, and GitHub on the wire. */
import { generateKeyPairSync } from 'node:crypto'
import nock from 'nock'
import { createSecrets } from '../../src/policy/secrets/secrets.ts'
import type { Actor } from '../../src/domain/actor.ts'
import { installationId, instant, repoId } from '../../src/domain/ids.ts'
import type { RepoRef } from '../../src/domain/repository.ts'
import { createGitHub, type GitHub, type GitHubOptions } from '../../src/github/create-github.ts'
import { createMemoryBook } from '../../src/github/memory-book.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { WorldFault } from '../../src/ports/fault.ts'
import type { Log } from '../../src/ports/log.ts'

export const API = 'https://api.github.com'
export const APP_ID = 4242
export const INSTALLATION = installationId(77)
export const TOKEN = `ghs_${APP_ID}_${'x'.repeat(60)}`
export const START = Date.parse('2026-03-01T12:00:00Z')

export const PRIVATE_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString()

export const REPO: RepoRef = {
  id: repoId(900),
  owner: 'octo',
  name: 'yard',
  installation: INSTALLATION,
  defaultBranch: 'main',
}

export const ANA: Actor = { id: 5, login: 'ana', kind: 'person' }

/** Time passes only while somebody sleeps. */
export class FakeClock implements Clock {
  elapsed = 0
  readonly slept: number[] = []
  now = () => instant(START + this.elapsed)
  monotonic = () => this.elapsed
  async sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds)
    this.elapsed += Math.max(0, milliseconds)
    await Promise.resolve()
  }
}

export class MemoryLog implements Log {
  readonly lines: string[] = []
  debug = (fields: object, message: string): void => this.#keep(fields, message)
  info = (fields: object, message: string): void => this.#keep(fields, message)
  warn = (fields: object, message: string): void => this.#keep(fields, message)
  error = (fields: object, message: string): void => this.#keep(fields, message)
  #keep(fields: object, message: string): void {
    this.lines.push(`${JSON.stringify(fields)} ${message}`)
  }
}

export function createTestGitHub(
  options: Partial<GitHubOptions> = {},
): GitHub & { readonly clock: FakeClock; readonly log: MemoryLog } {
  const clock = new FakeClock()
  const log = new MemoryLog()
  const github = createGitHub({
    secrets: createSecrets(),
    appId: APP_ID,
    privateKey: PRIVATE_KEY,
    baseUrl: API,
    webUrl: 'https://github.com',
    clock,
    log,
    paceMilliseconds: 1_000,
    book: createMemoryBook(clock.now),
    instance: 'test',
    allowed: null,
    ...options,
  })
  return { ...github, clock, log }
}

/** Lets the installation mint any number of tokens. */
export function minting(token = TOKEN): nock.Scope {
  return nock(API)
    .post(`/app/installations/${INSTALLATION}/access_tokens`)
    .reply(201, { token, expires_at: new Date(START + 3_600_000).toISOString() })
    .persist()
}

/** The fault that a call ends with; any other end fails the test. */
export async function faultOf(call: Promise<unknown>): Promise<WorldFault> {
  try {
    await call
  } catch (error) {
    if (error instanceof WorldFault) return error
    throw error
  }
  throw new Error('expected a WorldFault')
}

/** Fails the test when a request was expected and not made, or made and not expected. */
export function startWire(): void {
  nock.disableNetConnect()
}

export function endWire(): void {
  const pending = nock.pendingMocks().filter((mock) => !mock.includes('/access_tokens'))
  nock.cleanAll()
  nock.enableNetConnect()
  if (pending.length > 0) throw new Error(`never asked for: ${pending.join(', ')}`)
}
