/** Who stands in for a profile whose provider is at its limit, and who never does. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { standInFor } from '../../src/domain/choose-profile.ts'
import { later } from '../../src/domain/ids.ts'
import { limitScope, profileScope, rest } from '../../src/domain/pause.ts'
import type { Pause } from '../../src/domain/pause.ts'
import { schedule } from '../../src/domain/schedule.ts'
import type { Profile } from '../../src/domain/settings.ts'
import { MINUTE, NOW, REPO, operator, profile } from '../support/builders.ts'
import { ready, repository, runner, task } from '../support/builders.ts'

const UNTIL = later(NOW, 60 * MINUTE)
const LIMIT = 'it is at its limit'
const limited = (name: string, until = UNTIL): Pause => rest(limitScope(name), until, LIMIT)
const refused = (name: string): Pause => rest(profileScope(name), UNTIL, 'its login was refused')

const named = (name: string, fallback: string | null, tier = name): Profile =>
  profile({ name, tier, fallback })
const CHAIN = {
  opus: named('opus', 'codex'),
  codex: named('codex', 'local'),
  local: named('local', null),
}

const chosen = (...pauses: readonly Pause[]) => {
  const found = standInFor(CHAIN.opus, CHAIN, { pauses, now: NOW })
  return 'kind' in found ? found : `${found.profile.name} for ${found.standIn?.wished ?? 'itself'}`
}

describe('a profile', () => {
  it('starts itself while its provider is well, or well again', () => {
    expect(chosen()).toBe('opus for itself')
    expect(chosen(limited('opus', NOW))).toBe('opus for itself')
    expect(chosen(limited('codex'))).toBe('opus for itself')
  })

  it('at its limit has its fallback start, and that one its own', () => {
    expect(chosen(limited('opus'))).toBe('codex for opus')
    expect(chosen(limited('opus'), limited('codex'))).toBe('local for opus')
  })

  it('whose login was refused is nobody’s to stand in for: that is the operator’s to mend', () => {
    const wait = { kind: 'profile-paused', profile: 'opus', reason: 'its login was refused' }
    expect(chosen(refused('opus'))).toMatchObject(wait)
    expect(chosen(refused('opus'), limited('opus'))).toMatchObject(wait)
  })

  it('waits where those who would stand in rest as well, and names them in turn', () => {
    expect(chosen(limited('opus'), refused('codex'))).toEqual({
      kind: 'profile-paused',
      profile: 'opus',
      reason: LIMIT,
      until: UNTIL,
      fallbacks: [{ profile: 'codex', reason: 'its login was refused', until: UNTIL }],
    })
    expect(chosen(limited('opus'), limited('codex'), limited('local'))).toMatchObject({
      profile: 'opus',
      fallbacks: [{ profile: 'codex' }, { profile: 'local' }],
    })
  })

  it('is said to have been stood in for, with why and until when', () => {
    expect(standInFor(CHAIN.opus, CHAIN, { pauses: [limited('opus')], now: NOW })).toEqual({
      profile: CHAIN.codex,
      standIn: { profile: 'codex', wished: 'opus', reason: LIMIT, until: UNTIL },
    })
  })
})

describe('the choice', () => {
  it('always ends, never takes one that rests, and waits only where nobody is well', () => {
    const names = ['a', 'b', 'c', 'd'] as const
    const pause = fc.tuple(
      fc.constantFrom(...names),
      fc.constantFrom(limitScope, profileScope),
      fc.integer({ min: -1, max: 1 }),
    )
    const whatever = fc.property(
      fc.tuple(...names.map(() => fc.option(fc.constantFrom(...names, 'nobody')))),
      fc.array(pause, { maxLength: 6 }),
      (fallbacks, rests) => {
        const profiles = Object.fromEntries(
          names.map((name, at) => [name, named(name, fallbacks[at] ?? null)]),
        )
        const pauses = rests.map(([name, scope, days]) =>
          rest(scope(name), later(NOW, days * 1_440 * MINUTE), 'x'),
        )
        const resting = (name: string): boolean =>
          pauses.some(
            ({ scope, until }) => scope.endsWith(`:${name}`) && until !== null && until > NOW,
          )
        const found = standInFor(named('a', fallbacks[0] ?? null), profiles, { pauses, now: NOW })
        if ('kind' in found) return resting('a')
        return (
          !resting(found.profile.name) &&
          (found.standIn === null) === (found.profile.name === 'a') &&
          (found.standIn === null || resting('a'))
        )
      },
    )
    expect(() => fc.assert(whatever, { numRuns: 1_000 })).not.toThrow()
  })
})

describe('a task that a fallback starts', () => {
  const night = (used: number) =>
    schedule({
      now: NOW,
      queued: [task()],
      live: Array.from({ length: used }, (_, n) => ({
        repo: REPO,
        task: task({ number: n }).id,
        tier: 'codex',
        profile: 'codex',
        runner: null,
        actor: null,
        losses: 0,
        allowance: null,
        progress: null,
      })).map((one, n) => ({ ...one, task: `${REPO}-9${n}` as typeof one.task })),
      repositories: new Map([[REPO, { repository: repository(), policy: ready() }]]),
      pauses: [limited('opus')],
      openReviews: new Map(),
      startedByActor: new Map(),
      spent: [],
      served: [],
      operator: operator({
        profiles: CHAIN,
        defaultProfile: 'opus',
        caps: { ...operator().caps, tiers: { opus: 9, codex: 1 } },
      }),
      runners: [runner({ labels: { tiers: null, profiles: ['codex'], repositories: null } })],
      noJail: null,
    })

  it('counts against the fallback’s own tier, and goes where that one runs', () => {
    expect(night(0).start).toMatchObject([
      { profile: { name: 'codex' }, standIn: { wished: 'opus', until: UNTIL } },
    ])
    expect([...night(1).waiting.values()]).toEqual([
      { kind: 'no-slot', used: 1, cap: 1, of: { limit: 'tier', tier: 'codex' }, ahead: 0 },
    ])
  })
})
