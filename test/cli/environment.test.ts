/** What an operator may write into the environment, and the sentence for each mistake. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readEnvironment } from '../../src/cli/environment.ts'
import { writeEnvFile } from '../../src/cli/write-env-file.ts'

const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs1',
  format: 'pem',
}) as string
const GOOD = { APP_ID: '12', PRIVATE_KEY: KEY, WEBHOOK_SECRET: 'a-long-and-random-one' }

const complaints = (env: Readonly<Record<string, string>>): readonly string[] =>
  readEnvironment(env, '/srv/yard').problems.map(({ variable }) => variable)

describe('the environment', () => {
  it('is complete with the three credentials', () => {
    const { environment, problems } = readEnvironment(GOOD, '/srv/yard')
    expect(problems).toEqual([])
    expect(environment).toMatchObject({
      app: { id: 12, privateKey: KEY, webhookSecret: 'a-long-and-random-one' },
      apiUrl: 'https://api.github.com',
      webUrl: 'https://github.com',
      databaseUrl: null,
      configFile: '/srv/yard/yardmaster.config.yml',
      host: '127.0.0.1',
      port: 3000,
      webhookProxy: null,
    })
  })

  it('without any credential has no App and nothing wrong', () => {
    const { environment, problems } = readEnvironment({}, '/srv/yard')
    expect([environment.app, problems]).toEqual([null, []])
  })

  it('takes a variable that is set to nothing as not set', () => {
    const empty = { APP_ID: '', PRIVATE_KEY: '', WEBHOOK_SECRET: '', DATABASE_URL: '', PORT: '' }
    const { environment, problems } = readEnvironment(empty, '/srv/yard')
    expect([environment.app, environment.databaseUrl, environment.port, problems]).toEqual([
      null,
      null,
      3000,
      [],
    ])
  })

  it.each(['', 'development', 'secret', 'changeme'])(
    'refuses the guessable webhook secret %j, and says how to make another',
    (WEBHOOK_SECRET) => {
      const { environment, problems } = readEnvironment({ ...GOOD, WEBHOOK_SECRET }, '/srv/yard')
      expect(environment.app).toBeNull()
      expect(problems).toHaveLength(1)
      expect(problems[0]?.message).toContain('openssl rand -hex 32')
    },
  )

  it('asks for no webhook secret where GitHub is polled, and keeps none', () => {
    const { WEBHOOK_SECRET: _secret, ...unlistening } = GOOD
    for (const given of [unlistening, GOOD]) {
      const { environment, problems } = readEnvironment(given, '/srv/yard', true)
      expect([environment.app?.id, environment.app?.webhookSecret, problems]).toEqual([
        12,
        null,
        [],
      ])
    }
  })

  it.each<[string, Readonly<Record<string, string>>]>([
    ['APP_ID', { ...GOOD, APP_ID: 'yardmaster' }],
    ['PRIVATE_KEY', { APP_ID: '12', WEBHOOK_SECRET: GOOD.WEBHOOK_SECRET }],
    ['PRIVATE_KEY', { ...GOOD, PRIVATE_KEY: 'no key' }],
    ['PRIVATE_KEY_PATH', { ...GOOD, PRIVATE_KEY_PATH: '/nowhere/key.pem' }],
    ['PORT', { PORT: '99999' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['GHE_HOST', { GHE_HOST: 'https://github.example.org/' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://user:hunter2@db/yard' }],
    ['WEBHOOK_PROXY_URL', { WEBHOOK_PROXY_URL: 'smee' }],
  ])('names %s once when it cannot be used', (variable, env) => {
    expect(complaints(env)).toEqual([variable])
  })

  it('never repeats the password of a database', () => {
    const { problems } = readEnvironment({ DATABASE_URL: 'mysql://user:hunter2@db/yard' }, '/srv')
    expect(JSON.stringify(problems)).not.toContain('hunter2')
  })

  it('reads a key on one line, in base64, or from its file', () => {
    const forms = [KEY.trim().replaceAll('\n', String.raw`\n`), Buffer.from(KEY).toString('base64')]
    for (const PRIVATE_KEY of forms) {
      const { environment } = readEnvironment({ ...GOOD, PRIVATE_KEY }, '/srv/yard')
      expect(environment.app?.privateKey.trim()).toBe(KEY.trim())
    }
  })

  it('leads to a GitHub Enterprise Server, or the emulator, by its host', () => {
    const { environment } = readEnvironment(
      { GHE_HOST: '127.0.0.1:3001', GHE_PROTOCOL: 'http' },
      '/',
    )
    expect(environment.apiUrl).toBe('http://127.0.0.1:3001/api/v3')
    expect(environment.webUrl).toBe('http://127.0.0.1:3001')
  })
})

describe('the .env file', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'yard-env-'))
    file = join(folder, '.env')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is made for its owner only, and gives back what was written', () => {
    writeEnvFile(file, GOOD)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { environment, problems } = readEnvironment(
      parseEnv(readFileSync(file, 'utf8')) as Record<string, string>,
      folder,
    )
    expect(problems).toEqual([])
    expect(environment.app).toEqual({
      id: 12,
      privateKey: KEY.trim(),
      webhookSecret: GOOD.WEBHOOK_SECRET,
    })
  })

  it('keeps what a person wrote, replaces what is set anew, and closes the file to others', () => {
    writeFileSync(file, '# mine\nPORT=4000\nAPP_ID=1\n\nLOG_LEVEL=debug', { mode: 0o644 })
    writeEnvFile(file, { APP_ID: '2', WEBHOOK_SECRET: 's p a c e' })
    expect(readFileSync(file, 'utf8')).toBe(
      '# mine\nPORT=4000\nAPP_ID=2\n\nLOG_LEVEL=debug\nWEBHOOK_SECRET="s p a c e"\n',
    )
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })
})
