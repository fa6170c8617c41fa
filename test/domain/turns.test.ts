/** Whose turn it is: slots go round, nobody starves whatever the others do, and urgent work goes first without hogging. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant, issueId, later, repoId, taskId } from '../../src/domain/ids.ts'
import type { Instant, RepoId } from '../../src/domain/ids.ts'
import { schedule } from '../../src/domain/schedule.ts'
import type { ScheduleInput } from '../../src/domain/schedule.ts'
import type { Task } from '../../src/domain/task.ts'
import { OWN_PATIENCE, PATIENCE } from '../../src/domain/turns.ts'
import { PLENTY, MINUTE, NOW, ana, ben, operator, ready, repository } from '../support/builders.ts'
import { runner, settings, task, wish } from '../support/builders.ts'

const [A, B, C] = [repoId(1), repoId(2), repoId(3)]

interface Given {
  readonly by?: typeof ana
  readonly priority?: number
  /** Minutes after the evening began. */
  readonly minute?: number
}

const queued = (
  repo: RepoId,
  n: number,
  { by = ana, priority = 0, minute = 0 }: Given = {},
): Task =>
  task({
    id: taskId(repo, issueId(n)),
    repo,
    issue: issueId(n),
    number: n,
    priority,
    wish: wish({ by, at: later(NOW, minute * MINUTE) }),
  })

const many = (repo: RepoId, count: number, given: Given = {}): readonly Task[] =>
  Array.from({ length: count }, (_, index) => queued(repo, index + 1, given))

const yard = (slots: number, over: Partial<ScheduleInput> = {}): ScheduleInput => ({
  now: later(NOW, 10 * MINUTE),
  queued: [],
  live: [],
  openReviews: new Map(),
  repositories: new Map(
    [1, 2, 3, 4, 5, 6].map((n) => [
      repoId(n),
      {
        repository: repository({ id: repoId(n) }),
        policy: ready({ limits: { ...settings().limits, parallel: 50 } }),
      },
    ]),
  ),
  pauses: [],
  startedByActor: new Map(),
  spent: [],
  served: [],
  operator: operator({
    caps: { total: slots, perRepository: 50, perActorDay: 1e6, budget: PLENTY, tiers: {} },
  }),
  runners: [runner()],
  noJail: null,
  ...over,
})

const live = (repo: RepoId, n: number, by = ana) => ({
  repo,
  task: taskId(repo, issueId(n)),
  tier: 'sonnet',
  profile: 'claude',
  runner: null,
  actor: by.id,
  losses: 0,
  allowance: null,
  progress: null,
})

const served = (repo: RepoId, minute: number, by = ana) => ({
  repo,
  actor: by.id,
  last: later(NOW, minute * MINUTE),
})

const starts = (input: ScheduleInput): readonly string[] =>
  schedule(input).start.map((one) => `${'?ABCDEF'[one.task.repo]}${one.task.number}`)

describe('slots go round', () => {
  it('between repositories: two hundred issues of one do not keep another’s single one waiting', () => {
    const input = yard(4, { queued: [...many(A, 200), queued(B, 1, { minute: 9 })] })
    expect(starts(input)).toEqual(['A1', 'B1', 'A2', 'A3'])
  })

  it('and who has fewer running comes first, then who was served longer ago', () => {
    const waiting = [queued(A, 1), queued(B, 1, { minute: 1 }), queued(C, 1, { minute: 2 })]
    const busy = { live: [live(A, 9), live(B, 9)], queued: waiting }
    expect(starts(yard(3, busy))).toEqual(['C1'])
    expect(starts(yard(4, { ...busy, served: [served(A, 3), served(B, 2)] }))).toEqual(['C1', 'B1'])
  })

  it('within a repository between the people who labelled', () => {
    const input = yard(3, { queued: [...many(A, 50), queued(A, 90, { by: ben, minute: 9 })] })
    expect(starts(input)).toEqual(['A1', 'A90', 'A2'])
    const next = {
      queued: [...many(A, 50), queued(A, 90, { by: ben, minute: 9 })],
      served: [served(A, 8, ben), served(A, 9)],
    }
    expect(starts(yard(1, next))).toEqual(['A90'])
  })

  it('and one person’s tasks in one repository go as they were labelled', () => {
    const input = yard(3, {
      queued: [
        queued(A, 5, { minute: 2 }),
        queued(A, 8, { minute: 1 }),
        queued(A, 7, { minute: 1 }),
      ],
    })
    expect(starts(input)).toEqual(['A7', 'A8', 'A5'])
  })

  it('past what cannot use its turn', () => {
    const sonnetIsFull = operator({
      caps: { total: 2, perRepository: 9, perActorDay: 99, budget: PLENTY, tiers: { sonnet: 1 } },
    })
    const opus = wish({ profile: 'opus' })
    const input = yard(0, {
      operator: sonnetIsFull,
      live: [live(C, 1)],
      queued: [
        queued(A, 1),
        queued(A, 2),
        { ...queued(A, 3), wish: opus },
        { ...queued(B, 1), wish: opus },
      ],
      served: [served(B, 5)],
    })
    expect(starts(input)).toEqual(['A3'])
  })
})

describe('urgent work', () => {
  it('goes before turns, between repositories and within one', () => {
    const input = yard(2, {
      queued: [queued(A, 1), queued(B, 1), queued(B, 2, { priority: 1, minute: 9 })],
      live: [live(B, 9)],
      operator: operator({
        caps: { total: 3, perRepository: 9, perActorDay: 99, budget: PLENTY, tiers: {} },
      }),
    })
    expect(starts(input)).toEqual(['B2', 'A1'])
  })

  it('does not keep a repository waiting beyond its patience', () => {
    const at = (minutes: number) =>
      yard(1, {
        now: later(NOW, minutes * MINUTE),
        queued: [queued(A, 1), ...many(B, 9, { priority: 1, minute: minutes })],
      })
    const patience = PATIENCE / MINUTE
    expect(starts(at(patience - 1))).toEqual(['B1'])
    expect(starts(at(patience))).toEqual(['A1'])
  })

  it('called so in the morning goes before what the same person labelled in the evening', () => {
    const morning = 9 * 60
    const at = (minutes: number) =>
      yard(1, {
        now: later(NOW, minutes * MINUTE),
        queued: [...many(A, 9), queued(A, 10, { priority: 1, minute: minutes })],
        served: [served(A, minutes - 1)],
      })
    expect(starts(at(morning))).toEqual(['A10'])
    expect(starts(at(OWN_PATIENCE / MINUTE))).toEqual(['A1'])
  })
})

describe('who waits is told how many of their repository go first', () => {
  it('exactly while they are few, in steps beyond', () => {
    const { waiting } = schedule(yard(1, { queued: [...many(A, 14), queued(B, 1)] }))
    const told = [...waiting.values()].map((wait) => (wait.kind === 'no-slot' ? wait.ahead : null))
    // The first of A runs; then its own thirteen in their order, and B's single task, which is next there.
    expect(told).toEqual([0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 11, 11, 0])
  })
})

const PEOPLE = [ana, { ...ben, id: 98, login: 'dan' }, { ...ben, id: 99, login: 'cleo' }]
/** Two levels take turns, and at each the most urgent is two steps ahead; a release takes a minute at least. */
const BOUND = 2 * 3 * (PATIENCE / MINUTE)

/** What others do to keep a slot from somebody: each release brings new work, often urgent. */
const anyRelease = fc.record({
  /** Which of the live attempts ends. */
  ends: fc.nat(100),
  minutes: fc.integer({ min: 1, max: 15 }),
  labels: fc.array(
    fc.record({
      repo: fc.integer({ min: 1, max: 5 }).map(repoId),
      by: fc.constantFrom(...PEOPLE),
      priority: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 4 },
  ),
})

describe('nobody starves', () => {
  it('whatever others label, urgent or not, and however long some attempts take', () => {
    let longest = 0
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(anyRelease, { minLength: 300, maxLength: 300 }),
        (slots, releases) => {
          const victim = queued(A, 900, { by: ben })
          const waited = play(slots, victim, releases)
          longest = Math.max(longest, waited)
          expect(waited).toBeLessThan(BOUND)
        },
      ),
      { numRuns: 40, endOnFailure: true },
    )
    // The evening is hard enough: somebody did have to wait for many others.
    expect(longest).toBeGreaterThan(8)
  })
})

type Release = typeof anyRelease extends fc.Arbitrary<infer Value> ? Value : never

/** How many slots were given out before the victim got one. */
function play(slots: number, victim: Task, releases: readonly Release[]): number {
  let now: Instant = NOW
  let waiting: readonly Task[] = [...many(A, 3, { priority: 2 }), victim]
  let running: readonly ScheduleInput['live'][number][] = []
  const last = new Map<string, ReturnType<typeof served>>()
  let number = 1_000
  let given = 0
  for (const release of releases) {
    const { start } = schedule(
      yard(slots, { now, queued: waiting, live: running, served: [...last.values()] }),
    )
    expect(running.length + start.length).toBe(Math.min(slots, running.length + waiting.length))
    for (const { task: one } of start) {
      if (one.id === victim.id) return given
      given += 1
      const actor = one.wish?.by.id ?? 0
      running = [
        ...running,
        {
          repo: one.repo,
          task: one.id,
          tier: null,
          profile: 'claude',
          runner: null,
          actor,
          losses: 0,
          allowance: null,
          progress: null,
        },
      ]
      last.set(`${one.repo} ${actor}`, { repo: one.repo, actor, last: now })
    }
    const ids = new Set(start.map((one) => one.task.id))
    waiting = waiting.filter((one) => !ids.has(one.id))
    const ended = release.ends % Math.max(1, running.length)
    running = running.filter((_, index) => index !== ended)
    now = instant(now + release.minutes * MINUTE)
    for (const { repo, by, priority } of release.labels) {
      const minute = (now - NOW) / MINUTE
      waiting = [...waiting, queued(repo, (number += 1), { by, priority, minute })]
    }
  }
  return given
}

describe('ten thousand queued tasks', () => {
  it('are ordered in one pass of a moment', () => {
    const tasks = Array.from({ length: 10_000 }, (_, index) =>
      queued(repoId((index % 5) + 1), index, {
        by: { ...ana, id: index % 97 },
        minute: index % 13,
        priority: index % 3,
      }),
    )
    const input = yard(8, { queued: tasks })
    const before = process.cpuUsage()
    expect(schedule(input).start).toHaveLength(8)
    const { user } = process.cpuUsage(before)
    // Measured: some 60 ms with a cold compiler; a pass that compared each with each would take minutes.
    expect(user / 1_000).toBeLessThan(2_000)
  })
})
