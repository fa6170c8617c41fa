/** Which runner has room for what, and how a wait for one is told. */
import { describe, expect, it } from 'vitest'
import { repoId } from '../../src/domain/ids.ts'
import { isTooOld, takes } from '../../src/domain/runner.ts'
import type { Work } from '../../src/domain/runner.ts'
import { seatsOf } from '../../src/domain/seats.ts'
import { runner } from '../support/builders.ts'

const ANY = { tiers: null, profiles: null, repositories: null }
const work = (over: Partial<Work> = {}): Work => ({
  profile: 'claude',
  tier: 'opus',
  repo: repoId(7),
  address: { owner: 'Ana', name: 'Shop' },
  ...over,
})

describe('a runner takes', () => {
  it.each([
    ['anything when it names nothing', ANY, work(), true],
    ['its profiles', { ...ANY, profiles: ['claude'] }, work(), true],
    ['no other profile', { ...ANY, profiles: ['codex'] }, work(), false],
    ['nothing when it knows no profile', { ...ANY, profiles: [] }, work(), false],
    ['its tiers', { ...ANY, tiers: ['opus'] }, work(), true],
    ['no other tier', { ...ANY, tiers: ['haiku'] }, work(), false],
    [
      'nothing without a tier when it names tiers',
      { ...ANY, tiers: ['opus'] },
      work({ tier: null }),
      false,
    ],
    ['a repository by its number', { ...ANY, repositories: [7] }, work({ address: null }), true],
    [
      'a repository by its name, whatever the case',
      { ...ANY, repositories: ['ana/shop'] },
      work(),
      true,
    ],
    ['no other repository', { ...ANY, repositories: [8, 'ana/web'] }, work(), false],
    [
      'no name that is not known',
      { ...ANY, repositories: ['ana/shop'] },
      work({ address: null }),
      false,
    ],
  ])('%s', (_what, labels, asked, taken) => {
    expect(takes({ labels }, asked)).toBe(taken)
  })
})

describe('seats', () => {
  const alone = (id: string, over = {}) => runner({ id, capacity: 1, ...over })

  it('are counted off by who holds what, and by what nobody has taken yet', () => {
    const runners = [runner({ id: 'a', capacity: 2 })]
    const held = { ...work(), runner: 'a' }
    expect(seatsOf(runners, [held]).wait(work())).toBeNull()
    const waiting = { ...work(), runner: null }
    expect(seatsOf(runners, [held, waiting]).wait(work())).toEqual({
      kind: 'runners-busy',
      profile: 'claude',
      runners: 1,
      places: 2,
    })
    expect(seatsOf(runners, [held, { ...work(), runner: 'gone' }]).wait(work())).toBeNull()
  })

  it('are given at the most particular runner first, so that the general one stays free', () => {
    const general = alone('general')
    const opus = alone('opus', { labels: { ...ANY, tiers: ['opus'] } })
    const seats = seatsOf([general, opus], [])
    seats.take(work())
    expect(seats.wait(work({ tier: 'haiku' }))).toBeNull()
    seats.take(work({ tier: 'haiku' }))
    expect(seats.wait(work())).toMatchObject({ kind: 'runners-busy', runners: 2 })
    expect(seats.wait(work({ tier: null }))).toMatchObject({ kind: 'runners-busy', runners: 1 })
  })

  it('are nobody’s where no runner takes the work, and the wait says how many are up', () => {
    const wait = seatsOf([alone('a', { labels: { ...ANY, profiles: ['codex'] } })], []).wait(work())
    expect(wait).toEqual({ kind: 'no-runner', profile: 'claude', tier: 'opus', up: 1 })
    expect(seatsOf([], []).wait(work())).toMatchObject({ kind: 'no-runner', up: 0 })
  })

  it('are none at a runner whose program is too old', () => {
    const old = alone('attic#1', { version: '0.0.12' })
    expect(seatsOf([old], []).wait(work())).toEqual({
      kind: 'runner-too-old',
      name: 'attic',
      version: '0.0.12',
    })
    expect(seatsOf([old, alone('b')], []).wait(work())).toBeNull()
  })
})

it.each([
  ['0.0.9', '0.1.0', true],
  ['0.1.0', '0.1.0', false],
  ['0.10.0', '0.9.9', false],
  ['1.0.0-beta', '1.0.0', false],
  ['0.9.0', '1.0.0', true],
  ['nonsense', '0.1.0', true],
])('a program of version %s where %s is the least is too old: %s', (version, least, old) => {
  expect(isTooOld(version, least)).toBe(old)
})
