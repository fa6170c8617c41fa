/** People change their minds while an agent works: whatever they do, the work is kept and the issue says what became of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HELLO, file } from './support/issues.ts'
import { MAINTAINER, WAITING_CHECK, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

describe('while an attempt runs', () => {
  let yard: Yard
  beforeAll(async () => {
    yard = await openYard()
  })
  afterAll(async () => yard.close())

  /** A task whose check runs until it is let go. */
  async function underWay(): Promise<{ repo: string; number: number }> {
    const repo = await yard.repository({ files: { 'check.sh': WAITING_CHECK } })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await yard.until(
      'the checks run',
      async () => (await yard.attempts(repo, number))[0]?.phase === 'verifying',
    )
    return { repo, number }
  }

  async function withdrawn(repo: string, number: number, reason: string): Promise<void> {
    const task = await yard.becomes(repo, number, 'cancelled')
    expect(task.state.reason).toContain(reason)
    await yard.until(
      'the attempt has ended',
      async () => (await yard.attempts(repo, number))[0]?.endedAt !== null,
    )
    const [attempt] = await yard.attempts(repo, number)
    expect(attempt?.report?.end).toEqual({ kind: 'cancelled' })
    expect(attempt?.report?.head, 'the work is kept').toMatch(/^[0-9a-f]{40}$/)
    expect(yard.emulator.pulls(repo)).toEqual([])
    expect(yard.emulator.repository(repo).refs.has(`refs/heads/yardmaster/${number}`)).toBe(false)
  }

  it('the label taken off withdraws it, and set again starts afresh', async () => {
    const { repo, number } = await underWay()
    yard.emulator.unlabel({ repo, number, as: MAINTAINER, label: 'yardmaster' })
    await withdrawn(repo, number, '@ana took the label off')
    await yard.until(
      'no label of ours is left',
      () => !yard.emulator.labels({ repo, number }).some((label) => label.startsWith('yard:')),
    )
    yard.label(repo, number)
    await yard.until(
      'the checks run again',
      async () => (await yard.attempts(repo, number))[1]?.phase === 'verifying',
    )
    await yard.letGo()
    await yard.becomes(repo, number, 'in-review')
  })

  it('the issue closed withdraws it', async () => {
    const { repo, number } = await underWay()
    yard.emulator.closeIssue({ repo, number, as: MAINTAINER })
    await withdrawn(repo, number, '@ana closed the issue')
  })

  it('the issue transferred withdraws it, and nothing is written to where it was', async () => {
    const { repo, number } = await underWay()
    const [owner = ''] = repo.split('/')
    const to = await yard.repository({ owner })
    yard.emulator.transferIssue({ repo, number, as: MAINTAINER, to })
    await withdrawn(repo, number, 'transferred')
  })

  it('the issue deleted withdraws it', async () => {
    const { repo, number } = await underWay()
    yard.emulator.deleteIssue({ repo, number, as: MAINTAINER })
    await withdrawn(repo, number, 'deleted')
  })

  it('the text edited changes nothing: the agent works from what was approved, and the comment says so', async () => {
    const { repo, number } = await underWay()
    yard.emulator.editIssue({
      repo,
      number,
      as: MAINTAINER,
      body: file('other.txt', 'Something else.'),
    })
    await yard.says(repo, number, /edited/i)
    await yard.letGo()
    const task = await yard.becomes(repo, number, 'in-review')
    const files = await yard.emulator.pullFiles({ repo, number: task.state.pull.number })
    expect(files.map((each) => each.filename)).toEqual(['hello.txt'])
  })

  it('the label set a second time changes nothing', async () => {
    const { repo, number } = await underWay()
    yard.label(repo, number, MAINTAINER, 'yardmaster:patch')
    await yard.settled()
    await yard.letGo()
    await yard.becomes(repo, number, 'in-review')
    expect(await yard.attempts(repo, number)).toHaveLength(1)
  })
})

describe('when the pull request waits', () => {
  let yard: Yard
  beforeAll(async () => {
    yard = await openYard()
  })
  afterAll(async () => yard.close())

  it('closing it without a merge cancels the task; the label set again works it anew on the same branch', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const first = await yard.becomes(repo, number, 'in-review')
    yard.emulator.closePull({ repo, number: first.state.pull.number, as: MAINTAINER })
    await yard.becomes(repo, number, 'cancelled')
    yard.emulator.unlabel({ repo, number, as: MAINTAINER, label: 'yardmaster' })
    yard.label(repo, number)
    const second = await yard.becomes(repo, number, 'in-review')
    expect(second.state.pull.number).not.toBe(first.state.pull.number)
    expect(yard.comments(repo, number)).toHaveLength(1)
  })

  it('merging it after the base moved on is left to the person', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const task = await yard.becomes(repo, number, 'in-review')
    await yard.emulator.pushFiles({
      repo,
      as: MAINTAINER,
      branch: 'main',
      files: { 'more.txt': 'x\n' },
      message: 'More',
    })
    await yard.emulator.merge({
      repo,
      number: task.state.pull.number,
      as: MAINTAINER,
      method: 'squash',
    })
    await yard.becomes(repo, number, 'done')
  })
})
