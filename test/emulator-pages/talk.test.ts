// What people do together on the pages: react, comment on lines, review, settle threads, ask each
// other, pin, and move cards on a board; all by plain forms.
import { expect, test } from 'vitest'
import { scene, type Scene } from '../emulator/support/github.ts'
import { TALKER } from '../emulator/support/talker.ts'
import { visitor } from './support/visitor.ts'

const SHOP = '/acme/shop'
const AT = { repo: 'acme/shop', number: 1 }

async function reviewable(): Promise<Scene> {
  const stage = await scene({ manifest: TALKER })
  const files = { 'src/price.ts': 'export const price = 2\n' }
  const push = { repo: 'acme/shop', as: 'ben', branch: 'price', files, message: 'Raise' }
  await stage.github.pushFiles(push)
  await stage.github.openPull({ repo: 'acme/shop', as: 'ben', title: 'Raise it', head: 'price' })
  return stage
}

test('a reaction is one click on the face, and the same click takes it back', async () => {
  const { github } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Help' })
  const { id } = github.comment({ ...AT, as: 'ben', body: 'On it' })
  const ana = visitor(github.url, 'ana')
  const address = `${SHOP}/comments/${id}/react`
  const page = await ana.send(`${SHOP}/issues/1`, address, { content: 'rocket' })
  expect(page.text).toContain('aria-label="rocket, 1: ana"')
  await ana.send(`${SHOP}/issues/1`, address, { content: 'rocket' })
  expect(github.comments(AT)[0]?.reactions).toEqual([])
  await ana.send(`${SHOP}/issues/1`, `${SHOP}/issues/1/react`, { content: 'heart' })
  expect(github.issue(AT).reactions).toMatchObject([{ content: 'heart' }])
  expect((await ana.post(address, { content: 'rocket', token: 'x' })).status).toBe(403)
  expect(github.violations).toEqual([])
})

test('a review is begun on a line, finished with a verdict, answered and settled', async () => {
  const { github } = await reviewable()
  const ana = visitor(github.url, 'ana')
  const files = await ana.open(`${SHOP}/pull/1/files`)
  expect(files.text).toContain('aria-label="Comment on line 1 before the change"')
  const line = '?path=src%2Fprice.ts&side=RIGHT&line=1'
  const begun = await ana.send(`${SHOP}/pull/1/files${line}`, `${SHOP}/pull/1/line`, {
    body: 'Why **two**?',
    how: 'review',
  })
  expect(begun.text).toContain('Finish your review as ana (1 pending)')
  expect(begun.text).toContain('<strong>two</strong>')
  const ben = visitor(github.url, 'ben')
  expect((await ben.open(`${SHOP}/pull/1/files`)).text).not.toContain('Why')
  const done = await ana.send(`${SHOP}/pull/1`, `${SHOP}/pull/1/review`, {
    event: 'REQUEST_CHANGES',
    body: 'Not like this',
  })
  expect(done.text).toContain('requested changes')
  const [thread] = github.threads(AT)
  const remark = `${SHOP}/review-comments/${thread?.comments[0]?.id}`
  await ben.send(`${SHOP}/pull/1`, `${remark}/reply`, { body: 'Inflation' })
  await ana.send(`${SHOP}/pull/1`, `${remark}/react`, { content: 'confused' })
  const settled = await ben.send(`${SHOP}/pull/1`, `${remark}/resolve`)
  expect(settled.text).toContain('resolved by ben')
  expect(thread?.comments.map(({ body }) => body)).toEqual(['Why **two**?', 'Inflation'])
  // The reply is a review of its own for the API, and no line of its own for people.
  expect(settled.text).not.toContain('>reviewed<')
  const single = await ben.send(
    `${SHOP}/pull/1/files?path=src%2Fprice.ts&side=LEFT&line=1`,
    `${SHOP}/pull/1/line`,
    { body: 'It was one', how: 'single' },
  )
  expect(single.text).toContain('line 1, before the change')
  const ria = visitor(github.url, 'ria')
  expect((await ria.open(`${SHOP}/pull/1`)).text).not.toContain(`${remark}/unresolve`)
  expect(github.violations).toEqual([])
})

test('a begun review is thrown away', async () => {
  const { github } = await reviewable()
  const ana = visitor(github.url, 'ana')
  const on = `${SHOP}/pull/1/files?path=src%2Fprice.ts&side=RIGHT&line=1`
  await ana.send(on, `${SHOP}/pull/1/line`, { body: 'Hm', how: 'review' })
  await ana.send(`${SHOP}/pull/1`, `${SHOP}/pull/1/discard-review`)
  expect(github.reviews(AT)).toEqual([])
  expect(github.threads(AT)).toEqual([])
})

test('people are asked and assigned, and what stands in the way of merging is said', async () => {
  const { github } = await reviewable()
  const ana = visitor(github.url, 'ana')
  github.protectBranch({
    repo: 'acme/shop',
    as: 'ana',
    branch: 'main',
    requiredChecks: ['test'],
    approvals: 1,
  })
  const asked = await ana.send(`${SHOP}/pull/1`, `${SHOP}/pull/1/request-review`, { login: 'ria' })
  expect(asked.text).toContain('is asked')
  expect(asked.text).toContain('Merging is blocked. At least 1 approving review is required')
  await ana.send(`${SHOP}/pull/1`, `${SHOP}/pull/1/cancel-review`, { login: 'ria' })
  await ana.send(`${SHOP}/pull/1`, `${SHOP}/pull/1/assign`, { login: 'ben' })
  expect(github.issue(AT).assignees.map(({ login }) => login)).toEqual(['ben'])
  await github.review({ ...AT, as: 'ana', event: 'APPROVE' })
  const { sha } = github.pull(AT).pull.head
  await github.reportStatus({ ...AT, as: 'ben', sha, context: 'preview', state: 'pending' })
  await github.reportCheck({
    repo: 'acme/shop',
    sha,
    name: 'test',
    conclusion: 'failure',
    annotations: [
      {
        path: 'src/price.ts',
        start_line: 1,
        end_line: 1,
        annotation_level: 'failure',
        message: 'Too dear',
      },
    ],
  })
  const page = await ana.open(`${SHOP}/pull/1`)
  expect(page.text).toContain('Required status check &quot;test&quot; is failing.')
  expect(page.text).toContain('Too dear')
  expect(page.text).toContain('preview: pending')
  expect(github.violations).toEqual([])
})

test('a check is asked for again by a button, which only its own App hears', async () => {
  const { github, hooks, octokit } = await reviewable()
  const { sha } = github.pull(AT).pull.head
  const { data: run } = await octokit.rest.checks.create({
    owner: 'acme',
    repo: 'shop',
    name: 'yardmaster',
    head_sha: sha,
    conclusion: 'success',
  })
  const ben = visitor(github.url, 'ben')
  await ben.send(`${SHOP}/pull/1/checks`, `${SHOP}/runs/${run.id}`, { again: 'yes' })
  await github.whenIdle()
  expect(hooks.at(-1)?.payload).toMatchObject({ action: 'rerequested', sender: { login: 'ben' } })
})

test('a board is made, filled and its cards moved; who may not see it is shown nothing', async () => {
  const { github, hooks } = await scene({ manifest: TALKER })
  github.openIssue({
    repo: 'acme/shop',
    as: 'ria',
    title: 'Wrong price',
    labels: ['bug'],
    viaForm: true,
  })
  const ana = visitor(github.url, 'ana')
  await ana.send('/orgs/acme/projects', '/orgs/acme/projects', { title: 'Yard' })
  const on = '/orgs/acme/projects/1'
  const added = await ana.send(on, `${on}/add`, { card: 'acme/shop#1' })
  expect(added.text).toContain('No status')
  const card = { card: 'acme/shop#1' }
  const moved = await ana.send(on, `${on}/move`, { ...card, to: 'In Progress' })
  expect(moved.text).toMatch(/aria-label="In Progress"[^]*Wrong price/)
  await github.whenIdle()
  expect(hooks.at(-1)?.payload).toMatchObject({
    action: 'edited',
    changes: { field_value: { to: { name: 'In Progress' } } },
  })
  const gone = await ana.send(on, `${on}/archive`, card)
  expect(gone.text).toContain('1 archived')
  await ana.send(on, `${on}/restore`, card)
  expect(github.project({ owner: 'acme', project: 1 }).items[0]?.archivedAt).toBeNull()
  const ria = visitor(github.url, 'ria')
  expect((await ria.open(on)).status).toBe(404)
  expect((await ria.open('/orgs/acme/projects')).text).toContain('There is no project here.')
  expect(github.violations).toEqual([])
})

test('a pinned issue stands above the list', async () => {
  const { github } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Digest' })
  const ben = visitor(github.url, 'ben')
  await ben.send(`${SHOP}/issues/1`, `${SHOP}/issues/1/pin`)
  expect((await ben.open(`${SHOP}/issues`)).text).toMatch(/aria-label="Pinned"[^]*Digest/)
  await ben.send(`${SHOP}/issues/1`, `${SHOP}/issues/1/unpin`)
  expect((await ben.open(`${SHOP}/issues`)).text).not.toContain('aria-label="Pinned"')
})
