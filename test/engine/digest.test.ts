/** The issue of the review queue: made late, edited in place, quiet; over days of a made clock. */
import { describe, expect, it } from 'vitest'
import { startDigest } from '../../src/engine/digest.ts'
import type { DigestDeps } from '../../src/engine/digest.ts'
import { later } from '../../src/domain/ids.ts'
import { looked, opened } from '../../src/domain/review.ts'
import type { Task } from '../../src/domain/task.ts'
import type { DigestIssue } from '../../src/ports/digests.ts'
import { HEAD, NOW, ready, repository, task } from '../support/builders.ts'

const HOUR = 3_600_000
const pull = { number: 3, url: 'u', head: HEAD }
const waiting = task({ state: { kind: 'in-review', pull }, pull, review: opened(NOW) })

/** Until it is called off. */
const sleep: DigestDeps['clock']['sleep'] = async (_milliseconds, signal) => {
  if (signal?.aborted === true) return
  await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
}

function yard(policy = ready()) {
  const told: string[] = []
  const world = { now: NOW, tasks: [waiting] as readonly Task[], issue: null as DigestIssue | null }
  const deps: DigestDeps = {
    clock: { now: () => world.now, monotonic: () => world.now, sleep },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    slug: 'yardmaster',
    installations: { list: async () => [], repositories: async () => [], serves: () => true },
    store: { list: async () => world.tasks, repositories: { all: async () => [repository()] } },
    tracker: {
      createComment: async (_repo, number, { body, marker }) => {
        told.push(`${marker.split(':').at(-1)} on #${number}: ${body}`)
        return 1
      },
    },
    digests: {
      find: async () => world.issue,
      create: async (_repo, { body }) => {
        told.push(`made: ${body.split('\n')[0]}`)
        world.issue = { number: 9, open: true, createdAt: world.now }
        return world.issue
      },
      edit: async (_repo, number, { body }) => {
        told.push(`edited #${number}: ${body.split('\n')[0]}`)
      },
    },
  }
  let loop = startDigest(deps, { leads: () => true, policyOf: () => policy })
  return {
    told,
    world,
    after: async (hours: number): Promise<readonly string[]> => {
      const before = told.length
      world.now = later(world.now, hours * HOUR)
      await loop.turn()
      return told.slice(before)
    },
    restart: (): void => {
      loop = startDigest(deps, { leads: () => true, policyOf: () => policy })
    },
  }
}

const LINE = '1. #3 Greet by name: @ana, waits 1 day; tiny (0 lines in 0 files)'

describe('the digest', () => {
  it('is not made for what is looked at in time', async () => {
    const { after, world } = yard()
    expect(await after(1)).toEqual([])
    expect(await after(22)).toEqual([])
    world.tasks = []
    expect(await after(48)).toEqual([])
  })

  it('is made once, edited in place, and says when nothing waits any more', async () => {
    const { after, world, told } = yard()
    await after(1)
    expect(await after(24)).toEqual([`made: ${LINE}`])
    expect(await after(1)).toEqual([])
    const look = { login: 'ana', head: HEAD, verdict: 'approved', at: NOW } as const
    world.tasks = [{ ...waiting, review: looked(opened(NOW), look) }]
    expect(await after(1)).toEqual(['edited #9: Nothing waits for review.'])
    expect(await after(72)).toEqual([])
    expect(told).toHaveLength(2)
  })

  it('looks twice before it makes one, and finds the one of a former life', async () => {
    const { after, world, restart, told } = yard()
    await after(30)
    expect(told, 'a first look alone makes none').toEqual([])
    await after(1)
    expect(told).toHaveLength(1)
    restart()
    world.issue = { number: 9, open: true, createdAt: world.now }
    expect(await after(0)).toEqual([`edited #9: ${LINE}`])
  })

  it('reminds once a day, from the day after it was made', async () => {
    const { after } = yard()
    await after(25)
    await after(1)
    expect(await after(5)).toEqual([])
    const reminded = await after(20)
    expect(reminded.at(-1)).toBe('2026-03-04 on #9: These wait for more than a day:\n\n- @ana: #3')
    expect(await after(1)).toEqual([])
    expect((await after(23)).filter((line) => line.startsWith('2026-'))).toHaveLength(1)
  })

  it('is left alone when a person has closed it, or the settings say so', async () => {
    const closed = yard()
    closed.world.issue = { number: 9, open: false, createdAt: NOW }
    expect([...(await closed.after(30)), ...(await closed.after(30))]).toEqual([])
    const later = yard()
    await later.after(25)
    await later.after(1)
    later.world.issue = { number: 9, open: false, createdAt: NOW }
    later.world.tasks = []
    expect(await later.after(1)).toEqual([])
    const off = yard(ready({ digest: false }))
    expect([...(await off.after(30)), ...(await off.after(30))]).toEqual([])
  })
})
