/** The adapter against the stand-in for GitHub, over HTTP: what one asks the other answers, and neither complains. */
import { EVER } from '../support/ever.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Emulator } from '../../src/emulator/emulator.ts'
import type { Actor } from '../../src/domain/actor.ts'
import { LONG_AGO, instant } from '../../src/domain/ids.ts'
import type { RepoRef } from '../../src/domain/repository.ts'
import type { GitHub } from '../../src/github/create-github.ts'
import { COMMENT, CONFIG, LABEL, startScene, type Scene } from './emulator-scene.ts'
import { faultOf } from './support.ts'

let scene: Scene
let emulator: Emulator
let github: GitHub
let repo: RepoRef
let ana: Actor
let at: Scene['at']
let open: Scene['open']
let head: Scene['head']

beforeEach(async () => {
  scene = await startScene()
  ;({ emulator, github, repo, ana, at, open, head } = scene)
})
afterEach(() => scene.close())

describe('reading', () => {
  test('who we are, where we are installed, what we see there', async () => {
    const { app } = emulator
    const createdAt = Date.parse(app.createdAt)
    const expected = { slug: app.slug, id: app.id, createdAt, botUserId: app.bot.id }
    expect(await github.identity()).toEqual(expected)
    expect(await github.verifyCredentials()).toMatchObject({
      kind: 'accepted',
      missingPermissions: [],
      missingEvents: [],
      tellsCards: true,
      dangerous: [],
    })
    expect(await github.installations.list()).toEqual([{ id: repo.installation, suspended: false }])
    expect(await github.installations.repositories(repo.installation)).toEqual([repo])
  })

  test('permissions of people, now', async () => {
    const ben: Actor = { id: emulator.user('ben').id, login: 'ben', kind: 'person' }
    expect(await github.tracker.permission(repo, ana)).toBe('admin')
    expect(await github.tracker.permission(repo, { ...ana, id: 1 })).toBe('none')
    const nobody: Actor = { id: 1, login: 'nobody-here', kind: 'person' }
    expect(await github.tracker.permission(repo, nobody)).toBe('none')
    for (const role of ['triage', 'write', 'maintain'] as const) {
      emulator.setRole('ana/yard', 'ben', role)
      const fresh = scene.restarted()
      expect(await fresh.tracker.permission(repo, ben)).toBe(role)
    }
  })

  test('the head and the settings file of one moment', async () => {
    expect(await github.tracker.readHead(repo)).toEqual({
      head: head(),
      defaultBranch: 'main',
      config: CONFIG,
    })
  })

  test('a stranger under the old name of a renamed repository', async () => {
    emulator.renameRepository({ repo: 'ana/yard', as: 'ana', name: 'yard-2' })
    const files = { '.github/yardmaster.yml': 'verify: [evil]' }
    await emulator.createRepository({ owner: 'ana', name: 'yard', files })
    emulator.install(emulator.app, ['ana/yard'])
    const fault = await faultOf(github.tracker.readHead(repo))
    expect(['gone', 'not-found']).toContain(fault.kind)
  })

  test('issues: one, changed ones, labelled ones, and what happened to them', async () => {
    const { tracker } = github
    const [first, second] = [open('One'), open('Two')]
    emulator.label({ ...at(second), as: 'ana', label: 'bug' })
    const { id, updatedAt } = emulator.issue(at(second))
    expect(await tracker.issue(repo, second)).toEqual({
      updatedAt: Date.parse(updatedAt),
      issue: { id, number: second, title: 'Two', body: 'Please.', open: true, labels: ['bug'] },
    })
    expect(await tracker.issue(repo, 99)).toBeNull()
    const since = instant(Date.now() - 60_000)
    const changed = await tracker.changedIssues(repo, since)
    expect(changed?.map((one) => one.issue.number).toSorted()).toEqual([first, second])
    expect(await tracker.changedIssues(repo, since)).toBeNull()
    emulator.closeIssue({ ...at(first), as: 'ana' })
    const again = await tracker.changedIssues(repo, since)
    expect(again?.find((one) => one.issue.number === first)?.issue.open).toBe(false)
    expect((await tracker.labelledIssues(repo, 'bug')).map((one) => one.number)).toEqual([second])
    const [event] = await tracker.labelEvents(repo, second)
    expect(event).toMatchObject({ kind: 'labeled', label: 'bug', actor: ana })
  })

  test('when a text was last edited: its body, or its title', async () => {
    const { tracker } = github
    const number = open()
    expect(await tracker.lastEdited(repo, number)).toBeNull()
    emulator.editIssue({ ...at(number), as: 'ana', body: 'Please, please.' })
    const body = await tracker.lastEdited(repo, number)
    expect(Math.abs((body ?? 0) - Date.now())).toBeLessThan(10_000)
    const other = open()
    emulator.editIssue({ ...at(other), as: 'ana', title: 'Fix that' })
    const title = await tracker.lastEdited(repo, other)
    expect(Math.abs((title ?? 0) - Date.now())).toBeLessThan(10_000)
    expect(await tracker.lastEdited(repo, 99)).toBeNull()
  })

  test('many issues and pull requests at once', async () => {
    const number = open()
    await emulator.pushFiles({
      repo: 'ana/yard',
      as: 'ana',
      branch: 'yardmaster/1',
      files: { 'b.txt': 'b' },
      message: 'b',
    })
    const pull = await emulator.openPull({
      repo: 'ana/yard',
      as: 'ana',
      title: 'b',
      head: 'yardmaster/1',
    })
    const look = () => github.tracker.observe(repo, { issues: [number, 99], pulls: [pull.number] })
    const before = await look()
    expect(before.issues.get(number)).toMatchObject({ number, open: true })
    expect(before.issues.get(99)).toBeNull()
    const unmerged = { number: pull.number, open: true, merged: false, mergedBy: null, reviews: [] }
    expect(before.pulls.get(pull.number)).toMatchObject(unmerged)
    await emulator.merge({ ...at(pull.number), as: 'ana' })
    const merged = { number: pull.number, open: false, merged: true, mergedBy: ana, reviews: [] }
    expect((await look()).pulls.get(pull.number)).toMatchObject(merged)
  })
})

describe('writing', () => {
  test('a comment: made, found again, edited, missed', async () => {
    const { tracker } = github
    const number = open()
    const id = await tracker.createComment(repo, number, COMMENT)
    expect(
      await tracker.createComment(repo, number, {
        ...COMMENT,
        formerTry: LONG_AGO,
        notAfter: EVER,
      }),
    ).toBe(id)
    expect(
      await scene
        .restarted()
        .tracker.updateComment(repo, number, { id, body: 'Working.', notAfter: EVER }),
    ).toBe(true)
    const working = { ...COMMENT, body: 'Working.', formerTry: LONG_AGO, notAfter: EVER }
    expect(await tracker.createComment(repo, number, working)).toBe(id)
    const [shown, ...more] = await tracker.comments(repo, number)
    expect(more).toEqual([])
    expect(shown).toMatchObject({ id, ours: true, author: { kind: 'bot' } })
    expect(shown?.body).toMatch(/^Working\.\n\n<!-- yardmaster:1 status [0-9a-f]{64} -->$/)
    emulator.deleteComment({ repo: 'ana/yard', id, as: 'ana' })
    expect(await tracker.updateComment(repo, number, { id, body: 'Done.', notAfter: EVER })).toBe(
      false,
    )
  })

  test('a comment whose answer is lost is there once', async () => {
    const number = open()
    emulator.faults.add({
      match: { operation: 'issues/create-comment' },
      answer: 'reset',
      applied: 'before',
    })
    const id = await github.tracker.createComment(repo, number, COMMENT)
    expect(emulator.comments(at(number)).map((comment) => comment.id)).toEqual([id])
  })

  test('a comment that appears long after its answer was lost is there once', async () => {
    const number = open()
    emulator.faults.add({
      match: { operation: 'issues/create-comment' },
      answer: { status: 502 },
      applied: 'after',
      lateMs: 1_000,
    })
    const lost = await faultOf(github.tracker.createComment(repo, number, COMMENT))
    expect([lost.kind, lost.applied]).toEqual(['transient', 'unknown'])
    expect((lost.retryAt ?? 0) - Date.now()).toBeGreaterThan(50_000)
    await expect.poll(() => emulator.comments(at(number)).length, { timeout: 10_000 }).toBe(1)
    const newer = { ...COMMENT, body: 'Working.', formerTry: LONG_AGO, notAfter: EVER }
    await github.tracker.createComment(repo, number, newer)
    const [shown, ...more] = emulator.comments(at(number))
    expect(more).toEqual([])
    expect(shown?.body, 'brought up to date').toMatch(/^Working\./)
  })

  test('one label of ours at a time, and people’s stay', async () => {
    const { tracker } = github
    const number = open()
    emulator.label({ ...at(number), as: 'ana', label: 'bug' })
    const next = { ...LABEL, name: 'yard:working' }
    await tracker.setFamilyLabel(repo, number, {
      prefix: 'yard:',
      wanted: LABEL,
      current: null,
      notAfter: EVER,
    })
    await tracker.setFamilyLabel(repo, number, {
      prefix: 'yard:',
      wanted: next,
      current: LABEL.name,
      notAfter: EVER,
    })
    expect(emulator.labels(at(number)).toSorted()).toEqual(['bug', 'yard:working'])
    const look = emulator.issue(at(number)).labels.find((label) => label.name === 'yard:working')
    expect(look).toMatchObject({ color: LABEL.color, description: LABEL.description })
    const family = { prefix: 'yard:', wanted: null, current: undefined, notAfter: EVER }
    await scene.restarted().tracker.setFamilyLabel(repo, number, family)
    expect(emulator.labels(at(number))).toEqual(['bug'])
  })

  test('a check run: made, found again, finished', async () => {
    const { tracker } = github
    const check = {
      name: 'yardmaster',
      head: head(),
      externalId: 'task 1',
      formerTry: LONG_AGO,
      notAfter: EVER,
      status: 'in_progress',
      conclusion: null,
      title: 'Checking',
      summary: 'Runs `npm test`.',
      text: null,
    } as const
    const id = await tracker.publishCheck(repo, check, null)
    const done = {
      ...check,
      status: 'completed',
      conclusion: 'success',
      text: 'x'.repeat(70_000),
    } as const
    expect(await tracker.publishCheck(repo, done, null)).toBe(id)
    expect(await tracker.publishCheck(repo, done, id)).toBe(id)
    expect(emulator.checks('ana/yard')).toMatchObject([{ id, status: 'completed' }])
  })

  test('a pull request: opened once, taken again, opened anew after it was closed', async () => {
    const { codeHost } = github
    const branch = 'yardmaster/1'
    const wanted = {
      branch,
      base: 'main',
      head: head(),
      title: 'Fix it',
      body: 'Closes #1',
      draft: false,
      notAfter: EVER,
    } as const
    expect(await codeHost.findPull(repo, branch)).toBeNull()
    await emulator.pushFiles({
      repo: 'ana/yard',
      as: 'ana',
      branch,
      files: { 'b.txt': 'b' },
      message: 'b',
    })
    const pull = await codeHost.openPull(repo, wanted)
    expect(await codeHost.openPull(repo, { ...wanted, title: 'Fix it well' })).toEqual(pull)
    expect(emulator.pull(at(pull.number)).title).toBe('Fix it well')
    emulator.closePull({ ...at(pull.number), as: 'ana' })
    expect(await codeHost.findPull(repo, branch)).toEqual({
      ...pull,
      state: 'closed',
      merged: false,
    })
    const second = await codeHost.openPull(repo, wanted)
    expect(second.number).not.toBe(pull.number)
    await emulator.merge({ ...at(second.number), as: 'ana' })
    expect(await codeHost.findPull(repo, branch)).toMatchObject({ state: 'closed', merged: true })
  })

  test('a pull request without commits is refused in plain words', async () => {
    const branch = 'yardmaster/1'
    await emulator.forceBranch({ repo: 'ana/yard', as: 'ana', branch, sha: head() })
    const wanted = {
      branch,
      base: 'main',
      head: head(),
      title: 'x',
      body: 'x',
      draft: false,
      notAfter: EVER,
    }
    const fault = await faultOf(github.codeHost.openPull(repo, wanted))
    expect(fault.kind).toBe('invalid')
    expect(fault.message).toContain('No commits between')
  })
})

describe('being refused', () => {
  test('an issue that was transferred is gone', async () => {
    const number = open()
    await emulator.createRepository({ owner: 'ana', name: 'other', files: { a: 'a' } })
    emulator.install(emulator.app, ['ana/other'])
    emulator.transferIssue({ ...at(number), as: 'ana', to: 'ana/other' })
    expect(await github.tracker.issue(repo, number)).toBe('gone')
    expect(
      (await github.tracker.observe(repo, { issues: [number], pulls: [] })).issues.get(number),
    ).toBeNull()
  })

  test('a suspended installation, and one that is gone', async () => {
    const number = open()
    emulator.suspend({ app: emulator.app, account: 'ana' })
    const suspended = await faultOf(github.tracker.createComment(repo, number, COMMENT))
    expect(suspended.kind).toBe('forbidden')
    expect(suspended.message).toContain('unsuspend')
    emulator.unsuspend({ app: emulator.app, account: 'ana' })
    // Nobody asks again before the probe, in a minute.
    const asked = emulator.journal.counters.requests
    expect((await faultOf(github.tracker.issue(repo, number))).message).toContain('suspended')
    expect(emulator.journal.counters.requests).toBe(asked)
    await scene.restarted().tracker.createComment(repo, number, COMMENT)
    emulator.uninstall({ app: emulator.app, account: 'ana' })
    const gone = await faultOf(scene.restarted().tracker.createComment(repo, number, COMMENT))
    expect([gone.kind, gone.applied]).toEqual(['gone', 'no'])
  })

  test('a secondary limit is obeyed without asking again', async () => {
    const number = open()
    emulator.faults.add({
      match: { operation: 'issues/create-comment' },
      answer: {
        status: 403,
        headers: { 'retry-after': '60' },
        body: { message: 'You have exceeded a secondary rate limit' },
      },
    })
    const first = await faultOf(github.tracker.createComment(repo, number, COMMENT))
    const asked = emulator.journal.counters.requests
    const second = await faultOf(github.tracker.createComment(repo, number, COMMENT))
    expect([first.kind, second.kind]).toEqual(['rate-limited', 'rate-limited'])
    expect(emulator.journal.counters.requests).toBe(asked)
  })
})
