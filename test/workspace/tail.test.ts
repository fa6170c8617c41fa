import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainText } from '../../src/domain/plain-text.ts'
import { SHOWN, tailOf } from '../../src/workspace/tail.ts'

const UNSAFE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/

describe('the tail of a stream', () => {
  test('is all of it while it is short, however it is cut into chunks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(20), (given, size) => {
        const bytes = Buffer.from(given)
        const tail = tailOf()
        for (let at = 0; at < bytes.length; at += size + 1)
          tail.push(bytes.subarray(at, at + size + 1))
        expect(tail.text()).toBe(plainText(bytes.toString('utf8')))
      }),
    )
  })

  test('of a long stream is its end, in whole characters and lines, within the limit', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('a', 'ü', '€', '🎉'),
        fc.integer({ min: 1, max: 9 }),
        (letter, width) => {
          const tail = tailOf()
          const line = `${letter.repeat(width)}\n`
          for (let n = 0; n < 60_000; n += 1) tail.push(Buffer.from(line))
          const text = tail.text()
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(SHOWN)
          expect(Buffer.byteLength(text)).toBeGreaterThan(SHOWN - 100)
          expect(new Set(text.split('\n'))).toEqual(new Set([letter.repeat(width), '']))
        },
      ),
      { numRuns: 20 },
    )
  })

  test('of one endless line is still whole characters', () => {
    const tail = tailOf()
    for (let n = 0; n < 100_000; n += 1) tail.push(Buffer.from('€'))
    expect(tail.text()).toMatch(/^€+$/)
  })
})

describe('plain text', () => {
  test('never holds what a terminal or a reader’s eye would obey', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (given) => {
        const plain = plainText(given)
        expect(plain).not.toMatch(UNSAFE)
        expect(plain.isWellFormed()).toBe(true)
        expect(plainText(plain)).toBe(plain)
      }),
      { numRuns: 10_000 },
    )
  })

  test.each([
    ['\u001B[1;31mred\u001B[0m', 'red'],
    ['\u009B31mred', 'red'],
    ['\u001B]0;title\u0007x', 'x'],
    ['\u001B]8;;https://evil.test\u001B\\link\u001B]8;;\u001B\\', 'link'],
    ['\u001BPpayload\u001B\\x', 'x'],
    ['10%\r20%\r\nend', '10%\n20%\nend'],
    ['a\tb\nc', 'a\tb\nc'],
    ['family 👨‍👩‍👧 ü', 'family 👨‍👩‍👧 ü'],
    ['a\u202Eb\u2066c', 'abc'],
    ['\uD800x', '\uFFFDx'],
  ])('%j is shown as %j', (given, shown) => {
    expect(plainText(given)).toBe(shown)
  })
})
