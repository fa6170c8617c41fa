import { describe, expect, test } from 'vitest'
import { issueId, repoId, taskId } from '../../src/domain/ids.ts'
import { createWebhookCounters, factsOf, narrow } from '../../src/github/webhook.ts'

const GUID = '72d3162e-cc78-11e3-81ab-4c9367dc0958'
const ana = { id: 5, login: 'ana', type: 'User' }
const repository = { id: 900, name: 'yard', owner: { login: 'octo' }, default_branch: 'main' }
const installation = { id: 77 }
const issue = {
  id: 5_007,
  number: 7,
  title: 'Fix it',
  body: 'Please.',
  state: 'open',
  labels: [{ name: 'bug' }, { name: 'yardmaster' }],
  updated_at: '2026-03-01T12:00:00Z',
}
const base = { repository, installation, sender: ana }
const REPO = { id: 900, owner: 'octo', name: 'yard', installation: 77, defaultBranch: 'main' }
const TASK = taskId(repoId(900), issueId(5_007))
const actor = { id: 5, login: 'ana', kind: 'person' }
const side = { sha: 'a'.repeat(40), repo: { id: 900 } }
const view = {
  id: 5_007,
  number: 7,
  title: 'Fix it',
  body: 'Please.',
  open: true,
  labels: ['bug', 'yardmaster'],
}

async function receive(name: string, payload: unknown, id = GUID) {
  const counters = createWebhookCounters()
  const findTask = (repo: number, _by: 'issue' | 'pull', number: number) =>
    Promise.resolve(repo === 900 && number === 7 ? TASK : null)
  const facts = await factsOf(
    { id, name, payload },
    { slug: 'yardmaster', findBoard: async () => null, findTask, counters },
  )
  const counted = Object.entries(counters).filter(([, count]) => count > 0)
  return { facts, counted: Object.fromEntries(counted) }
}

describe('issues', () => {
  const at = Date.parse('2026-03-01T12:00:00Z')
  const label = { name: 'yardmaster' }

  test.each([
    [
      'labeled',
      { label },
      {
        kind: 'label-added',
        label: 'yardmaster',
        actor,
        issue: view,
        at,
        via: 'webhook',
        editedSince: false,
      },
    ],
    [
      'unlabeled',
      { label },
      { kind: 'label-removed', label: 'yardmaster', actor, issue: view, at, via: 'webhook' },
    ],
    ['edited', {}, { kind: 'issue-edited', actor, issue: view }],
    ['closed', {}, { kind: 'issue-closed', actor, issue: view, at, via: 'webhook' }],
    ['reopened', {}, { kind: 'issue-reopened', actor, issue: view }],
    ['transferred', {}, { kind: 'issue-gone', how: 'transferred', actor }],
    ['deleted', {}, { kind: 'issue-gone', how: 'deleted', actor }],
  ])('%s becomes a fact about the task', async (action, more, fact) => {
    const { facts, counted } = await receive('issues', { ...base, action, issue, ...more })
    const expected = {
      source: 'github',
      key: `github:${GUID}`,
      aggregate: `task:${TASK}`,
      repo: REPO,
      fact,
    }
    expect(facts).toEqual([expected])
    expect(counted).toEqual({ accepted: 1 })
  })

  test.each(['opened', 'assigned', 'pinned', 'constructor', '__proto__'])(
    '%s does not concern us',
    async (action) => {
      const { facts, counted } = await receive('issues', { ...base, action, issue })
      expect([facts, counted]).toEqual([[], { irrelevant: 1 }])
    },
  )

  test('an empty body is an empty text', async () => {
    const payload = { ...base, action: 'edited', issue: { ...issue, body: null } }
    const { facts } = await receive('issues', payload)
    expect(facts[0]?.fact).toMatchObject({ issue: { body: '' } })
  })

  test('a pull request is no issue', async () => {
    const payload = { ...base, action: 'labeled', label, issue: { ...issue, pull_request: {} } }
    expect((await receive('issues', payload)).counted).toEqual({ irrelevant: 1 })
  })

  test.each([
    ['without an installation', { installation: undefined }],
    ['without a label', { label: undefined }],
    ['with an id that is none', { issue: { ...issue, id: '5007' } }],
    ['with a name that is a path', { repository: { ...repository, name: '../../etc' } }],
    ['with a name that is a dot', { repository: { ...repository, name: '..' } }],
    ['with an owner with a line end', { repository: { ...repository, owner: { login: 'a\nb' } } }],
    ['without a time', { issue: { ...issue, updated_at: 'yesterday' } }],
  ])('one %s is nothing', async (_, more) => {
    const payload = { ...base, action: 'labeled', label, issue, ...more }
    expect(await receive('issues', payload)).toEqual({ facts: [], counted: { malformed: 1 } })
  })
})

describe('who did it', () => {
  const by = async (sender: unknown) => {
    const payload = { ...base, action: 'closed', issue, sender }
    const [fact] = (await receive('issues', payload)).facts
    return fact?.fact.kind === 'issue-closed' ? fact.fact.actor : 'nothing'
  }

  test.each([
    [{ id: 8, login: 'evil[bot]', type: 'Bot' }, 'bot'],
    [{ id: 8, login: 'evil', type: 'Bot' }, 'bot'],
    [{ id: 8, login: 'Evil[bot]', type: 'User' }, 'bot'],
    [{ id: 8, login: 'acme', type: 'Organization' }, 'bot'],
    [{ id: 8, login: 'someone', type: 'Mannequin' }, 'bot'],
    [{ id: 8, login: 'yardmaster', type: 'User' }, 'person'],
    [{ id: 8, login: 'yardmaster[bot]x', type: 'Bot' }, 'bot'],
  ])('%o is a %s', async (sender, kind) => {
    expect(await by(sender)).toMatchObject({ id: 8, kind })
  })

  test.each([null, undefined, {}, 'ana', { id: 5 }, { id: -1, login: 'ana', type: 'User' }])(
    '%j is nobody',
    async (sender) => {
      expect(await by(sender)).toBeNull()
    },
  )

  test.each(['yardmaster[bot]', 'Yardmaster[bot]'])(
    '%s, our own App, is no news',
    async (login) => {
      const payload = { ...base, action: 'labeled', label: { name: 'yard:queued' }, issue }
      const sent = await receive('issues', { ...payload, sender: { id: 9, login, type: 'Bot' } })
      expect(sent).toEqual({ facts: [], counted: { ours: 1 } })
    },
  )

  test('author_association counts for nothing', async () => {
    const payload = { ...base, action: 'closed', issue }
    const plain = await receive('issues', payload)
    const forged = { ...payload, issue: { ...issue, author_association: 'OWNER' } }
    expect(await receive('issues', forged)).toEqual(plain)
  })
})

describe('pull requests', () => {
  const pull = (more: object = {}) => ({
    number: 8,
    merged: true,
    head: { ref: 'yardmaster/7', ...side },
    base: { ref: 'main', ...side },
    ...more,
  })
  const send = (action: string, pull_request: unknown) =>
    receive('pull_request', { ...base, action, pull_request })

  test('from our branch concern the task that the branch names', async () => {
    const merged = await send('closed', pull())
    expect(merged.facts).toEqual([
      {
        source: 'github',
        key: `github:${GUID}`,
        aggregate: `task:${TASK}`,
        repo: REPO,
        fact: { kind: 'pull-closed', number: 8, merged: true, actor, via: 'webhook' },
      },
    ])
    const closed = await send('closed', pull({ merged: false }))
    expect(closed.facts[0]?.fact).toMatchObject({ kind: 'pull-closed', merged: false })
    const again = await send('reopened', pull())
    expect(again.facts[0]?.fact).toEqual({ kind: 'pull-reopened', number: 8, actor })
  })

  const head = (ref: string, repo: object | null = { id: 900 }) =>
    pull({ head: { ...side, ref, repo } })
  test.each([
    ['a fork', head('yardmaster/7', { id: 901 })],
    ['a fork that is gone', head('yardmaster/7', null)],
    ['another branch', head('fix')],
    ['a branch within', head('yardmaster/7/x')],
    ['a branch beside', head('xyardmaster/7')],
    ['no number', head('yardmaster/seven')],
    ['a number padded', head('yardmaster/07')],
    ['an issue without a task', head('yardmaster/70')],
  ])('from %s do not', async (_, pull_request) => {
    expect(await send('closed', pull_request)).toEqual({ facts: [], counted: { irrelevant: 1 } })
  })

  test('that are only looked at do not', async () => {
    expect((await send('labeled', pull())).counted).toEqual({ irrelevant: 1 })
  })
})

describe('pushes', () => {
  const after = 'c'.repeat(40)
  const send = (more: object) =>
    receive('push', { ...base, ref: 'refs/heads/main', after, deleted: false, ...more })

  test('to the default branch move it', async () => {
    const { facts } = await send({})
    expect(facts).toMatchObject([
      { aggregate: 'repo:900', repo: REPO, fact: { kind: 'branch-moved', head: after } },
    ])
  })

  test.each([
    [{ ref: 'refs/heads/yardmaster/7' }],
    [{ ref: 'refs/tags/main' }],
    [{ deleted: true, after: '0'.repeat(40) }],
  ])('%j do not', async (more) => {
    expect((await send(more)).facts).toEqual([])
  })

  test.each(['', 'c'.repeat(39), `${'c'.repeat(39)}\n`, '--upload-pack=x', 7])(
    'with %j for a commit are nothing',
    async (broken) => {
      expect((await send({ after: broken })).counted).toEqual({ malformed: 1 })
    },
  )
})

describe('repositories', () => {
  test.each([
    ['renamed', 'repository-seen'],
    ['edited', 'repository-seen'],
    ['unarchived', 'repository-seen'],
    ['archived', 'repository-gone'],
    ['transferred', 'repository-gone'],
    ['deleted', 'repository-gone'],
  ])('%s: %s', async (action, kind) => {
    const { facts } = await receive('repository', { ...base, action })
    expect(facts).toMatchObject([{ aggregate: 'repo:900', repo: REPO, fact: { kind } }])
  })

  test('publicized does not concern us', async () => {
    expect((await receive('repository', { ...base, action: 'publicized' })).facts).toEqual([])
  })
})

describe('installations', () => {
  const repositories = [
    { id: 900, full_name: 'octo/yard' },
    { id: 901, full_name: 'octo/Other.repo_1' },
  ]
  const facts = async (name: string, payload: object) =>
    (await receive(name, { installation, sender: ana, ...payload })).facts.map((fact) => [
      fact.key,
      fact.aggregate,
      fact.repo?.name,
      fact.fact.kind,
    ])

  test.each([
    ['created', 'repository-seen'],
    ['unsuspend', 'repository-seen'],
    ['new_permissions_accepted', 'repository-seen'],
    ['suspend', 'repository-gone'],
    ['deleted', 'repository-gone'],
  ])('%s: %s, one fact for each repository', async (action, kind) => {
    expect(await facts('installation', { action, repositories })).toEqual([
      [`github:${GUID}:0`, 'repo:900', 'yard', kind],
      [`github:${GUID}:1`, 'repo:901', 'Other.repo_1', kind],
    ])
  })

  test('added and removed repositories are told apart', async () => {
    const [added, removed] = repositories
    const payload = {
      action: 'added',
      repositories_added: [added],
      repositories_removed: [removed],
    }
    expect(await facts('installation_repositories', payload)).toEqual([
      [`github:${GUID}:0`, 'repo:900', 'yard', 'repository-seen'],
      [`github:${GUID}:1`, 'repo:901', 'Other.repo_1', 'repository-gone'],
    ])
  })

  test('the default branch is HEAD until it is read', async () => {
    const payload = { installation, sender: ana, action: 'created', repositories }
    const [first] = (await receive('installation', payload)).facts
    expect(first?.repo).toEqual({ ...REPO, defaultBranch: 'HEAD' })
  })

  test.each(['yard', 'octo/yard/x', 'octo/..', '/yard', 'o c/y'])(
    'the name %j is refused',
    async (full_name) => {
      const payload = { installation, action: 'created', repositories: [{ id: 900, full_name }] }
      expect((await receive('installation', payload)).counted).toEqual({ malformed: 1 })
    },
  )
})

test('unknown events are nothing, whatever they are called', () => {
  for (const name of ['star', 'watch', '', 'constructor', '__proto__', 'toString'])
    expect(narrow({ id: GUID, name, payload: base }, 'yardmaster')).toEqual({ kind: 'unknown' })
})

test.each(['', 'a b', 'x'.repeat(101), "'; drop table inbox"])(
  'the delivery id %j is refused',
  (id) => {
    const payload = { ...base, action: 'closed', issue }
    expect(narrow({ id, name: 'issues', payload }, 'yardmaster').kind).toBe('malformed')
  },
)

describe('comments and reviews', () => {
  const created_at = '2026-03-01T12:00:00Z'
  const at = Date.parse(created_at)
  const user = base.sender
  const comment = (more: object = {}) => ({ id: 55, body: '/run', created_at, user, ...more })
  const send = (action: string, more: object) =>
    receive('issue_comment', { ...base, action, issue, comment: comment(), ...more })

  test('with a line that may be a command become one, under a key of their own', async () => {
    const { facts } = await send('created', {})
    expect(facts).toMatchObject([
      {
        key: 'comment:900:issue:55',
        aggregate: `task:${TASK}`,
        fact: {
          kind: 'commanded',
          spoken: { id: 55, on: 'issue', number: 7, text: '/run', at },
          issue: { number: 7 },
          via: 'webhook',
        },
      },
    ])
  })

  test('without one are only looked at where there is a task', async () => {
    const { facts } = await send('created', { comment: comment({ body: 'I wonder.' }) })
    expect(facts).toMatchObject([{ aggregate: `task:${TASK}`, fact: { kind: 'replied' } }])
    const elsewhere = { ...issue, number: 8 }
    const others = await send('created', { issue: elsewhere, comment: comment({ body: 'Hm.' }) })
    expect(others).toEqual({ facts: [], counted: { irrelevant: 1 } })
  })

  test.each([
    ['that were edited', 'edited', {}],
    ['that were deleted', 'deleted', {}],
    ['of bots', 'created', { sender: { ...user, type: 'Bot' } }],
    ['that somebody else sent than wrote', 'created', { sender: { ...user, id: 99 } }],
    [
      'of our own App in a person’s name',
      'created',
      { comment: comment({ performed_via_github_app: { slug: 'yardmaster' } }) },
    ],
  ])('%s say nothing', async (_, action, more) => {
    expect(await send(action, more)).toEqual({ facts: [], counted: { irrelevant: 1 } })
  })

  test('on a pull request find the task that opened it; so does the text of a review', async () => {
    const on = { issue: { ...issue, pull_request: {} } }
    const { facts } = await send('created', on)
    expect(facts).toMatchObject([
      {
        aggregate: `task:${TASK}`,
        fact: { kind: 'commanded', issue: null, spoken: { on: 'pull' } },
      },
    ])
    const said = { id: 55, body: '/hold', submitted_at: created_at, user }
    const review = { ...said, state: 'commented', commit_id: side.sha }
    const reviewed = await receive('pull_request_review', {
      ...base,
      action: 'submitted',
      review,
      pull_request: { number: 7 },
    })
    const words = reviewed.facts.filter(({ fact }) => fact.kind === 'commanded')
    expect(words).toMatchObject([
      { key: 'comment:900:review:55', fact: { kind: 'commanded', spoken: { on: 'review' } } },
    ])
  })
})
