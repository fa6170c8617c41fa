/** What is sealed for one runner opens for it alone, in its own context, unchanged. */
import { describe, expect, test } from 'vitest'
import { createOpener, envelope } from '../../src/system/envelope.ts'

const SECRET = 'ghs_16C7e42F292c6912E7710c838347Ae178B4a and “words”'

describe('an envelope', () => {
  test('opens for the key and the context that it was sealed for', () => {
    const runner = createOpener()
    const sealed = envelope.seal(runner.publicKey, SECRET, 'request-1')
    expect(sealed).not.toContain('ghs_')
    expect(runner.open(sealed, 'request-1')).toBe(SECRET)
  })

  test('opens for nobody else, and for no other request', () => {
    const [runner, other] = [createOpener(), createOpener()]
    const sealed = envelope.seal(runner.publicKey, SECRET, 'request-1')
    expect(() => other.open(sealed, 'request-1')).toThrow('cannot be opened')
    expect(() => runner.open(sealed, 'request-2')).toThrow('cannot be opened')
  })

  test('is another one each time, also for the same text', () => {
    const { publicKey } = createOpener()
    const sealed = [1, 2].map(() => envelope.seal(publicKey, SECRET, 'request-1'))
    expect(sealed[0]).not.toBe(sealed[1])
  })

  test('opens no more when one bit of it is another', () => {
    const runner = createOpener()
    const sealed = envelope.seal(runner.publicKey, SECRET, 'request-1')
    const [from = '', hidden = ''] = sealed.split('.')
    const bytes = Buffer.from(hidden, 'base64')
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
      expect(() => runner.open(`${from}.${changed.toString('base64')}`, 'request-1')).toThrow(
        'cannot be opened',
      )
    }
    expect(() => runner.open('nonsense', 'request-1')).toThrow('cannot be opened')
    expect(() => runner.open('', 'request-1')).toThrow('cannot be opened')
  })

  test('holds a long text', () => {
    const runner = createOpener()
    const long = 'wörds '.repeat(50_000)
    expect(runner.open(envelope.seal(runner.publicKey, long, 'x'), 'x')).toBe(long)
  })
})
