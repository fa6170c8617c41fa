/** The same verbs over a PostgreSQL server: read without a live process, and one process for each data folder all the same. */
import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator } from '../../src/emulator/emulator.ts'
import type { Emulator } from '../../src/emulator/emulator.ts'
import { findPostgres, startPostgres } from '../support/postgres.ts'
import type { TestServer } from '../support/postgres.ts'
import { enter } from './command-line.ts'
import type { Place } from './command-line.ts'

const found = findPostgres()
const why = found.kind === 'none' ? ` (skipped: ${found.reason})` : ''

describe.skipIf(found.kind === 'none')(
  `a Yardmaster on PostgreSQL${why}`,
  { timeout: 90_000 },
  () => {
    let server: TestServer
    let place: Place
    let emulator: Emulator
    let env: Readonly<Record<string, string>>
    beforeAll(async () => {
      server = await startPostgres(found)
      place = enter()
      emulator = await startEmulator({ dataDir: join(place.folder, 'github') })
      const webhookSecret = randomBytes(32).toString('hex')
      const manifest = new URL('../../app.yml', import.meta.url)
      const app = await emulator.createApp({ manifest, webhookUrl: null, webhookSecret })
      const key = join(place.folder, 'key.pem')
      writeFileSync(key, app.privateKey, { mode: 0o600 })
      env = {
        GHE_HOST: new URL(emulator.url).host,
        GHE_PROTOCOL: 'http',
        APP_ID: String(app.id),
        PRIVATE_KEY_PATH: key,
        WEBHOOK_SECRET: webhookSecret,
        PORT: '0',
        DATABASE_URL: await server.createDatabase(),
      }
    })
    afterAll(async () => {
      await place.leave()
      await emulator.close()
      await server.stop()
    })

    it('is read before anything has run, and makes no other store', async () => {
      const { code, out } = await place.run(['queue'], env)
      expect(code).toBe(0)
      expect(out).toContain('0 tasks in 0 repositories')
      expect((await place.run(['doctor'], env)).out).toMatch(/ok +store +PostgreSQL answers/)
      expect(existsSync(join(place.dataFolder, 'store'))).toBe(false)
    })

    it('keeps a second process away from the same mirrors and worktrees', async () => {
      const running = place.start(['start'], env)
      await running.sees('Next:')
      expect(running.out()).toContain('PostgreSQL (DATABASE_URL)')
      expect((await place.run(['queue'], env)).out).toContain(`process ${running.child.pid}`)
      const second = await place.run(['start'], env)
      expect(second.code).toBe(3)
      expect(second.err).toContain(`in use by process ${running.child.pid}`)
      expect((await running.stop()).code).toBe(0)
      const third = place.start(['start'], env)
      await third.sees('Next:')
      expect((await third.stop()).code).toBe(0)
    })
  },
)
