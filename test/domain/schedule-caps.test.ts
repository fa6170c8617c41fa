/** Random yards: nobody ever gets a slot beyond a limit, everybody else is told why, and no slot stays empty for nothing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { issueId, later, repoId, taskId } from '../../src/domain/ids.ts'
import { rest } from '../../src/domain/pause.ts'
import { schedule } from '../../src/domain/schedule.ts'
import type { Schedule, ScheduleInput } from '../../src/domain/schedule.ts'
import { PLENTY, MINUTE, NOW, ana, ben, operator, ready, repository } from '../support/builders.ts'
import { runner, settings, task, wish } from '../support/builders.ts'

const REPOS = [repoId(1), repoId(2), repoId(3)]
const cap = fc.integer({ min: 0, max: 5 })

const anyTask = (n: number) =>
  fc
    .record({
      repo: fc.constantFrom(...REPOS),
      by: fc.constantFrom(ana, ben),
      profile: fc.constantFrom('claude', 'opus', 'patch', null),
      priority: fc.integer({ min: 0, max: 2 }),
      minutes: fc.nat(3),
    })
    .map(({ repo, by, profile, priority, minutes }) =>
      task({
        id: taskId(repo, issueId(n)),
        repo,
        // Numbers are unique within a repository only.
        number: n % 4,
        priority,
        wish: wish({ by, profile, at: later(NOW, minutes * MINUTE) }),
      }),
    )

const anyYard: fc.Arbitrary<ScheduleInput> = fc
  .record({
    waiting: fc.nat(12),
    running: fc.nat(6),
    total: cap,
    perRepository: cap,
    parallel: cap,
    sonnet: cap,
    opus: cap,
    perActorDay: fc.integer({ min: 0, max: 8 }),
    started: fc.nat(6),
    paused: fc.subarray(['profile:claude', 'profile:opus', 'repo:1', 'repo:2']),
  })
  .chain((yard) => {
    const numbers = Array.from({ length: yard.waiting }, (_, index) => index + 1)
    return fc.record({
      now: fc.constant(later(NOW, 10 * MINUTE)),
      queued: fc.tuple(...numbers.map(anyTask)),
      live: fc.array(
        fc.record({
          repo: fc.constantFrom(...REPOS),
          task: fc.nat(40).map((n) => taskId(REPOS[n % 3] ?? repoId(1), issueId(n))),
          tier: fc.constantFrom('sonnet', 'opus', null),
          profile: fc.constant('claude'),
          runner: fc.constant(null),
          actor: fc.constantFrom(ana.id, ben.id),
          losses: fc.constantFrom(0, 0, 2),
          allowance: fc.constant(null),
          progress: fc.constant(null),
        }),
        { maxLength: yard.running },
      ),
      repositories: fc.constant(
        new Map(
          REPOS.map((id) => [
            id,
            {
              repository: repository({ id }),
              policy: ready({ limits: { ...settings().limits, parallel: yard.parallel } }),
            },
          ]),
        ),
      ),
      spent: fc.constant([]),
      openReviews: fc.constant(new Map()),
      pauses: fc.constant(
        yard.paused.map((scope) => rest(scope, later(NOW, 60 * MINUTE), 'not well')),
      ),
      startedByActor: fc.constant(new Map([[ana.id, yard.started]])),
      served: fc.array(
        fc.record({
          repo: fc.constantFrom(...REPOS),
          actor: fc.constantFrom(ana.id, ben.id),
          last: fc.integer({ min: -90, max: 10 }).map((minutes) => later(NOW, minutes * MINUTE)),
        }),
        { maxLength: 4 },
      ),
      operator: fc.constant(
        operator({
          caps: {
            total: yard.total,
            perRepository: yard.perRepository,
            perActorDay: yard.perActorDay,
            budget: PLENTY,
            tiers: { sonnet: yard.sonnet, opus: yard.opus },
          },
        }),
      ),
      runners: fc.constant([runner()]),
      noJail: fc.constant(null),
    })
  })

/** What holds of a schedule, by name; false ones are told. */
function broken(input: ScheduleInput, { start, waiting }: Schedule): readonly string[] {
  const { caps } = input.operator
  const used = [
    ...input.live.map(({ repo, tier }) => ({ repo, tier })),
    ...start.map((one) => ({ repo: one.task.repo, tier: one.profile.tier })),
  ]
  /** At most the cap, unless more were running before: those are not taken back, but nobody joins them. */
  const within = (limit: number, of: (one: (typeof used)[number]) => boolean): boolean => {
    const before = input.live.filter(of).length
    return used.filter(of).length <= Math.max(limit, before)
  }
  const startsOf = (id: number) => start.filter((one) => one.task.wish?.by.id === id).length
  const promises = {
    'everybody starts or waits, never both': input.queued.every(
      (one) => waiting.has(one.id) !== start.some((admitted) => admitted.task.id === one.id),
    ),
    total: within(caps.total, () => true),
    repositories: REPOS.every((id) => {
      const policy = input.repositories.get(id)?.policy
      const own = policy?.kind === 'ready' ? policy.settings.limits.parallel : 0
      return within(Math.min(caps.perRepository, own), (one) => one.repo === id)
    }),
    tiers: Object.entries(caps.tiers).every(([tier, limit]) =>
      within(limit, (one) => one.tier === tier),
    ),
    people: [ana.id, ben.id].every((id) => {
      const before = input.startedByActor.get(id) ?? 0
      return startsOf(id) === 0 || before + startsOf(id) <= caps.perActorDay
    }),
    'one attempt per task': start.every((one) =>
      input.live.every((other) => other.task !== one.task.id),
    ),
    'nothing paused': start.every(
      (one) =>
        !input.pauses.some(
          ({ scope }) =>
            scope === `repo:${one.task.repo}` || scope === `profile:${one.profile.name}`,
        ),
    ),
    'no slot stays empty for nothing':
      start.length === 0 || schedule(after(input, start)).start.length === 0,
  }
  return Object.entries(promises).flatMap(([promise, held]) => (held ? [] : [promise]))
}

/** The yard once those who were admitted run. */
function after(input: ScheduleInput, start: Schedule['start']): ScheduleInput {
  const started = new Map(input.startedByActor)
  for (const { task: one } of start) {
    const id = one.wish?.by.id ?? 0
    started.set(id, (started.get(id) ?? 0) + 1)
  }
  const ids = new Set(start.map((one) => one.task.id))
  return {
    ...input,
    queued: input.queued.filter((one) => !ids.has(one.id)),
    live: [
      ...input.live,
      ...start.map((one) => ({
        task: one.task.id,
        repo: one.task.repo,
        tier: one.profile.tier,
        profile: one.profile.name,
        runner: null,
        actor: one.task.wish?.by.id ?? null,
        losses: one.task.losses,
        allowance: one.allowance,
        progress: null,
      })),
    ],
    startedByActor: started,
  }
}

describe('any yard', () => {
  it('keeps every limit and every word', () => {
    const reasons = new Set<string>()
    let starts = 0
    fc.assert(
      fc.property(anyYard, (input) => {
        const plan = schedule(input)
        starts += plan.start.length
        for (const wait of plan.waiting.values())
          reasons.add(wait.kind === 'no-slot' ? wait.of.limit : wait.kind)
        expect(broken(input, plan)).toEqual([])
      }),
      { numRuns: 1_000 },
    )
    expect(starts).toBeGreaterThan(200)
    expect(reasons).toEqual(
      new Set([
        'total',
        'repository',
        'tier',
        'actor-quota',
        'profile-paused',
        'repository-paused',
        'former-attempt',
      ]),
    )
  })

  it('does not depend on the order in which the store lists it', () => {
    fc.assert(
      fc.property(anyYard, fc.infiniteStream(fc.nat(100)), (input, dice) => {
        const shuffled = input.queued
          .map((one) => ({ one, die: dice.next().value ?? 0 }))
          .toSorted((a, b) => a.die - b.die)
          .map(({ one }) => one)
        expect(schedule({ ...input, queued: shuffled }).start).toEqual(schedule(input).start)
      }),
      { numRuns: 800 },
    )
  })
})
