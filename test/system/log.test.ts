/** A line of the log is one JSON object, steers nothing, and holds no secret, whatever somebody had it say (T29, T30). */
import { Writable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSecrets } from '../../src/policy/secrets/secrets.ts'
import { createLog } from '../../src/system/log.ts'

const KEY = 'mQ7zkT2wVb8rNc5yHd1pLs6gJe4u3fX9'

function logging() {
  const written: string[] = []
  const secrets = createSecrets()
  secrets.register('the key', KEY)
  const to = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk))
      done()
    },
  })
  return { log: createLog('info', to, secrets), written }
}

/** What terminals, and whoever reads lines, take for more than letters. */
const ODD = [
  '\u001b[31m',
  '\u001b]0;t\u0007',
  '\u009b2J',
  '\r\n',
  '\u2028',
  '\u0085',
  '\u202e',
  '\u200b',
  '\ud800',
  '::error::',
  '"}\n{"',
  '\\',
]
const STEERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

describe('a line of the log', () => {
  it('is one JSON object with what was said, for 10,000 odd texts', () => {
    const { log, written } = logging()
    const odd = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...ODD)), {
      maxLength: 6,
    })
    const texts = fc.sample(
      odd.map((parts) => parts.join('')),
      { numRuns: 10_000, seed: 7 },
    )
    for (const text of texts) log.info({ text }, text)
    expect(written).toHaveLength(10_000)
    const wrong = written.filter((line, at) => {
      const text = (texts[at] ?? '').replaceAll(KEY, '')
      const known = JSON.parse(line) as { readonly text?: unknown; readonly msg?: unknown }
      const same = known.text === text && known.msg === text
      return !same || !line.endsWith('}\n') || STEERS.test(line.slice(0, -1))
    })
    expect(wrong).toEqual([])
  })

  it('keeps its fields when a secret in it is taken out, also out of an error', () => {
    const { log, written } = logging()
    log.warn(
      { error: new Error(`refused: ${KEY}`), n: 1 },
      `with ${Buffer.from(KEY).toString('hex')}`,
    )
    const [line = ''] = written
    expect(JSON.parse(line)).toMatchObject({
      level: 40,
      n: 1,
      msg: 'with [withheld: the key]',
      error: { message: 'refused: [withheld: the key]' },
    })
    expect(line).not.toContain(KEY.slice(0, 16))
  })

  it('is left out but for its being there, when a secret lies in pieces over its fields', () => {
    const { log, written } = logging()
    log.info({ pieces: [KEY.slice(0, 11), KEY.slice(11, 21), KEY.slice(21)] }, 'said')
    expect(JSON.parse(written[0] ?? '')).toMatchObject({
      level: 30,
      msg: 'a line was left out, because it held the key',
    })
    expect(written[0]).not.toContain(KEY.slice(0, 11))
  })
})
