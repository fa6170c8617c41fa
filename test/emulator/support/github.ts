// A small GitHub for a test: ana owns acme/shop, ben writes, ria only reads, the App is installed;
// with real Octokit clients and a receiver of webhooks. Everything ends with the test.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { onTestFinished } from 'vitest'
import {
  startEmulator,
  type Emulator,
  type EmulatorOptions,
  type Installation,
} from '../../../src/emulator/emulator.ts'
import { QUIET } from './client.ts'
import { PRIVATE_KEY } from './key.ts'

export const REPO = { owner: 'acme', repo: 'shop' }
export const SECRET = 'a secret that only hooks know'

type Hook = {
  readonly event: string
  readonly guid: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly payload: Readonly<Record<string, never>>
}

export type Scene = {
  readonly github: Emulator
  readonly installation: Installation
  /** As the installation, with a token of all its permissions. */
  readonly octokit: Octokit
  /** As the App, by JWT. */
  readonly appOctokit: Octokit
  /** What the webhook receiver got, in order. */
  readonly hooks: Hook[]
  /** Status that the receiver answers with. */
  answer: number
}

export async function scene(options: Partial<EmulatorOptions> = {}): Promise<Scene> {
  const dataDir = await mkdtemp(join(tmpdir(), 'emulator-'))
  const hooks: Hook[] = []
  const state = { answer: 200 }
  const receiver = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const headers = req.headers as Record<string, string>
      hooks.push({
        event: headers['x-github-event'] ?? '',
        guid: headers['x-github-delivery'] ?? '',
        headers,
        body,
        payload: JSON.parse(body) as Record<string, never>,
      })
      res.writeHead(state.answer).end('thanks')
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const address = receiver.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const github = await startEmulator({
    dataDir,
    app: {
      webhookUrl: `http://127.0.0.1:${address.port}/`,
      webhookSecret: SECRET,
      privateKey: PRIVATE_KEY,
    },
    ...options,
  })
  onTestFinished(async () => {
    await github.close()
    receiver.closeAllConnections()
    receiver.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  github.createUser({ login: 'ana', name: 'Ana' })
  github.createUser({ login: 'ben', name: 'Ben' })
  github.createUser({ login: 'ria', name: 'Ria' })
  github.createOrganization({ login: 'acme', owners: ['ana'] })
  await github.createRepository({
    owner: 'acme',
    name: 'shop',
    private: true,
    files: { 'README.md': '# Shop\n', 'src/price.ts': 'export const price = 1\n' },
  })
  github.setRole('acme/shop', 'ben', 'write')
  github.setRole('acme/shop', 'ria', 'read')
  const installation = github.install(github.app, ['acme/shop'])
  await github.whenIdle()
  hooks.length = 0
  const auth = { appId: github.app.id, privateKey: PRIVATE_KEY }
  const shared = { baseUrl: github.apiUrl, authStrategy: createAppAuth, log: QUIET }
  return {
    github,
    installation,
    octokit: new Octokit({ ...shared, auth: { ...auth, installationId: installation.id } }),
    appOctokit: new Octokit({ ...shared, auth }),
    hooks,
    get answer() {
      return state.answer
    },
    set answer(value: number) {
      state.answer = value
    },
  }
}
