import { afterEach, describe, expect, test } from 'vitest'
import type { Listening } from '../../src/commands/parse.ts'
import { openCommandReader } from '../../src/system/command-reader.ts'
import type { CommandReader } from '../../src/ports/command-reader.ts'
import { EVERYDAY_COMMENTS } from '../commands/everyday-comments.ts'
import { verdict } from '../commands/reading.ts'
import { watchTurns } from '../support/watch-turns.ts'
import { SLOW_COMMENTS } from './slow-comments.ts'

const LISTENING: Listening = { slug: 'yardmaster', commands: 'bare', place: 'issue' }
/** Reading it takes 0.2 s of a core. */
const SLOW = `${'>'.repeat(2_000)}\n\n/retry`

const opened: CommandReader[] = []
const open = (milliseconds?: number): CommandReader => {
  const reader = openCommandReader(milliseconds)
  opened.push(reader)
  return reader
}
afterEach(() => Promise.all(opened.splice(0).map((reader) => reader.close())))

describe('comments', () => {
  test('are read in the thread as they are without it', async () => {
    const reader = open()
    const readings = await Promise.all(
      EVERYDAY_COMMENTS.map(async ([body]) => [body, verdict(await reader.read(body, LISTENING))]),
    )
    expect(readings).toEqual(EVERYDAY_COMMENTS)
  }, 60_000)

  test('are read in order, when many come at once', async () => {
    const reader = open()
    const bodies = ['/retry', SLOW, '/unhold', '', '/yard status']
    const readings = await Promise.all(bodies.map((body) => reader.read(body, LISTENING)))
    expect(readings.map(verdict).filter((_, index) => index !== 1)).toEqual([
      'retry@1',
      'unhold@1',
      'nothing',
      'status@1',
    ])
  })

  test('that miss the deadline are refused, and the next one is read', async () => {
    const hasty = open(1)
    expect(verdict(await hasty.read(SLOW, LISTENING))).toBe('!unreadable@1')
    // Each miss has cost it its thread.
    expect(verdict(await hasty.read('/retry', LISTENING))).toMatch(/^(retry|!unreadable)@1$/)
  })

  test('that nobody need read start no thread', async () => {
    const reader = open(0)
    expect(await reader.read('Thanks, that works.', LISTENING)).toBeNull()
    expect(verdict(await reader.read(`/retry\n${'x'.repeat(4_000)}`, LISTENING))).toBe(
      '!too-long@1',
    )
  })
})

test('500 comments written to be slow hold nothing up, and none of them is obeyed', async () => {
  expect(SLOW_COMMENTS.length).toBeGreaterThanOrEqual(500)
  const reader = open()
  await reader.read('/status', LISTENING)
  const longest = watchTurns()
  const obeyed: string[] = []
  for (const body of SLOW_COMMENTS) {
    const reading = await reader.read(body, LISTENING)
    if (reading !== null && reading.commands.length > 0) obeyed.push(body.slice(0, 40))
    // A turn of the loop for each, as comments come in turns of their own.
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(obeyed).toEqual([])
  expect(longest()).toBeLessThan(50)
}, 120_000)
