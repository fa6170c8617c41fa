/** How often GitHub is looked at: soon where work is open, seldom where none is, and never for more than a tenth of the hour's budget. */
import { describe, expect, it } from 'vitest'
import { installationId, repoId } from '../../src/domain/ids.ts'
import { createPace, pollCost } from '../../src/engine/reconcile-pace.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Requests in an hour for so many repositories of one installation, once they have settled. */
function hour(repositories: number, busy: (repo: number) => boolean, asked: number, poll = false) {
  const pace = createPace(poll)
  const looks = new Map<number, number>()
  let requests = 0
  for (let now = 0; now < 2 * HOUR; now += Math.max(1_000, pace.wait(now))) {
    const due = Array.from({ length: repositories }, (_, index) => index + 1).filter((repo) =>
      pace.isDue(repoId(repo), now),
    )
    if (now >= HOUR) {
      requests += due.length * asked
      for (const repo of due) looks.set(repo, (looks.get(repo) ?? 0) + 1)
    }
    pace.looked(
      due.map((repo) => ({
        id: repoId(repo),
        installation: installationId(1),
        busy: busy(repo),
        asked,
      })),
      now,
    )
  }
  return { requests, looks }
}

describe('the pace of looking at GitHub', () => {
  it('takes at most a tenth of the hour for 50 open tasks of a repository, which is looked at each minute', () => {
    // Head, changes, and one read for the 50 issues and their 50 pull requests.
    const { requests, looks } = hour(1, () => true, 3)
    expect(looks.get(1)).toBe(60)
    expect(requests).toBeLessThanOrEqual(500)
  })

  it('lets idle repositories wait for ten minutes, however busy another one is', () => {
    const { looks } = hour(100, (repo) => repo === 1, 2)
    expect(looks.get(1)).toBe(60)
    for (let repo = 2; repo <= 100; repo += 1) expect(looks.get(repo)).toBeLessThanOrEqual(7)
  })

  it('looks less often where one installation is busy in many repositories, and at least every ten minutes', () => {
    const { requests, looks } = hour(20, () => true, 3)
    expect(requests).toBeLessThanOrEqual(600)
    expect(Math.min(...looks.values())).toBeGreaterThanOrEqual(6)
  })

  it('begins at once with what it does not know', () => {
    const pace = createPace()
    expect(pace.isDue(repoId(7), 5)).toBe(true)
    pace.looked([{ id: repoId(7), installation: installationId(1), busy: true, asked: 3 }], 5)
    expect(pace.isDue(repoId(7), 6)).toBe(false)
    expect(pace.wait(5)).toBe(MINUTE)
    expect(pace.isDue(repoId(7), 5 + MINUTE)).toBe(true)
  })

  it('never asks to be woken at once: one that is gone, or that nobody looks at, makes no loop hot', () => {
    const pace = createPace()
    const looked = [1, 2].map((repo) => ({
      id: repoId(repo),
      installation: installationId(1),
      busy: true,
      asked: 3,
    }))
    pace.looked(looked, 0)
    expect(pace.wait(HOUR)).toBe(1_000)
    for (const { id } of looked) pace.forget(id)
    expect(pace.wait(HOUR)).toBe(MINUTE)
  })
})

describe('without webhooks', () => {
  it('an idle repository is looked at as soon as a busy one, and what that costs is told beforehand', () => {
    for (const repositories of [1, 3, 40]) {
      const told = pollCost(repositories)
      const { requests, looks } = hour(repositories, () => false, 3, true)
      expect(Math.abs(requests - told.requestsAnHour)).toBeLessThanOrEqual(
        told.requestsAnHour * 0.1 + 2,
      )
      expect(Math.min(...looks.values())).toBeGreaterThanOrEqual(
        Math.floor(3_600 / told.seconds) - 1,
      )
      expect(told.percent).toBeLessThanOrEqual(10)
    }
    expect(pollCost(1)).toEqual({ seconds: 22, requestsAnHour: 500, percent: 10 })
    expect(pollCost(40)).toEqual({ seconds: 864, requestsAnHour: 500, percent: 10 })
  })

  it('keeps to a tenth although not all are due at the same time', () => {
    const pace = createPace(true)
    const looked = (repo: number) => ({
      id: repoId(repo),
      installation: installationId(1),
      busy: true,
      asked: 2,
    })
    pace.looked([looked(1)], 0)
    pace.looked([looked(2)], 5_000)
    pace.looked([looked(1)], 20_000)
    expect(pace.isDue(repoId(1), 20_000 + 28_000)).toBe(false)
    expect(pace.isDue(repoId(1), 20_000 + 28_800)).toBe(true)
  })
})
