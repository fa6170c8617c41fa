/** A newcomer without credentials: one page, one button, one `.env`, against a GitHub of our own. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator } from '../../src/emulator/emulator.ts'
import type { Emulator } from '../../src/emulator/emulator.ts'
import { enter } from './command-line.ts'
import type { Place, Running } from './command-line.ts'
import { freePort } from './free-port.ts'

describe('the set-up page', { timeout: 60_000 }, () => {
  let place: Place
  let emulator: Emulator
  let env: Readonly<Record<string, string>>
  beforeAll(async () => {
    place = enter()
    emulator = await startEmulator({ dataDir: join(place.folder, 'github') })
    emulator.createUser({ login: 'ana', name: 'Ana' })
    const PORT = String(await freePort())
    env = { GHE_HOST: new URL(emulator.url).host, GHE_PROTOCOL: 'http', PORT }
  })
  afterAll(async () => {
    await place.leave()
    await emulator.close()
  })

  /** Starts it and reads the manifest that its button would send. */
  async function open(args: readonly string[]): Promise<{ running: Running; manifest: string }> {
    const running = place.start(['start', ...args], env)
    await running.sees('Ctrl+C closes the page.')
    const page = await fetch(`http://127.0.0.1:${env['PORT']}/probot`)
    const manifest = /value='([^']+)'/.exec(await page.text())?.[1] ?? ''
    return { running, manifest }
  }

  it('asks for exactly the permissions and events of app.yml, with the webhook off', async () => {
    const { running, manifest } = await open([])
    const wanted = parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8'))
    expect(JSON.parse(manifest)).toMatchObject({ ...wanted, hook_attributes: { active: false } })
    expect(running.out()).toContain('Webhooks stay off')
    expect((await running.stop('SIGINT')).code).toBe(0)
    expect(existsSync(join(place.folder, '.env'))).toBe(false)
  })

  it('gives GitHub the address that the operator names', async () => {
    const { running, manifest } = await open(['--webhook-url', 'https://yard.example.org'])
    expect(JSON.parse(manifest).hook_attributes).toEqual({
      url: 'https://yard.example.org/api/github/webhooks',
      active: true,
    })
    expect((await running.stop()).code).toBe(0)
  })

  it('takes an address on this machine from a GitHub on this machine, and from no other', async () => {
    const near = 'http://127.0.0.1:3000'
    const { running, manifest } = await open(['--webhook-url', near])
    expect(JSON.parse(manifest).hook_attributes).toEqual({
      url: `${near}/api/github/webhooks`,
      active: true,
    })
    expect((await running.stop()).code).toBe(0)
    const far = await place.run(['start', '--webhook-url', near], { PORT: env['PORT'] ?? '' })
    expect(far.code).toBe(2)
    expect(far.err).toContain('must be a public https address')
  })

  it('is not upset by webhooks that come before there are credentials', async () => {
    const { running } = await open([])
    const early = await fetch(`http://127.0.0.1:${env['PORT']}/api/github/webhooks`, {
      method: 'POST',
      headers: {
        'x-github-event': 'installation',
        'x-github-delivery': 'first',
        'x-hub-signature-256': 'sha256=unknown',
      },
      body: '{}',
    })
    expect(early.status).toBe(404)
    expect((await running.stop()).code).toBe(0)
    expect(running.err()).not.toContain('signature')
  })

  it('keeps what GitHub hands out in a file for its owner only, and says what to do next', async () => {
    const { running, manifest } = await open([])
    const form = new URLSearchParams({ manifest, confirm: 'yes' })
    const registered = await fetch(`${emulator.url}/settings/apps/new`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
    })
    const back = registered.headers.get('location') ?? ''
    expect(back).toContain(`127.0.0.1:${env['PORT']}/probot/setup?code=`)
    const made = await fetch(back, { redirect: 'manual' })
    expect(made.headers.get('location')).toMatch(/\/apps\/yardmaster\/installations\/new$/)
    await running.sees('Next: choose in the browser')
    expect((await running.stop()).code).toBe(0)

    const file = join(place.folder, '.env')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const text = readFileSync(file, 'utf8')
    expect(text).not.toContain('CLIENT_SECRET')
    expect(running.out() + running.err()).not.toContain('BEGIN')
    const { out } = await place.run(['doctor'], env)
    expect(out).toMatch(/ok +credentials +GitHub knows the App yardmaster/)
  })

  it('is not shown again once there are credentials', async () => {
    const running = place.start(['start'], env)
    await running.sees('is up')
    expect(running.out()).not.toContain('/probot')
    expect((await running.stop()).code).toBe(0)
  })

  it('writes nothing that cannot be credentials', async () => {
    const elsewhere = enter()
    const PORT = String(await freePort())
    const running = elsewhere.start(['start'], { ...env, PORT })
    await running.sees('Ctrl+C closes the page.')
    const body = JSON.stringify({ appId: '1\nDATABASE_URL=evil', pem: 'x', webhook_secret: 'y' })
    await fetch(`http://127.0.0.1:${PORT}/probot/import`, { method: 'POST', body })
    await running.sees('nothing was written')
    expect(existsSync(join(elsewhere.folder, '.env'))).toBe(false)
    await running.stop()
    await elsewhere.leave()
  })
})
