/** `yardmaster board init` as an operator types it, against the emulator: a new project, one that is adopted, and none that can be seen. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator } from '../../src/emulator/emulator.ts'
import type { Emulator } from '../../src/emulator/emulator.ts'
import { enter } from './command-line.ts'
import type { Place } from './command-line.ts'

let place: Place
let emulator: Emulator

beforeAll(async () => {
  place = enter()
  emulator = await startEmulator({ dataDir: join(place.folder, 'github') })
  emulator.createUser({ login: 'ana', name: 'Ana' })
  emulator.createOrganization({ login: 'acme', owners: ['ana'] })
  const config = 'board: { project: 2, status: { queued: Ready } }\n'
  await emulator.createRepository({
    owner: 'acme',
    name: 'shop',
    files: { '.github/yardmaster.yml': config },
  })
  await emulator.createRepository({ owner: 'ana', name: 'hello', files: { 'README.md': '# Hi\n' } })
  const webhookSecret = randomBytes(32).toString('hex')
  const app = await emulator.createApp({
    manifest: new URL('../../app.yml', import.meta.url),
    webhookUrl: null,
    webhookSecret,
  })
  emulator.install(app, ['acme/shop'])
  emulator.install(app, ['ana/hello'])
  const key = join(place.folder, 'key.pem')
  writeFileSync(key, app.privateKey, { mode: 0o600 })
  writeFileSync(join(place.folder, 'yardmaster.config.yml'), 'pace_ms: 0\n')
  const lines = [
    `GHE_HOST=${new URL(emulator.url).host}`,
    'GHE_PROTOCOL=http',
    `APP_ID=${app.id}`,
    `PRIVATE_KEY_PATH=${key}`,
    `WEBHOOK_SECRET=${webhookSecret}`,
  ]
  writeFileSync(join(place.folder, '.env'), lines.join('\n'))
})
afterAll(async () => {
  await place.leave()
  await emulator.close()
})

const statusOf = (project: number): readonly string[] =>
  emulator
    .project({ owner: 'acme', project })
    .fields.find(({ name }) => name === 'Status')
    ?.options.map(({ name }) => name) ?? []

describe('yardmaster board init', { timeout: 120_000 }, () => {
  it('makes a project with all columns and fields, and prints the lines for the settings', async () => {
    const { code, out, err } = await place.run(['board', 'init', 'acme'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('made: project Yardmaster')
    expect(out).toContain('made: field Attempt, Wave, Cost, Agent')
    expect(out).toContain('board:\n  project: 1\n')
    expect(statusOf(1)).toEqual([
      'Todo',
      'In Progress',
      'Done',
      'Backlog',
      'Needs answer',
      'Needs approval',
      'In Review',
      'On hold',
      'Failed',
    ])
  })

  it('does nothing more when it is run again', async () => {
    const { out } = await place.run(['board', 'init', 'acme', '--json'])
    const { project, deeds } = JSON.parse(out) as {
      readonly project: number
      readonly deeds: readonly { readonly did: string }[]
    }
    expect(project).toBe(1)
    expect(deeds.every(({ did }) => did === 'found')).toBe(true)
  })

  it('adopts a project, keeps its cards where they lie, and calls columns as the repository does', async () => {
    const { number } = emulator.createProject({ owner: 'acme', title: 'Ours' })
    const issue = emulator.openIssue({ repo: 'acme/shop', as: 'ana', title: 'Broken', body: '' })
    const card = {
      owner: 'acme',
      project: number,
      card: { repo: 'acme/shop', number: issue.number },
    }
    emulator.addCard({ ...card, as: 'ana' })
    emulator.moveCard({ ...card, as: 'ana', to: 'In Progress' })
    const args = ['board', 'init', 'acme', '--project', String(number), '--repo', 'acme/shop']
    const { code, out } = await place.run(args)
    expect(code).toBe(0)
    expect(out).toContain('was there: project Ours')
    expect(out).toContain('    queued: "Ready"')
    expect(statusOf(number)).toContain('Ready')
    expect(emulator.cardValue(card, 'Status')).toBe('In Progress')
  })

  it('says what to do about the projects of a person, and takes a token of theirs', async () => {
    const { code, err } = await place.run(['board', 'init', 'ana'])
    expect(code).toBe(1)
    expect(err).toContain('YARDMASTER_BOARD_TOKEN')
    const token = emulator.createPersonToken('ana', ['project'])
    const made = await place.run(['board', 'init', 'ana'], { YARDMASTER_BOARD_TOKEN: token })
    expect(made.err).toBe('')
    expect(made.out).toContain('made: project Yardmaster')
    expect(emulator.projects('ana').map(({ title }) => title)).toEqual(['Yardmaster'])
  })

  it('asks GitHub for nothing wrong, but for the projects of a person', () => {
    expect(emulator.violations.filter(({ what }) => what !== 'permission')).toEqual([])
  })
})
