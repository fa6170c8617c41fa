/** Twenty-four hours with 200 tasks through one installation, against GitHub's rules to the letter (F7). */
import { describe, expect, test } from 'vitest'
import type { Ask } from '../../src/github/pace.ts'
import type { Lane } from '../../src/ports/tracker.ts'
import { seeded } from './day/virtual-clock.ts'
import { YardDay, type DayOptions, type Job } from './day/yard-day.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const ask = (effect: Ask['effect'], lane: Lane, resource: Ask['resource'] = 'core'): Ask => ({
  effect,
  lane,
  resource,
})

/** Half of the tasks are labelled in one go before bed; each is read, told of, published, and talked about. */
function aDaysWork(seed: number): readonly Job[] {
  const random = seeded(seed)
  const jobs: Job[] = []
  const add = (at: number, what: Ask, times = 1): void => {
    for (let n = 0; n < times; n += 1) jobs.push({ at: at + random() * 2_000, ask: what })
  }
  for (let task = 0; task < 200; task += 1) {
    const begun = task < 100 ? 60 * MINUTE : random() * (DAY - 180 * MINUTE)
    add(begun, ask('read', 'act'), 4)
    add(begun, ask('create', 'projection'), 1)
    add(begun, ask('edit', 'projection'), 2)
    const started = begun + random() * 60 * MINUTE
    add(started, ask('read', 'act', 'graphql'), 1)
    for (let n = 0; n < 6; n += 1) add(started + n * 3 * MINUTE, ask('edit', 'projection'), 1)
    const published = started + 20 * MINUTE
    add(published, ask('create', 'act'), 1)
    add(published, ask('create', 'projection'), 1)
    if (random() < 0.5) add(published + random() * 40 * MINUTE, ask('create', 'people'), 1)
  }
  // Three repositories are looked at each minute.
  for (let at = 0; at < DAY; at += MINUTE) {
    add(at, ask('read', 'act'), 3)
    add(at, ask('read', 'act', 'graphql'), 3)
  }
  // Now and then much is read at once.
  for (let n = 0; n < 6; n += 1) add(random() * DAY, ask('read', 'act'), 1_000)
  return jobs
}

async function live(options: Partial<DayOptions> & { readonly seed: number }): Promise<YardDay> {
  const day = new YardDay({
    processes: 1,
    diesEvery: null,
    refused: 0,
    hangs: 0.001,
    othersSpend: false,
    storeAway: [],
    ...options,
  })
  const jobs = aDaysWork(options.seed)
  // What was refused late in the day is made up for after midnight.
  await day.work(jobs, DAY + 120 * MINUTE)
  expect(day.done).toBe(jobs.length)
  return day
}

describe('a day under GitHub’s rules', () => {
  test('with one process breaks none, and no person waits for more than one other write', async () => {
    const day = await live({ seed: 1 })
    expect(day.github.breaches).toEqual([])
    expect(day.worstOvertaken).toBeLessThanOrEqual(1)
    expect(day.github.counts.refusals).toBe(0)
  })

  test('with GitHub refusing one in five hundred, nothing is asked while it said to wait', async () => {
    const day = await live({ seed: 2, refused: 0.002, othersSpend: true })
    expect(day.github.counts.refusals).toBeGreaterThan(20)
    expect(day.github.breaches).toEqual([])
  })

  test('with two processes that share the book', async () => {
    const day = await live({ seed: 33, processes: 2, refused: 0.002, othersSpend: true })
    expect(day.github.breaches).toEqual([])
    expect(day.worstOvertaken).toBeLessThanOrEqual(1)
  })

  test('with one process that dies every ten minutes', async () => {
    const day = await live({ seed: 4, diesEvery: 10 * MINUTE, refused: 0.002 })
    expect(day.github.breaches).toEqual([])
  })

  test('with three that die every ten minutes, and a store that goes away', async () => {
    const storeAway = [
      { from: 61 * MINUTE, until: 64 * MINUTE },
      { from: 600 * MINUTE, until: 602 * MINUTE },
    ]
    const day = await live({
      seed: 5,
      processes: 3,
      diesEvery: 10 * MINUTE,
      refused: 0.002,
      storeAway,
    })
    expect(day.github.breaches).toEqual([])
  })
})
