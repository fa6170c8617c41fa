/** The registry and the shapes: what is found, what it is called, what is left of the text, and how long it takes. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { instant } from '../../../src/domain/ids.ts'
import { maskValues } from '../../../src/policy/secrets/mask-values.ts'
import { registerEnvironment } from '../../../src/policy/secrets/of-environment.ts'
import { createSecrets } from '../../../src/policy/secrets/secrets.ts'
import { SECRETS } from './disguises.ts'

const LIVE = 'correct-horse-battery-staple-42'

function holding(value = LIVE) {
  const secrets = createSecrets()
  secrets.register('the key', value)
  return secrets
}

describe('a secret that is known', () => {
  it('is replaced by its name, and the rest of the text stays as it was', () => {
    expect(holding().mask(`Use ${LIVE}, not ${LIVE.slice(5, 25)}!`)).toBe(
      'Use [withheld: the key], not [withheld: the key]!',
    )
  })

  it('is found in sixteen characters of it, and not in fifteen', () => {
    const secrets = holding()
    for (let at = 0; at + 16 <= LIVE.length; at += 1)
      expect(secrets.find(`x ${LIVE.slice(at, at + 16)} y`)).toMatchObject([{ live: true }])
    expect(secrets.find(`x ${LIVE.slice(3, 18)} y`)).toEqual([])
  })

  it.each([
    ['in pieces of code', `const k = "correct-" + 'horse-bat' + "tery-staple-42"`],
    ['in a quotation', LIVE.match(/.{1,6}/g)?.join('\n> ') ?? ''],
    ['with letters of full width', LIVE.replaceAll('t', 'ｔ')],
    ['escaped twice', JSON.stringify(JSON.stringify({ a: `"${LIVE}` }))],
    ['as bytes of C', [...Buffer.from(LIVE)].map((one) => `0x${one.toString(16)}`).join(', ')],
    ['as bytes with colons', Buffer.from(LIVE).toString('hex').match(/../g)?.join(':') ?? ''],
    ['as base64 of a wide encoding', Buffer.from(LIVE, 'utf16le').toString('base64')],
    [
      'as base64 in lines',
      Buffer.from(LIVE)
        .toString('base64')
        .match(/.{1,8}/g)
        ?.join('\n') ?? '',
    ],
    ['as base64 in an address', encodeURIComponent(Buffer.from(`?${LIVE}`).toString('base64'))],
    [
      'turned round in base64',
      Buffer.from(Array.from(LIVE).toReversed().join('')).toString('base64'),
    ],
    ['as numbers of HTML', [...Buffer.from(LIVE)].map((one) => `&#${one};`).join('')],
  ])('is found %s', (_, text) => {
    const secrets = holding()
    expect(secrets.find(text)).toMatchObject([{ name: 'the key', live: true }])
    expect(secrets.find(secrets.mask(text))).toEqual([])
  })

  it('is forgotten when it has expired, and not before; the later end counts', () => {
    const secrets = createSecrets()
    secrets.register('a token', LIVE, instant(1_000))
    secrets.register('a token', LIVE, instant(5_000))
    secrets.register('a token', LIVE, instant(2_000))
    secrets.expire(instant(5_000))
    expect(secrets.find(LIVE)).toHaveLength(1)
    secrets.expire(instant(5_001))
    expect(secrets.find(LIVE)).toEqual([])
  })

  it('of few characters is looked for whole, and of fewer not at all', () => {
    expect(holding('hunter2-hunter').mask('say hunter2-hunter')).toBe('say [withheld: the key]')
    expect(holding('hunter2-hunter').find('say hunter2-hunte')).toEqual([])
    expect(holding('hunter2').find('say hunter2')).toEqual([])
  })

  it('with a frame does not make the frame one: a public key of the same kind is none', () => {
    const spell = { format: 'pem' } as const
    for (const type of ['pkcs1', 'pkcs8'] as const) {
      const make = () =>
        generateKeyPairSync('rsa', {
          modulusLength: 2048,
          publicKeyEncoding: { ...spell, type: 'spki' },
          privateKeyEncoding: { ...spell, type },
        })
      const ours = make()
      const secrets = holding(ours.privateKey)
      const others = make()
      expect(secrets.find(others.publicKey)).toEqual([])
      expect(secrets.find(others.privateKey)).toMatchObject([{ live: false }])
      expect(secrets.find('-----BEGIN RSA PRIVATE KEY-----')).toEqual([])
      const masked = secrets.mask(`It is\n${ours.privateKey}as you see`)
      expect(masked).toBe('It is\n[withheld: the key]\nas you see')
      const line = ours.privateKey.split('\n')[9] ?? ''
      expect(secrets.find(line)).toMatchObject([{ name: 'the key', live: true }])
    }
  })
})

it('a signed token does not make a secret of the header that all of its kind have', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = part({ alg: 'RS256', typ: 'JWT' })
  const claims = part({ iss: 'yardmaster', sub: 'somebody', aud: 'github' })
  const secrets = holding(
    `ghs_12345_${header}.${claims}.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c`,
  )
  const others = `${header}.${part({ sub: '1234567890' })}.kWoP2Vb8rNc5yHd1pLs6gJe4u3fX9mQ7zkT2wVb8rN`
  expect(secrets.find(others)).toMatchObject([{ live: false }])
  expect(secrets.find(claims)).toMatchObject([{ live: true }])
})

it('of many that are known, some are forgotten only when enough of them have expired', () => {
  const secrets = createSecrets()
  for (let at = 0; at < 8; at += 1)
    secrets.register('a token', `${LIVE}${at}`, instant(at === 0 ? 1_000 : 9_000))
  secrets.expire(instant(5_000))
  expect(secrets.find(LIVE)).toHaveLength(1)
  secrets.expire(instant(9_001))
  expect(secrets.find(LIVE)).toEqual([])
})

it('a thousand tokens are made ready for looking in less than half a second', () => {
  const secrets = createSecrets()
  for (let at = 0; at < 1_000; at += 1)
    secrets.register('a token', Buffer.from(`${at * 7_919} `.repeat(60)).toString('base64url'))
  const before = process.cpuUsage()
  secrets.find('a text')
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1_000).toBeLessThan(500)
})

describe('a shape', () => {
  const secrets = createSecrets()
  // Those that have none: what is known of them is only their value.
  const SHAPELESS = [20, 21, 22, 23, 24, 25, 26]

  it.each(SECRETS.map((value, at) => [at, value] as const))(
    'of secret %i is known, or has none',
    (at, value) => {
      const found = secrets.find(`token: ${value}\n`)
      expect(found.map(({ live }) => live)).toEqual(SHAPELESS.includes(at) ? [] : [false])
      const left = secrets.mask(value)
      expect(left === value || /^\[withheld: an? [^\]]+\]$/.test(left)).toBe(true)
    },
  )

  it('of a signed token is one only with a header and claims', () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const signature = 'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c'
    const token = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: '1234567890' })}.${signature}`
    expect(secrets.find(token)).toMatchObject([{ name: 'a signed token (JWT)' }])
    expect(secrets.find(`eyJhbGciOiJub25lIn0.eyJhIjoxfQxxxx.${signature}`)).toEqual([])
    expect(secrets.find(`${part({ kid: 1 })}.${part({ sub: 1 })}.${signature}`)).toEqual([])
  })

  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    `ghp_${'x'.repeat(36)}`,
    `sk-ant-api03-${'0'.repeat(60)}`,
    'sk-learn-is-a-library-with-a-name-like-one-of-those-keys-but-long',
    'task-ant-api03-is-not-a-key-and-neither-is-this-thing-here',
    `integrity sha512-${Buffer.alloc(64, 7).toString('base64')}`,
    'f41c9cdf41c9cdf41c9cdf41c9cdf41c9cdf41c9',
    '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n and a sentence of some length',
    '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo\n',
    'npm_config_ignore_scripts=true and npm_config_registry=somewhere',
  ])('is not seen in %j', (text) => {
    expect(secrets.find(text)).toEqual([])
  })
})

it('a value keeps its shape when what stands in it is masked, and is the same value when nothing does', () => {
  const secrets = holding()
  const value = { n: 1, none: null, list: ['a', { text: `say ${LIVE}` }] }
  expect(maskValues(value, secrets)).toEqual({
    n: 1,
    none: null,
    list: ['a', { text: 'say [withheld: the key]' }],
  })
  const clean = { list: ['a', { text: 'b' }] }
  expect(maskValues(clean, secrets)).toBe(clean)
})

it('of the environment what is named like a secret and could be one is one', () => {
  const secrets = createSecrets()
  registerEnvironment(secrets, {
    SOME_API_KEY: 'k3yk3yk3y-of-some-api-9876',
    DATABASE_URL: 'postgres://yard:pass%2Fword-of-postgres@db.example/yard',
    SSH_AUTH_SOCK: '/tmp/ssh-agent-of-somebody/agent.1',
    PRIVATE_KEY_PATH: '/home/yard/yardmaster.pem',
    ANTHROPIC_MODEL: 'a-model-with-a-very-long-name',
    ANTHROPIC_BASE_URL: 'https://models.example/anthropic',
    NPM_TOKEN: undefined,
    SHORT_TOKEN: 'short',
  })
  const found = (text: string): readonly string[] => secrets.find(text).map(({ name }) => name)
  expect(found('k3yk3yk3y-of-some-api-9876')).toEqual(['the value of SOME_API_KEY'])
  expect(found('pass/word-of-postgres')).toEqual(['the password in DATABASE_URL'])
  expect(
    found('db.example/yard /tmp/ssh-agent-of-somebody/agent.1 /home/yard/yardmaster.pem'),
  ).toEqual([])
  expect(found('a-model-with-a-very-long-name https://models.example/anthropic short')).toEqual([])
})

it('a comment of 60 KB is looked through in less than ten milliseconds, with fifty tokens known', () => {
  const secrets = createSecrets()
  for (const [at, value] of SECRETS.entries()) secrets.register(`secret ${at}`, value)
  for (let at = 0; at < 50; at += 1)
    secrets.register('a token', Buffer.from(`${at} `.repeat(160)).toString('base64url'))
  const words = 'The `quick` fox, see https://example.com/a?b=c%20d and "x\\ny" 0x12 deadbeef.\n'
  const text = words.repeat(900).slice(0, 60_000)
  secrets.find(text)
  // The time of this process alone: others share the machine.
  let best = Infinity
  for (let round = 0; round < 15; round += 1) {
    const before = process.cpuUsage()
    secrets.find(text)
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1_000)
  }
  expect(best).toBeLessThan(10)
})
