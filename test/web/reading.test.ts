/** What people are shown of tasks, from plain rows: the order, the reasons, the evidence, and courteous answers to wrong names. */
import type { Spending } from '../../src/domain/budget.ts'
import { describe, expect, it } from 'vitest'
import { createSecrets } from '../../src/policy/secrets/secrets.ts'
import { actKey, instant, issueId, repoId, taskId } from '../../src/domain/ids.ts'
import type { TaskId } from '../../src/domain/ids.ts'
import { LEDGER_START, chain, firstBroken } from '../../src/domain/ledger.ts'
import { YARD, holdScope, rest, stop, worldScope } from '../../src/domain/pause.ts'
import type { Pause } from '../../src/domain/pause.ts'
import type { Repository } from '../../src/domain/repository.ts'
import type { Task } from '../../src/domain/task.ts'
import type { Wait } from '../../src/domain/wait.ts'
import { createReading } from '../../src/web/reading.ts'
import type { ReadingDeps } from '../../src/web/reading.ts'
import {
  operator,
  MINUTE,
  NOW,
  REPO,
  STATE_KINDS,
  TASK,
  attempt,
  ended,
  ran,
  report,
  repository,
  task,
  taskIn,
  spending,
} from '../support/builders.ts'

interface Rows {
  readonly pauses?: readonly Pause[]
  readonly spent?: readonly Spending[]
  readonly tasks?: readonly Task[]
  readonly repositories?: readonly Repository[]
  readonly attempts?: Awaited<ReturnType<ReadingDeps['store']['attempts']>>
  readonly open?: Awaited<ReturnType<ReadingDeps['store']['open']>>
  readonly waits?: ReadonlyMap<TaskId, Wait>
}

/** A store that holds exactly these rows. */
function reading(rows: Rows) {
  const tasks = rows.tasks ?? []
  const repositories = rows.repositories ?? [repository()]
  return createReading({
    secrets: createSecrets(),
    operator: () => operator(),
    store: {
      admission: { pauses: async () => rows.pauses ?? [], spent: async () => rows.spent ?? [] },
      list: async ({ states }) =>
        tasks.filter(({ state }) => states === undefined || states.includes(state.kind)),
      find: async (repo, number) =>
        tasks.find((one) => one.repo === repo && one.number === number) ?? null,
      attempts: async () => rows.attempts ?? [],
      open: async () => rows.open ?? [],
      ledger: async (id) =>
        chain(id, LEDGER_START, [
          {
            event: 'task.queued',
            why: '@ana set the label',
            by: 'ana',
            at: NOW,
            data: { b: 1, a: [2] },
          },
          { event: 'attempt.admitted', why: 'attempt 1 starts', by: null, at: NOW, data: {} },
        ]),
      repositories: {
        all: async () => repositories,
        get: async () => null,
        save: async () => {},
      },
    },
    waits: async () => rows.waits ?? new Map(),
    clock: { now: () => instant(NOW + 5 * MINUTE), monotonic: () => 0, sleep: async () => {} },
    webUrl: 'https://github.example',
  })
}

const numbered = (number: number, over: Partial<Task> = {}): Task =>
  task({ id: taskId(REPO, issueId(9000 + number)), issue: issueId(9000 + number), number, ...over })

describe('the queue', () => {
  it('shows what needs a person first, then what runs, then what waits in the order of its turn', async () => {
    const { tasks } = await reading({
      tasks: [
        numbered(1, { state: { kind: 'queued' } }),
        numbered(2, { state: { kind: 'queued' }, priority: 5 }),
        numbered(3, { state: { kind: 'running', attempt: attempt().id } }),
        numbered(4, { state: { kind: 'held', by: 'ana', reason: 'not yet' } }),
        numbered(5, { state: { kind: 'parked', question: 'Q1' } }),
      ],
    }).queue({ all: false })
    expect(tasks.map(({ issue }) => issue.split('#')[1])).toEqual(['5', '4', '3', '2', '1'])
  })

  it('leaves out what has ended, unless all is wanted', async () => {
    const tasks = STATE_KINDS.map((kind) => taskIn(kind))
    const shown = async (all: boolean) =>
      (await reading({ tasks }).queue({ all })).tasks.map(({ state }) => state)
    expect(await shown(false)).not.toContain('done')
    expect((await shown(true)).toSorted()).toEqual(STATE_KINDS.toSorted())
  })

  it('says of each queued task why it does not start, in the words that GitHub shows', async () => {
    const waits = new Map<TaskId, Wait>([
      [TASK, { kind: 'no-slot', used: 8, cap: 8, of: { limit: 'tier', tier: 'sonnet' }, ahead: 0 }],
    ])
    const { tasks } = await reading({ tasks: [task()], waits }).queue({ all: false })
    expect(tasks[0]?.why).toBe('no slot: 8 of 8 sonnet busy')
  })

  it.each(STATE_KINDS)('has a reason for a task that is %s', async (kind) => {
    const { tasks } = await reading({ tasks: [taskIn(kind)] }).queue({ all: true })
    expect(tasks[0]?.why).toMatch(/\S/)
    expect(tasks[0]?.why).not.toContain('undefined')
  })

  it('tells what somebody has stopped, and not what ends by itself or has ended', async () => {
    const over = { until: instant(NOW), reason: 'over' }
    const pauses = [
      stop(YARD, { reason: 'a release' }),
      stop(holdScope(REPO), { reason: '', by: 'ana' }),
      { ...stop(holdScope(REPO), { reason: '' }), ...over },
      rest(worldScope(REPO), instant(9e15), 'no answer'),
    ]
    const view = await reading({ pauses }).queue({ all: false })
    expect(view.pauses).toEqual([
      { repository: null, why: 'the operator has paused all work: a release' },
      { repository: 'octo/greeter', why: '@ana has paused this repository' },
    ])
  })

  it('says what each repository has spent in 24 hours, and of which budget', async () => {
    const spent = [
      spending({ usage: { tokens: 9, cost: 1.5 } }),
      spending({ usage: { tokens: 7_000, cost: null } }),
      spending({ repo: repoId(5), usage: { tokens: 9, cost: 90 } }),
    ]
    const config = 'budget: { day: 20 }\n'
    const view = await reading({ spent, repositories: [repository({ config })] }).queue({
      all: false,
    })
    expect(view.repositories[0]?.day).toEqual({
      spent: { cost: 1.5, tokens: 7_000, unknown: 0 },
      budget: { cost: 20, tokens: 100_000_000 },
    })
  })

  it('names repositories where nothing starts, and what wore the label before', async () => {
    const { repositories } = await reading({
      repositories: [
        repository({ config: null, foundLabelled: [3, 4] }),
        repository({ id: repoId(2), name: 'broken', config: 'limits: { parallel: many }' }),
        repository({ id: repoId(3), name: 'left', gone: 'the App was removed' }),
        repository({ id: repoId(4), name: 'new', head: null, config: null }),
      ],
    }).queue({ all: false })
    expect(repositories.map(({ settings }) => settings)).toEqual([
      'no configuration: commit .github/yardmaster.yml to main',
      expect.stringMatching(/cannot be used: line 1: limits\.parallel: must be/),
      'nothing can run here: the App was removed',
      'the default branch has not been read yet',
    ])
    expect(repositories[0]?.foundLabelled).toEqual([3, 4])
  })

  it('says no longer of an issue that it was not started, once its label was set again', async () => {
    const { repositories } = await reading({
      tasks: [numbered(3, { state: { kind: 'done', reason: 'merged' } })],
      repositories: [repository({ foundLabelled: [3, 4] })],
    }).queue({ all: false })
    expect(repositories[0]?.foundLabelled).toEqual([4])
  })
})

describe('one task', () => {
  const name = { repository: null, number: 7 }

  it('comes with its attempts, their evidence and what is still to be done', async () => {
    const verify = [ran(1)]
    const failed = report({ end: { kind: 'failed', failure: 'verify' }, error: 'red', verify })
    const found = await reading({
      tasks: [taskIn('in-review')],
      attempts: [attempt({ endedAt: NOW, report: failed }), attempt({ n: 2 })],
      open: [
        {
          key: actKey('k'),
          task: TASK,
          epoch: 2,
          notBefore: null,
          detail: {
            kind: 'comment',
            notice: { kind: 'failed', login: 'ana', reason: 'red' },
            on: null,
          },
          status: 'open',
          tries: 2,
          triedAt: null,
          intendedAt: NOW,
        },
      ],
    }).task(name)
    expect(found).toMatchObject({
      kind: 'found',
      value: {
        state: 'in-review',
        by: 'ana',
        pending: ['comment (tried 2 times)'],
        attemptList: [
          { n: 1, phase: null, end: 'failed: verify', verify: [{ exitCode: 1, seconds: 1.2 }] },
          { n: 2, phase: 'agent', end: null, ended: null },
        ],
        links: { branch: expect.stringMatching(/\/tree\/yardmaster\/7$/) },
      },
    })
  })

  it('survives the way through JSON unchanged, so that the socket loses nothing', async () => {
    const found = await reading({
      tasks: [taskIn('in-review')],
      attempts: [attempt({ endedAt: NOW, report: ended().report })],
    }).task(name)
    expect(JSON.parse(JSON.stringify(found))).toEqual(found)
  })

  it('keeps a ledger whose chain still holds after that way', async () => {
    const found = await reading({ tasks: [task()] }).ledger(name)
    const { value } = JSON.parse(JSON.stringify(found))
    expect(value.entries).toHaveLength(2)
    expect(firstBroken(value.entries)).toBeNull()
  })
})

describe('a name that leads nowhere', () => {
  const say = async (rows: Rows, named: string | null, number = 7): Promise<string> => {
    const found = await reading(rows).task({ repository: named, number })
    return found.kind === 'missing' ? found.message : 'found'
  }
  const two = [repository(), repository({ id: repoId(2), name: 'other' })]

  it('is told that no repository is known yet', async () => {
    expect(await say({ repositories: [] }, null)).toContain('not seen any repository yet')
  })
  it('is told which repositories are known', async () => {
    expect(await say({}, 'no/where')).toMatch(/^no\/where is not known here\. Known: /)
  })
  it('is asked to name one of several repositories', async () => {
    expect(await say({ repositories: two }, null)).toContain('name one, such as')
  })
  it('is told to set the label', async () => {
    expect(await say({}, null)).toContain('set the label')
  })
  it('is told why an issue that wears the label was not started', async () => {
    const repositories = [repository({ foundLabelled: [7] })]
    expect(await say({ repositories }, null)).toContain('Take the label off and set it again')
  })
  it('matters not in its case, and prefers the repository that is still there', async () => {
    const gone = repository({ id: repoId(2), gone: 'deleted' })
    const { owner, name } = repository()
    const rows = { tasks: [task()], repositories: [gone, repository()] }
    expect(await say(rows, `${owner}/${name}`.toUpperCase())).toBe('found')
  })
})
