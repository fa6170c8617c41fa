/** Pull requests that come back: reviews, words, red checks, a base that moved. Each is one more attempt on the same branch. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { file } from './support/issues.ts'
import { operatorWith, steps } from './support/profiles.ts'
import { CONFIG, MAINTAINER, READER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

/** What told nothing would count for a share of its task's budget: for all of it, with one attempt. */
const SPENT = { spend: 0.01 }

let yard: Yard
beforeAll(async () => {
  yard = await openYard({
    operator: operatorWith({
      // Changes something each time: what it is told, it writes down.
      scribe: steps(SPENT, { note: 'notes.txt' }),
      peace: steps(SPENT, { write: 'README.md', text: 'Both.\n' }),
      lazy: steps(SPENT, { write: 'lazy.txt', text: 'Done.\n' }),
    }),
  })
  yard.emulator.createUser({ login: 'ben', name: 'Ben' })
})
afterAll(async () => yard.close())

const HELLO = file('hello.txt', 'Hello.')

/** A pull request of ours, open, with Ben to review it. */
async function inReview(
  words: Parameters<Yard['repository']>[0] = {},
  label = 'yardmaster',
  body = HELLO,
) {
  const repo = await yard.repository(words)
  yard.emulator.addCollaborator(repo, 'ben', 'write')
  const number = yard.issue(repo, body)
  yard.label(repo, number, MAINTAINER, label)
  const { state } = await yard.becomes(repo, number, 'in-review')
  return { repo, number, pull: state.pull.number, head: state.pull.head }
}

const at = (repo: string, number: number) => ({ repo, number })
const headOf = (repo: string, number: number): string =>
  yard.emulator.branches(repo).get(`yardmaster/${number}`) ?? ''

/** Waits until the pull request is in review again, at another head. */
async function again(repo: string, number: number, before: string) {
  await yard.until('the pull request is in review at a new head', async () => {
    const task = await yard.task(repo, number)
    return task?.state.kind === 'in-review' && task.state.pull.head !== before
  })
  const { state, ...task } = await yard.becomes(repo, number, 'in-review')
  return { head: state.pull.head, task }
}

const replies = (repo: string, pull: number): readonly string[] =>
  yard.emulator
    .threads(at(repo, pull))
    .flatMap(({ comments }) => comments)
    .filter(({ user }) => user.type === 'Bot')
    .map(({ body }) => body)

describe('a review that asks for changes', () => {
  it('becomes one attempt on the same branch with exactly its comments; its threads hear of it and it is asked for again', async () => {
    const { repo, number, pull, head } = await inReview()
    await yard.emulator.review({
      ...at(repo, pull),
      as: 'ben',
      event: 'REQUEST_CHANGES',
      body: 'Nearly.',
      comments: [
        { path: 'hello.txt', line: 1, side: 'RIGHT', body: file('hello.txt', 'Hello, world.') },
      ],
    })
    const after = await again(repo, number, head)
    expect(headOf(repo, number)).toBe(after.head)
    expect(yard.emulator.pulls(repo).map((one) => one.number)).toEqual([pull])
    expect(await yard.emulator.fileAt(repo, after.head, 'hello.txt')).toBe('Hello, world.\n')
    await yard.until('the thread has its reply', () => replies(repo, pull).length > 0)
    expect(replies(repo, pull)).toEqual([expect.stringContaining(`Worked on in ${after.head}`)])
    await yard.until('Ben is asked for another look', () =>
      yard.emulator
        .pull(at(repo, pull))
        .pull.requestedReviewers.some(({ login }) => login === 'ben'),
    )
    expect(after.task.rounds).toEqual({ review: 1, checks: 0, base: 0 })
    expect(await yard.attempts(repo, number)).toHaveLength(2)
  })

  it('of somebody who may not write, or that only comments, begins nothing and reaches no agent', async () => {
    const { repo, number, pull, head } = await inReview({}, 'yardmaster:scribe')
    const said = { ...at(repo, pull), comments: [] }
    await yard.emulator.review({ ...said, as: READER, event: 'REQUEST_CHANGES', body: 'canary-1' })
    await yard.emulator.review({ ...said, as: 'ben', event: 'COMMENT', body: 'canary-2' })
    await yard.emulator.review({ ...said, as: 'ben', event: 'REQUEST_CHANGES', body: 'Say more.' })
    const after = await again(repo, number, head)
    const notes = (await yard.emulator.fileAt(repo, after.head, 'notes.txt')) ?? ''
    expect(notes).toContain('<remark by="ben">\nSay more.\n</remark>')
    expect(notes).not.toContain('canary')
    expect(after.task.rounds.review).toBe(1)
  })

  it('starts from what people pushed meanwhile, and keeps it', async () => {
    const { repo, number, pull } = await inReview({}, 'yardmaster:scribe')
    const pushed = await yard.emulator.pushFiles({
      repo,
      as: 'ben',
      branch: `yardmaster/${number}`,
      files: { 'by-ben.txt': 'mine\n' },
      message: 'Help',
    })
    await yard.until('the push is seen', async () => {
      return (await yard.task(repo, number))?.pull?.head === pushed
    })
    yard.emulator.comment({ ...at(repo, pull), as: MAINTAINER, body: '/revise Add a line.' })
    const after = await again(repo, number, pushed)
    expect(await yard.emulator.fileAt(repo, after.head, 'by-ben.txt')).toBe('mine\n')
    expect(await yard.emulator.fileAt(repo, after.head, 'notes.txt')).toContain('Add a line.')
  })

  it('that comes a fourth time is a question, and the answer decides', async () => {
    const { repo, number, pull, head } = await inReview({}, 'yardmaster:scribe')
    let last = head
    for (let round = 1; round <= 3; round += 1) {
      yard.emulator.comment({ ...at(repo, pull), as: MAINTAINER, body: `/revise Round ${round}.` })
      last = (await again(repo, number, last)).head
    }
    yard.emulator.comment({ ...at(repo, pull), as: MAINTAINER, body: '/revise Round 4.' })
    await yard.becomes(repo, number, 'parked')
    await yard.says(repo, number, /through 3 rounds of review/)
    yard.emulator.comment({ ...at(repo, number), as: MAINTAINER, body: '/answer 2' })
    const { state } = await yard.becomes(repo, number, 'in-review')
    expect(state.pull.head).toBe(last)
    expect(headOf(repo, number)).toBe(last)
  })

  it('that no attempt can meet leaves the pull request as it was, and says so there', async () => {
    const config = `${CONFIG}limits: { attempts: 1 }\n`
    const { repo, number, pull, head } = await inReview({ config }, 'yardmaster:lazy')
    await yard.emulator.review({
      ...at(repo, pull),
      as: 'ben',
      event: 'REQUEST_CHANGES',
      body: 'Not yet.',
      comments: [{ path: 'lazy.txt', line: 1, side: 'RIGHT', body: 'Do more.' }],
    })
    await yard.until('the pull request hears of it', () =>
      yard.comments(repo, pull).some((body) => body.includes('I could not do what was asked for')),
    )
    const { state } = await yard.becomes(repo, number, 'in-review')
    expect(state.pull.head).toBe(head)
    await yard.until('the thread hears why', () => replies(repo, pull).length > 0)
    expect(replies(repo, pull)[0]).toContain('Not changed: ')
  })

  it('ends with the merge, whatever is still at work', async () => {
    const { repo, number, pull } = await inReview()
    yard.emulator.comment({ ...at(repo, pull), as: MAINTAINER, body: '/hold' })
    await yard.until('it is held', async () => (await yard.task(repo, number))?.hold !== null)
    yard.emulator.comment({ ...at(repo, pull), as: MAINTAINER, body: '/revise Wait with it.' })
    await yard.becomes(repo, number, 'held')
    await yard.emulator.merge({ ...at(repo, pull), as: MAINTAINER })
    await yard.becomes(repo, number, 'done')
  })
})

describe('required checks that turn red on our head', () => {
  const red = (repo: string, sha: string, name = 'ci') =>
    yard.emulator.reportCheck({
      repo,
      sha,
      name,
      conclusion: 'failure',
      summary: 'E42: no greeting',
    })

  it('are mended with their log, as often as the settings say, and then a person is asked', async () => {
    const config = `${CONFIG}limits: { ci_fixes: 1 }\n`
    const { repo, number, head } = await inReview({ config }, 'yardmaster:scribe')
    const [owner = ''] = repo.split('/')
    yard.emulator.protectBranch({ repo, as: owner, branch: 'main', requiredChecks: ['ci'] })
    await red(repo, head, 'another')
    await red(repo, head)
    const after = await again(repo, number, head)
    const notes = (await yard.emulator.fileAt(repo, after.head, 'notes.txt')) ?? ''
    expect(notes).toContain('E42: no greeting')
    expect(notes).not.toContain('another\n')
    expect(after.task.rounds.checks).toBe(1)
    await red(repo, after.head)
    await yard.becomes(repo, number, 'parked')
    await yard.says(repo, number, /still red/)
    yard.emulator.comment({ ...at(repo, number), as: MAINTAINER, body: '/answer 2' })
    await yard.becomes(repo, number, 'in-review')
    // The same head again is no new sign.
    await red(repo, after.head)
    await yard.settled()
    expect((await yard.task(repo, number))?.state.kind).toBe('in-review')
    expect(await yard.attempts(repo, number)).toHaveLength(2)
  })

  it.each([
    ['cannot be read', 'verify: {\n'],
    ['allow no fixes', `${CONFIG}limits: { ci_fixes: 0 }\n`],
  ])(
    'wait while the settings %s, however often they are looked at, and are mended once those allow it',
    async (_, config) => {
      const { repo, number, head } = await inReview({}, 'yardmaster:scribe')
      const [owner = ''] = repo.split('/')
      yard.emulator.protectBranch({ repo, as: owner, branch: 'main', requiredChecks: ['ci'] })
      const commit = async (text: string): Promise<void> => {
        const files = { '.github/yardmaster.yml': text }
        const side = { repo, as: owner, branch: 'side' }
        const sha = await yard.emulator.pushFiles({ ...side, files, message: 'Configure' })
        await yard.emulator.forceBranch({ repo, as: owner, branch: 'main', sha })
      }
      const look = async (): Promise<void> => {
        await yard.world.yardmaster().engine.reconcile()
        await yard.settled()
      }
      await commit(config)
      await look()
      await red(repo, head)
      // The first look writes down that it is red; the next finds nothing new.
      for (let looks = 0; looks < 3; looks += 1) await look()
      expect(await yard.attempts(repo, number)).toHaveLength(1)
      await commit(CONFIG)
      await look()
      expect((await again(repo, number, head)).task.rounds.checks).toBe(1)
    },
  )
})

describe('a base that moves', () => {
  const move = (repo: string, files: Readonly<Record<string, string>>) =>
    yard.emulator.pushFiles({
      repo,
      as: repo.split('/')[0] ?? '',
      branch: 'main',
      files,
      message: 'On',
    })
  const parents = async (repo: string, head: string) =>
    (await yard.emulator.commits(repo, head)).find(({ sha }) => sha === head)?.parents

  it('is merged by /update without any agent, checked and pushed', async () => {
    const { repo, number, pull, head } = await inReview()
    const main = await move(repo, { 'other.txt': 'new\n' })
    yard.emulator.comment({ ...at(repo, pull), as: MAINTAINER, body: '/update' })
    const after = await again(repo, number, head)
    expect(await parents(repo, after.head)).toEqual([head, main])
    expect(await yard.emulator.fileAt(repo, after.head, 'other.txt')).toBe('new\n')
    const [, second] = await yard.attempts(repo, number)
    expect(second?.report).toMatchObject({ files: [], usage: { tokens: 0 } })
    expect(second?.report?.verify).toHaveLength(1)
  })

  it('into a conflict is merged, resolved by one attempt, and pushed', async () => {
    const { repo, number, head } = await inReview(
      { files: { 'README.md': 'One.\n', 'check.sh': 'true\n' } },
      'yardmaster:peace',
    )
    await move(repo, { 'README.md': 'Another.\n' })
    await yard.world.yardmaster().engine.reconcile()
    const after = await again(repo, number, head)
    expect(await yard.emulator.fileAt(repo, after.head, 'README.md')).toBe('Both.\n')
    expect(after.task.rounds.base).toBe(1)
  })

  it('leaves the pull request alone when an attempt leaves conflict markers', async () => {
    const config = `${CONFIG}limits: { attempts: 1 }\n`
    const { repo, number, pull, head } = await inReview({ config }, 'yardmaster:scribe')
    await move(repo, { 'notes.txt': 'Mine.\n' })
    await yard.world.yardmaster().engine.reconcile()
    await yard.until('the pull request hears of it', () =>
      yard.comments(repo, pull).some((body) => body.includes('I could not do what was asked for')),
    )
    const { state } = await yard.becomes(repo, number, 'in-review')
    expect(state.pull.head).toBe(head)
  })
})
