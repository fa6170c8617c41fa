/** From green checks to the pull request: whatever is in the way there, nobody's work is overwritten, and the comment says what to do. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HELLO, file } from './support/issues.ts'
import { CONFIG, MAINTAINER, WAITING_CHECK, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
beforeAll(async () => {
  yard = await openYard()
})
afterAll(async () => yard.close())

/** Labelled, and its checks run until they are let go. */
async function underWay(body = HELLO): Promise<{ repo: string; number: number }> {
  const repo = await yard.repository({ files: { 'check.sh': WAITING_CHECK } })
  const number = yard.issue(repo, body)
  yard.label(repo, number)
  await checking(repo, number)
  return { repo, number }
}

const checking = (repo: string, number: number) =>
  yard.until(
    'the checks run',
    async () => (await yard.attempts(repo, number)).at(-1)?.phase === 'verifying',
  )

const relabel = (repo: string, number: number): void => {
  yard.emulator.unlabel({ repo, number, as: MAINTAINER, label: 'yardmaster' })
  yard.label(repo, number)
}

const push = (repo: string, branch: string, files: Readonly<Record<string, string>>) =>
  yard.emulator.pushFiles({ repo, as: MAINTAINER, branch, files, message: 'By hand' })

describe('a branch of our name', () => {
  it('that holds a person’s commit is not touched; deleted, the label set again works', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    const branch = `yardmaster/${number}`
    const theirs = await push(repo, branch, { 'mine.txt': 'Mine.\n' })
    yard.label(repo, number)
    const { status, notice } = await yard.fails(repo, number)
    for (const said of [status, notice]) {
      expect(said).toContain(`he branch \`${branch}\` holds \`${theirs.slice(0, 7)}\``)
      expect(said).toContain('rename or delete that branch')
    }
    expect(yard.emulator.branches(repo).get(branch)).toBe(theirs)
    expect(yard.emulator.pulls(repo)).toEqual([])

    await yard.emulator.deleteBranch({ repo, as: MAINTAINER, branch })
    relabel(repo, number)
    await yard.until('it is reviewed', async () => (await yard.task(repo, number))?.pull !== null)
  })

  it('to which a person has added is left as it is', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await yard.becomes(repo, number, 'in-review')
    const theirs = await push(repo, `yardmaster/${number}`, { 'mine.txt': 'Mine.\n' })
    yard.emulator.unlabel({ repo, number, as: MAINTAINER, label: 'yardmaster' })
    await yard.becomes(repo, number, 'cancelled')
    yard.label(repo, number)
    const { notice } = await yard.fails(repo, number)
    expect(notice).toContain(`holds \`${theirs.slice(0, 7)}\``)
    expect(yard.emulator.branches(repo).get(`yardmaster/${number}`)).toBe(theirs)
    expect(yard.emulator.pulls(repo)).toHaveLength(1)
  })

  it('cannot be made beside a branch that is named like its folder: git’s own words are shown', async () => {
    const repo = await yard.repository()
    await push(repo, 'yardmaster', { 'mine.txt': 'Mine.\n' })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const { notice } = await yard.fails(repo, number)
    expect(notice).toContain(`GitHub refused the push to \`yardmaster/${number}\``)
    expect(notice).toContain('refs/heads/yardmaster')
    expect(await yard.attempts(repo, number)).toHaveLength(1)
  })

  it('that is protected takes no push: GitHub’s words are shown, and it is not tried again', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.emulator.protectBranch({ repo, as: MAINTAINER, branch: `yardmaster/${number}` })
    yard.label(repo, number)
    const { notice } = await yard.fails(repo, number)
    expect(notice).toMatch(/GitHub refused the push to `yardmaster\/\d+`: .*GH006/s)
    expect(await yard.attempts(repo, number)).toHaveLength(1)
  })
})

describe('a pull request', () => {
  it('that is open already is taken: the work done anew is its newest commit', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const first = await yard.becomes(repo, number, 'in-review')
    yard.emulator.unlabel({ repo, number, as: MAINTAINER, label: 'yardmaster' })
    await yard.becomes(repo, number, 'cancelled')
    yard.emulator.editIssue({ repo, number, as: MAINTAINER, body: file('other.txt', 'Other.') })
    yard.label(repo, number)
    const second = await yard.becomes(repo, number, 'in-review')
    expect(second.state.pull.number).toBe(first.state.pull.number)
    expect(second.state.pull.head).not.toBe(first.state.pull.head)
    const at = { repo, number: second.state.pull.number }
    expect((await yard.emulator.pullFiles(at)).map((each) => each.filename)).toEqual(['other.txt'])
    expect(yard.emulator.pull(at).body).toContain(second.state.pull.head.slice(0, 7))
    expect(yard.emulator.pulls(repo)).toHaveLength(1)
    expect(yard.comments(repo, number)).toHaveLength(1)
  })

  it('opens although the default branch is protected', async () => {
    const repo = await yard.repository()
    yard.emulator.protectBranch({ repo, as: MAINTAINER, branch: 'main' })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    expect((await yard.becomes(repo, number, 'in-review')).state.pull.number).toBeGreaterThan(0)
  })

  it('opens on the base that was worked on, when the default branch has moved meanwhile', async () => {
    const { repo, number } = await underWay()
    const base = yard.emulator.branches(repo).get('main')
    await push(repo, 'main', { 'more.txt': 'More.\n' })
    await yard.letGo()
    const { state } = await yard.becomes(repo, number, 'in-review')
    const at = { repo, number: state.pull.number }
    const commits = await yard.emulator.pullCommits(at)
    expect(commits.map((commit) => commit.parents)).toEqual([[base]])
    expect((await yard.emulator.pullFiles(at)).map((each) => each.filename)).toEqual(['hello.txt'])
    expect(yard.emulator.pull(at).body).toContain(`Based on ${base?.slice(0, 7)}`)
  })

  it('opens as a draft where the repository wants that', async () => {
    const repo = await yard.repository({ config: `${CONFIG}draft: true\n` })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    expect(yard.emulator.pull({ repo, number: state.pull.number }).pull.draft).toBe(true)
  })
})

describe('work that cannot be published', () => {
  it('because nothing is to be changed: it says so at once', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, file('README.md', '# Shop'))
    yard.label(repo, number)
    const { notice } = await yard.fails(repo, number)
    expect(notice).toContain('already as the issue wants it')
    expect(await yard.attempts(repo, number)).toHaveLength(1)
    expect(yard.emulator.pulls(repo)).toEqual([])
  })

  it('because the repository was archived meanwhile: the message says so', async () => {
    const { repo, number } = await underWay()
    yard.emulator.archive({ repo, as: MAINTAINER })
    await yard.letGo()
    await yard.until(
      'it failed',
      async () => (await yard.task(repo, number))?.state.kind === 'failed',
    )
    expect((await yard.task(repo, number))?.state).toMatchObject({
      reason: expect.stringMatching(/archived/i),
    })
  })
})
