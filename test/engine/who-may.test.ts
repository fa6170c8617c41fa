/**
 * T1: six roles, five routes by which somebody may wish for work, five ways in which GitHub answers the question for
 * their role: 150 verdicts. The answer passes the real adapter and the real gathering; what decides is what the engine runs.
 */
import { describe, expect, it } from 'vitest'
import { parse } from '../../src/commands/parse.ts'
import { refusalFor } from '../../src/commands/may-give.ts'
import type { Permission } from '../../src/domain/actor.ts'
import { obey } from '../../src/domain/decide/command/obey.ts'
import type { Subject } from '../../src/domain/decide/decision.ts'
import { blankTask, decideTask } from '../../src/domain/decide/task.ts'
import type { TaskFact } from '../../src/domain/fact.ts'
import { later } from '../../src/domain/ids.ts'
import type { Instant } from '../../src/domain/ids.ts'
import { createGather } from '../../src/engine/gather.ts'
import type { EngineDeps } from '../../src/engine/deps.ts'
import type { Client } from '../../src/github/client.ts'
import { createPermission } from '../../src/github/permission.ts'
import { WorldFault } from '../../src/ports/fault.ts'
import type { FaultKind } from '../../src/ports/fault.ts'
import { visibleText } from '../../src/render/visible.ts'
import {
  MINUTE,
  NOW,
  REPO,
  ROLES,
  ana,
  issue,
  labelled,
  operator,
  ready,
} from '../support/builders.ts'
import { repository, snapshot, world } from '../support/builders.ts'

const blank: Subject = { task: blankTask({ repo: REPO, ...issue() }, NOW), live: null }
const spoken = { id: 5, on: 'issue', number: 7, text: '/run', at: later(NOW, MINUTE) } as const

const FACTS = {
  'the label of an issue form': labelled({ issue: issue({ body: '' }) }),
  'the label by hand': labelled(),
  'the label by the API, found later': labelled({ via: 'reconcile' }),
  'a command': {
    kind: 'commanded',
    spoken,
    actor: ana,
    issue: issue({ labels: [] }),
    via: 'webhook',
  },
} as const satisfies Record<string, TaskFact>

const ANSWERS = {
  ok: null,
  '404': ['not-found', 404],
  '403': ['forbidden', 403],
  '500': ['transient', 500],
  timeout: ['transient', null],
} as const satisfies Record<string, readonly [FaultKind, number | null] | null>
type Answer = keyof typeof ANSWERS

/** What GitHub says when it is asked for ana's role. */
function clientThat(role: Permission, answer: Answer): Client {
  const fault = ANSWERS[answer]
  const getCollaboratorPermissionLevel = async () => {
    if (fault === null) return { data: { user: { id: ana.id }, role_name: role, permission: role } }
    const [kind, status] = fault
    const told = status === null ? {} : { status }
    throw new WorldFault('GitHub did not say', { kind, applied: 'no', operation: 'ask', ...told })
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a GitHub that knows this one route
  return {
    on: () => ({ rest: { repos: { getCollaboratorPermissionLevel } } }),
  } as unknown as Client
}

const clock = { now: () => later(NOW, 10 * MINUTE), monotonic: () => 0, sleep: async () => {} }

function gatherWith(client: Client, looksFirst: Instant | null = null) {
  const view = issue({ labels: ['yardmaster'] })
  const deps = {
    installations: { serves: () => true },
    store: {
      repositories: { get: async () => repository() },
      about: { get: async () => looksFirst },
    },
    tracker: {
      permission: createPermission(client, clock, 0),
      commentNow: async () => ({ text: '/run', edited: false }),
      issue: async () => ({ issue: view, updatedAt: NOW }),
      lastEdited: async () => null,
    },
    commands: {
      read: async (body: string) =>
        parse(body, { slug: 'yardmaster', commands: 'bare', place: 'issue' }, visibleText),
    },
    slug: 'yardmaster',
    clock,
    operator: operator(),
  }
  const heads = { refresh: async () => repository() }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of the engine's parts as gathering asks
  return createGather(deps as unknown as EngineDeps, heads, () => ready())
}

/** `waits`: nothing is decided before GitHub answers. */
type Verdict = 'starts' | 'refused' | 'waits'

async function verdict(fact: TaskFact, client: Client): Promise<Verdict> {
  const stored = {
    seq: 1,
    source: 'github',
    key: 'k',
    aggregate: `task:${blank.task.id}`,
    repo: null,
    fact,
    receivedAt: NOW,
  } as const
  try {
    const seen = await gatherWith(client)(blank, stored, fact)
    if (seen === null) throw new Error('it concerns nothing that is served')
    const decided = decideTask(blank, fact, seen)
    return decided?.next.state.kind === 'queued' ? 'starts' : 'refused'
  } catch (error) {
    if (error instanceof WorldFault) return 'waits'
    throw error
  }
}

/** A card is moved on a board: the same permission rule, and the same decider. */
async function cardMoved(client: Client): Promise<Verdict> {
  try {
    const permission = await createPermission(client, clock, 0)(repository(), ana)
    const giver = { permission, isRequester: false, requesterBarred: false }
    if (refusalFor('run', giver) !== null) return 'refused'
    const order = {
      command: { kind: 'run' },
      by: ana,
      word: { at: NOW, id: 1 },
      route: 'card',
      spoken: null,
    } as const
    const seen = world({
      permission,
      shown: snapshot,
      issue: { view: issue({ labels: [] }), editedSince: false },
    })
    const outcome = obey(blank, order, seen)
    return 'refused' in outcome ? 'refused' : 'starts'
  } catch (error) {
    if (error instanceof WorldFault) return 'waits'
    throw error
  }
}

const ROUTES = [...Object.keys(FACTS), 'a card moved on the board'] as const
const cases = ROUTES.flatMap((route) =>
  ROLES.flatMap((role) =>
    (Object.keys(ANSWERS) as readonly Answer[]).map((answer) => ({ route, role, answer })),
  ),
)

/** No answer is no permission; a GitHub that is away is waited for, and starts nothing meanwhile. */
function wanted(role: Permission, answer: Answer, route: string): Verdict {
  if (answer === '500' || answer === 'timeout') return 'waits'
  // A missing right of ours is the operator's to mend. A command is answered; what has no asker waits for it.
  if (answer === '403') return route === 'a command' ? 'refused' : 'waits'
  if (answer === '404') return 'refused'
  return role === 'write' || role === 'maintain' || role === 'admin' ? 'starts' : 'refused'
}

describe('who may start work, by whatever route', () => {
  it('is 150 cases', () => expect(cases).toHaveLength(150))

  it.each(cases)(
    '$route by somebody with $role, GitHub says $answer',
    async ({ route, role, answer }) => {
      const client = clientThat(role, answer)
      const fact = Object.entries(FACTS).find(([name]) => name === route)?.[1]
      const found = fact === undefined ? await cardMoved(client) : await verdict(fact, client)
      expect(found).toBe(wanted(role, answer, route))
    },
  )
})

describe('a store that was rebuilt or restored', () => {
  const decided = async (via: 'webhook' | 'reconcile', looksFirst: Instant | null) => {
    const fact: TaskFact = { ...FACTS['a command'], via }
    const aggregate = `task:${blank.task.id}` as const
    const stored = { seq: 1, source: 'github', key: 'k', aggregate, repo: null, fact } as const
    const gather = gatherWith(clientThat('write', 'ok'), looksFirst)
    const seen = await gather(blank, { ...stored, receivedAt: NOW }, fact)
    return seen === null ? null : decideTask(blank, fact, seen)
  }

  it('has forgotten which words it obeyed: those of before that are found are not obeyed again', async () => {
    const since = later(spoken.at, MINUTE)
    expect(await decided('reconcile', since)).toBeNull()
    expect((await decided('reconcile', NOW))?.next.state.kind, 'said since').toBe('queued')
    expect((await decided('webhook', since))?.next.state.kind, 'never delivered').toBe('queued')
    expect((await decided('reconcile', null))?.next.state.kind).toBe('queued')
  })
})
