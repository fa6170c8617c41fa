/** The demo tells its whole story, lives on when its Yardmaster is killed, and leaves nothing behind however it goes. */
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enter } from './command-line.ts'
import type { Place, Running } from './command-line.ts'

/** More than the story's own deadline, so that its words are seen when it fails. */
describe('the demo', { timeout: 150_000 }, () => {
  let place: Place
  let temporary: string
  beforeAll(() => {
    place = enter()
    temporary = join(place.folder, 'temporary')
    mkdirSync(temporary)
  })
  afterAll(() => place.leave())

  const start = (...args: readonly string[]): Running =>
    place.start(['demo', ...args], { TMPDIR: temporary })

  it('tells of work, a question over a death, a wait, a revision and a merge, and ends with the review queue', async () => {
    const { code, out, err } = await start('--once').ended
    expect(err).toBe('')
    expect(code).toBe(0)
    const order = [
      'ana sets the label `yardmaster` on #1',
      'ana sets the label `yardmaster` on #3',
      '#2 asks ana in a comment of its own',
      'kill -9',
      'ana comments `/answer 2` on #2, which nobody hears',
      'Yardmaster is started again',
      '#2: @ana said `/answer`: Q1 is answered',
      'it was asked once',
      '"3 PRs wait for review (cap 3)."',
      'ben asks for changes',
      'ben is asked again',
      'the merge closed #1',
      'the board shows #1 in Done, #2 in In Review, #3 in In Review, #4 in In Review',
      '4 issues became 4 pull requests',
      'owed, easiest first within each day.',
      '@ben',
      're-review',
      'Duplicates: 0. Unneeded comments: 0.',
    ]
    let from = 0
    for (const words of order) {
      const at = out.indexOf(words, from)
      expect(at, `${words}, after what precedes it:\n${out}`).toBeGreaterThan(-1)
      from = at + words.length
    }
    expect(out).toMatch(/Wrong uses of GitHub's API: 0\.\n$/)
    // The one whom the repository's settings name is asked, and nobody else.
    expect(out).not.toMatch(/@ana +(re-)?review/)
    expect(out.match(/ pull request +#\d: #\d waits for review/g)).toHaveLength(4)
    expect(readdirSync(temporary)).toEqual([])
  })

  it('starts its Yardmaster again when it is killed, and stops it when it is stopped', async () => {
    const running = start()
    const first = await processOf(running, /Yardmaster is process (\d+), agents/)
    await running.sees('#2: Q1: Which is meant?')
    process.kill(first, 'SIGKILL')
    const second = await processOf(running, /Yardmaster is process (\d+) now/)
    expect(second).not.toBe(first)
    expect((await running.stop('SIGINT')).code).toBe(0)
    expect(isAlive(second)).toBe(false)
    expect(readdirSync(temporary)).toEqual([])
  })

  it('takes its Yardmaster along when it is killed itself', async () => {
    const running = start()
    const part = await processOf(running, /Yardmaster is process (\d+), agents/)
    await running.stop('SIGKILL')
    await expect.poll(() => isAlive(part), { timeout: 40_000, interval: 50 }).toBe(false)
  })
})

async function processOf(running: Running, words: RegExp): Promise<number> {
  const pid = Number(words.exec(await running.sees(words))?.[1])
  expect(isAlive(pid)).toBe(true)
  return pid
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
