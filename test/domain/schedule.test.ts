/** Who starts now and who waits, told as small nights in a rail yard: each waiting task says which limit holds it. */
import { describe, expect, it } from 'vitest'
import { instant, issueId, later, repoId, taskId } from '../../src/domain/ids.ts'
import type { RepoId } from '../../src/domain/ids.ts'
import { YARD, holdScope, profileScope, rest, stop, worldScope } from '../../src/domain/pause.ts'
import { opened } from '../../src/domain/review.ts'
import { DAY } from '../../src/domain/budget.ts'
import { schedule } from '../../src/domain/schedule.ts'
import type { ScheduleInput } from '../../src/domain/schedule.ts'
import type { RepoPolicy } from '../../src/domain/settings.ts'
import type { Task } from '../../src/domain/task.ts'
import type { Wait } from '../../src/domain/wait.ts'
import { BASE, HEAD, MINUTE, NOW, REPO, ana, ben, operator, profile } from '../support/builders.ts'
import {
  ready,
  repository,
  runner,
  settings,
  shaOf,
  spending,
  task,
  wish,
} from '../support/builders.ts'

/** Task number n of a repository. */
const queued = (n: number, over: Partial<Task> = {}, repo: RepoId = REPO): Task =>
  task({ id: taskId(repo, issueId(n)), repo, issue: issueId(n), number: n, ...over })

const at = (
  repo: RepoId,
  over: Parameters<typeof repository>[0] = {},
  policy: RepoPolicy = ready(),
) => [repo, { repository: repository({ id: repo, ...over }), policy }] as const

const night = (over: Partial<ScheduleInput> = {}): ScheduleInput => ({
  now: later(NOW, 10 * MINUTE),
  queued: [queued(7)],
  live: [],
  repositories: new Map([at(REPO)]),
  pauses: [],
  openReviews: new Map(),
  startedByActor: new Map(),
  spent: [],
  served: [],
  operator: operator(),
  runners: [runner()],
  noJail: null,
  ...over,
})

const outcome = (input: ScheduleInput) => {
  const { start, waiting } = schedule(input)
  return {
    start: start.map((one) => `${one.task.number} with ${one.profile.name}`),
    waiting: Object.fromEntries([...waiting].map(([id, wait]) => [id.split('-')[1], wait])),
  }
}

const live = (repo: RepoId, n: number, tier: string | null = 'sonnet') => ({
  repo,
  task: taskId(repo, issueId(n)),
  tier,
  profile: 'claude',
  runner: null,
  actor: ana.id,
  losses: 0,
  allowance: null,
  progress: null,
})

const alone = (over: Partial<ScheduleInput>): Wait | undefined => outcome(night(over)).waiting['7']
const caps = (over: Partial<ReturnType<typeof operator>['caps']>) =>
  operator({ caps: { ...operator().caps, ...over } })
const parallel = (slots: number) => ready({ limits: { ...settings().limits, parallel: slots } })

describe('a queued task', () => {
  it('starts with the default profile when nothing holds it', () => {
    expect(outcome(night())).toEqual({ start: ['7 with claude'], waiting: {} })
  })

  it('starts with the profile that the label named, or that the repository prefers', () => {
    const policy = ready({ agent: 'opus' })
    const input = night({
      queued: [queued(1, { wish: wish({ profile: 'patch' }) }), queued(2)],
      repositories: new Map([at(REPO, {}, policy)]),
    })
    expect(outcome(input).start).toEqual(['1 with patch', '2 with opus'])
  })

  it('goes on with an open pull request however many wait, because that makes the pile no higher', () => {
    const pull = { number: 3, url: 'u', head: HEAD }
    const revision = queued(7, { pull, review: opened(NOW) })
    const input = night({ queued: [revision, queued(8)], openReviews: new Map([[REPO, 10]]) })
    expect(outcome(input)).toEqual({
      start: ['7 with claude'],
      waiting: { 8: { kind: 'open-reviews', open: 10, cap: 10 } },
    })
  })

  it('takes the settings of its repository along', () => {
    const [first] = schedule(night()).start
    expect(first?.settings).toEqual(settings())
  })
})

const limited: ScheduleInput['repositories'] = new Map([
  at(
    REPO,
    {},
    ready({
      budget: { task: { cost: 5, tokens: 10_000_000 }, day: { cost: 50, tokens: 100_000_000 } },
    }),
  ),
])

const any = { tiers: null, profiles: null, repositories: null }

/** Each kind of `Wait`, so that a new kind without a story does not compile. */
const stories: {
  readonly [Kind in Wait['kind']]: readonly [Partial<ScheduleInput>, Wait & { kind: Kind }]
} = {
  'no-slot': [
    { live: [live(repoId(5), 1), live(repoId(5), 2)], operator: caps({ total: 2 }) },
    { kind: 'no-slot', used: 2, cap: 2, of: { limit: 'total' }, ahead: 0 },
  ],
  'no-configuration': [
    { repositories: new Map([at(REPO, {}, { kind: 'missing' })]) },
    { kind: 'no-configuration', branch: 'main' },
  ],
  'broken-configuration': [
    { repositories: new Map([at(REPO, {}, { kind: 'broken', problems: [] })]) },
    { kind: 'broken-configuration', branch: 'main', problems: [] },
  ],
  'unknown-profile': [
    { queued: [queued(7, { wish: wish({ profile: 'gpt' }) })] },
    { kind: 'unknown-profile', name: 'gpt', known: ['claude', 'opus', 'patch'] },
  ],
  'red-base': [
    { queued: [queued(7, { redBase: BASE })] },
    { kind: 'red-base', branch: 'main', sha: BASE },
  ],
  'open-reviews': [
    { openReviews: new Map([[REPO, 10]]) },
    { kind: 'open-reviews', open: 10, cap: 10 },
  ],
  'profile-paused': [
    {
      pauses: [rest(profileScope('claude'), later(NOW, 60 * MINUTE), 'it is at its limit')],
    },
    {
      kind: 'profile-paused',
      profile: 'claude',
      reason: 'it is at its limit',
      until: later(NOW, 60 * MINUTE),
    },
  ],
  'repository-paused': [
    {
      pauses: [
        rest(worldScope(REPO), later(NOW, 60 * MINUTE), 'no answer'),
        stop(holdScope(REPO), { reason: 'three failed alike', by: 'ana' }),
      ],
    },
    {
      kind: 'repository-paused',
      scope: holdScope(REPO),
      reason: 'three failed alike',
      until: null,
      by: 'ana',
    },
  ],
  'yard-paused': [
    {
      pauses: [
        stop(holdScope(REPO), { reason: 'three failed alike' }),
        stop(YARD, { reason: 'a release' }),
      ],
    },
    { kind: 'yard-paused', scope: YARD, reason: 'a release', by: null },
  ],
  'actor-quota': [
    { startedByActor: new Map([[ana.id, 100]]) },
    { kind: 'actor-quota', login: 'ana', cap: 100 },
  ],
  'task-budget': [
    {
      spent: [spending({ task: taskId(REPO, issueId(7)), usage: { tokens: null, cost: 4.8 } })],
      repositories: limited,
    },
    {
      kind: 'task-budget',
      spent: { cost: 4.8, tokens: 0, unknown: 0 },
      budget: { cost: 5, tokens: 10_000_000 },
    },
  ],
  'day-budget': [
    {
      spent: [
        spending({ task: taskId(REPO, issueId(8)), usage: { tokens: 9, cost: 50.2 } }),
        spending({ task: taskId(REPO, issueId(9)), usage: { tokens: 9, cost: 0.1 } }),
      ],
      repositories: limited,
    },
    {
      kind: 'day-budget',
      budget: { cost: 50, tokens: 100_000_000 },
      until: later(NOW, DAY),
    },
  ],
  'not-allowed': [{ operator: operator({ repositories: [1, 2] }) }, { kind: 'not-allowed' }],
  gone: [
    { repositories: new Map([at(REPO, { gone: 'the repository is archived' })]) },
    { kind: 'gone', reason: 'the repository is archived' },
  ],
  'no-jail': [
    {
      noJail: { fix: 'install bubblewrap' },
      runners: [runner({ labels: { ...any, profiles: ['patch'] } })],
    },
    { kind: 'no-jail', profile: 'claude', fix: 'install bubblewrap' },
  ],
  'no-program': [
    {
      noProgram: new Map([['claude', { program: 'claude-agent-acp', fix: 'Install it' }]]),
      runners: [runner({ labels: { ...any, profiles: ['patch'] } })],
    },
    { kind: 'no-program', profile: 'claude', program: 'claude-agent-acp', fix: 'Install it' },
  ],
  'no-runner': [
    { runners: [runner({ labels: { ...any, tiers: ['opus'] } })] },
    { kind: 'no-runner', profile: 'claude', tier: 'sonnet', up: 1 },
  ],
  'runners-busy': [
    { live: [live(repoId(5), 1)], runners: [runner({ capacity: 1 })] },
    { kind: 'runners-busy', profile: 'claude', runners: 1, places: 1 },
  ],
  'runner-too-old': [
    { runners: [runner({ id: 'attic#1', version: '0.0.9' })] },
    { kind: 'runner-too-old', name: 'attic', version: '0.0.9' },
  ],
  'former-attempt': [{ live: [live(REPO, 7)] }, { kind: 'former-attempt' }],
  suspect: [
    { queued: [queued(7, { losses: 2 })], live: [{ ...live(REPO, 8), losses: 2 }] },
    { kind: 'suspect', losses: 2 },
  ],
  'no-room': [{ noRoom: true }, { kind: 'no-room' }],
  unread: [{ repositories: new Map([at(REPO, { head: null, config: null })]) }, { kind: 'unread' }],
}

describe('a task that lost its process twice', () => {
  const pair = [queued(7, { losses: 2 }), queued(8, { losses: 2 }), queued(9, { losses: 1 })]

  it('runs beside others, but never beside another such task: the next death tells which it was', () => {
    expect(outcome(night({ queued: pair }))).toEqual({
      start: ['7 with claude', '9 with claude'],
      waiting: { 8: { kind: 'suspect', losses: 2 } },
    })
  })
})

describe('a task that does not start says why', () => {
  it.each(Object.entries(stories))('%s', (_kind, [over, wait]) => {
    const { start, waiting } = outcome(night(over))
    expect(start).toEqual([])
    expect(waiting).toEqual({ 7: wait })
  })

  it('unread, and not unconfigured, while the head of the branch is on its way', () => {
    const moved = at(REPO, { head: null, config: null }, { kind: 'missing' })
    expect(alone({ repositories: new Map([moved]) })).toEqual({ kind: 'unread' })
    expect(alone({ repositories: new Map() })).toEqual({ kind: 'unread' })
  })

  it('by the repository’s own word for the profile, too', () => {
    const wants = (agent: string) =>
      alone({ repositories: new Map([at(REPO, {}, ready({ agent }))]) })
    expect(wants('gpt')).toMatchObject({ kind: 'unknown-profile', name: 'gpt' })
    // Every object has these; they are nobody's profile.
    expect(wants('constructor')).toMatchObject({ kind: 'unknown-profile', name: 'constructor' })
    expect(wants('__proto__')).toMatchObject({ kind: 'unknown-profile', name: '__proto__' })
  })

  it('only as long as the reason holds: the branch moved on, the pause is over, the quota is another’s', () => {
    expect(alone({ queued: [queued(7, { redBase: shaOf('d') })] })).toBeUndefined()
    const over = rest(profileScope('claude'), later(NOW, 10 * MINUTE), 'it was')
    expect(alone({ pauses: [over] })).toBeUndefined()
    expect(
      alone({ pauses: [{ ...over, scope: 'profile:opus', until: instant(9e15) }] }),
    ).toBeUndefined()
    expect(alone({ startedByActor: new Map([[ben.id, 100]]) })).toBeUndefined()
    expect(alone({ operator: operator({ repositories: [REPO] }) })).toBeUndefined()
  })

  it('and builtin:patch needs no jail', () => {
    const patch = [queued(7, { wish: wish({ profile: 'patch' }) })]
    expect(alone({ ...stories['no-jail'][0], queued: patch })).toBeUndefined()
  })
})

describe('of two limits the smaller one wins', () => {
  it('between the operator’s cap per repository and the repository’s own', () => {
    const three = { queued: [1, 2, 3].map((n) => queued(n)) }
    const own = night({ ...three, repositories: new Map([at(REPO, {}, parallel(1))]) })
    expect(outcome(own).waiting['2']).toEqual({
      kind: 'no-slot',
      used: 1,
      cap: 1,
      of: { limit: 'repository' },
      ahead: 0,
    })
    const theirs = night({
      ...three,
      repositories: new Map([at(REPO, {}, parallel(9))]),
      operator: caps({ perRepository: 2 }),
    })
    expect(outcome(theirs).start).toHaveLength(2)
  })

  it('and it is named in the order total, repository, tier, person', () => {
    const full = {
      live: [live(REPO, 1)],
      startedByActor: new Map([[ana.id, 1]]),
      repositories: new Map([at(REPO, {}, parallel(1))]),
    }
    const named = (operators: ReturnType<typeof operator>, over: Partial<ScheduleInput> = full) => {
      const wait = alone({ ...over, operator: operators })
      return wait?.kind === 'no-slot' ? wait.of.limit : wait?.kind
    }
    const tight = { total: 1, perRepository: 1, tiers: { sonnet: 1 }, perActorDay: 1 }
    const roomy = { ...full, repositories: new Map([at(REPO, {}, parallel(9))]) }
    expect(named(caps(tight))).toBe('total')
    expect(named(caps({ ...tight, total: 2 }))).toBe('repository')
    expect(named(caps({ ...tight, total: 2, perRepository: 2 }), roomy)).toBe('tier')
    expect(named(caps({ total: 2, perRepository: 2, perActorDay: 1 }), roomy)).toBe('actor-quota')
  })

  it('a tier that is full holds only its own; a profile without a tier has no such limit', () => {
    const input = night({
      queued: [
        queued(1),
        queued(2, { wish: wish({ profile: 'opus' }) }),
        queued(3, { wish: wish({ profile: 'patch' }) }),
      ],
      operator: caps({ tiers: { sonnet: 0, opus: 1 } }),
    })
    expect(outcome(input)).toEqual({
      start: ['2 with opus', '3 with patch'],
      waiting: {
        1: {
          kind: 'no-slot',
          used: 0,
          cap: 0,
          of: { limit: 'tier', tier: 'sonnet' },
          ahead: 0,
        },
      },
    })
  })

  it('a tier that nobody capped is bound by the other limits only, whatever it is called', () => {
    const profiles = { claude: profile({ tier: 'constructor' }) }
    expect(outcome(night({ operator: operator({ profiles }) })).start).toEqual(['7 with claude'])
  })
})

describe('the order', () => {
  it('is priority, then the older wish, then the lower number', () => {
    const input = night({
      queued: [
        queued(9, { wish: wish({ at: later(NOW, MINUTE) }) }),
        queued(10),
        queued(3),
        queued(5, { wish: wish({ at: later(NOW, 2 * MINUTE) }), priority: 1 }),
      ],
      repositories: new Map([at(REPO, {}, parallel(9))]),
    })
    expect(outcome(input).start.map((words) => words.split(' ')[0])).toEqual(['5', '3', '10', '9'])
  })

  it('lets others pass a task that cannot start', () => {
    const other = repoId(2)
    const input = night({
      queued: [queued(1), queued(2, {}, other)],
      repositories: new Map([at(REPO, {}, { kind: 'missing' }), at(other)]),
    })
    expect(outcome(input).start).toEqual(['2 with claude'])
  })

  it('counts a person’s day within one pass, too', () => {
    const input = night({
      queued: [queued(1), queued(2), queued(3, { wish: wish({ by: ben }) })],
      startedByActor: new Map([[ana.id, 99]]),
    })
    expect(outcome(input).start).toEqual(['1 with claude', '3 with claude'])
  })
})
