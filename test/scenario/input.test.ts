/** Whatever stands in an issue: it is worked as it reads, or the status comment says what is wrong with it, at once and once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DOES_NOT_APPLY, HELLO, file } from './support/issues.ts'
import { MAINTAINER, READER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

/** The most that GitHub takes for a body. */
const FULL = 65_536

let yard: Yard
beforeAll(async () => {
  yard = await openYard()
})
afterAll(async () => yard.close())

describe('an issue that the built-in agent cannot work', () => {
  /** Failed, after one attempt, with nothing pushed. */
  async function refused(body: string): Promise<{ status: string; notice: string }> {
    const repo = await yard.repository()
    const number = yard.issue(repo, body)
    yard.label(repo, number)
    const said = await yard.fails(repo, number)
    expect(await yard.attempts(repo, number)).toHaveLength(1)
    expect(yard.emulator.pulls(repo)).toEqual([])
    expect([...yard.emulator.branches(repo).keys()]).toEqual(['main'])
    return said
  }

  /** Parked after one attempt, with nothing pushed; gives the question's own comment. */
  async function asks(body: string): Promise<string> {
    const repo = await yard.repository()
    const number = yard.issue(repo, body)
    yard.label(repo, number)
    await yard.becomes(repo, number, 'parked')
    const asked = await yard.says(repo, number, /one decision is yours/)
    await yard.until('the label says so', () =>
      yard.emulator.labels({ repo, number }).includes('yard:needs-answer'),
    )
    await yard.says(repo, number, /^### A question waits[^]*\*\*Q1\*\*/)
    expect(await yard.attempts(repo, number)).toHaveLength(1)
    expect(yard.emulator.pulls(repo)).toEqual([])
    return asked
  }

  it('because its body is empty: the question is asked, with what to write', async () => {
    const asked = await asks('')
    expect(asked).toContain('What shall be changed?')
    expect(asked).toMatch(/fenced block/)
    expect(asked).toContain('Reply `/answer` followed by your words')
  })

  it('because it says two things: the question names both blocks, and how to answer', async () => {
    const asked = await asks(`${file('a.txt', 'one')}\n${file('a.txt', 'two')}`)
    expect(asked).toMatch(/Which is meant\? block 1 .* and block 2 .* both change `a\.txt`/)
    expect(asked).toContain('Reply `/answer 1` or `/answer 2`, or `/answer` followed by your own')
  })

  it('because its diff does not apply: file, hunk, and what was found there are named, and it is not tried again', async () => {
    const { status, notice } = await refused(DOES_NOT_APPLY)
    for (const said of [status, notice]) {
      expect(said).toContain('`README.md`')
      expect(said).toContain('hunk 1 of 1 (@@ -1,1 +1,1 @@) does not fit')
      expect(said).toContain('# Shop')
    }
    expect(status).toContain('the agent declined')
  })

  it('because its path leads out of the worktree', async () => {
    const { status } = await refused(file('../../escaped.txt', 'x'))
    expect(status).toContain('../../escaped.txt')
  })
})

describe('an issue with hostile words', () => {
  it('fills the whole body with talk before its patch: the patch is applied as written', async () => {
    const repo = await yard.repository()
    const patch = `\n\n${file('last.txt', 'The last block.')}`
    const talk = '<details>\n\n@everyone $(reboot) [x](javascript:0) ~~~ **'
    const number = yard.issue(repo, talk.padEnd(FULL - patch.length, ' lorem') + patch)
    expect(yard.emulator.issue({ repo, number }).body).toHaveLength(FULL)
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    expect(await yard.emulator.fileAt(repo, `yardmaster/${number}`, 'last.txt')).toBe(
      'The last block.\n',
    )
    await yard.says(repo, number, `#${state.pull.number}`)
  })

  it('writes a patch of the whole body: it is one file, and one commit', async () => {
    const repo = await yard.repository()
    const frame = file('big.txt', '').length
    const line = 'x'.repeat(79)
    const text = `${line}\n`.repeat(Math.floor((FULL - frame) / 80)).trimEnd()
    const number = yard.issue(repo, file('big.txt', text))
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    expect(await yard.emulator.pullCommits({ repo, number: state.pull.number })).toHaveLength(1)
    expect(await yard.emulator.fileAt(repo, `yardmaster/${number}`, 'big.txt')).toBe(`${text}\n`)
  })

  it.each([
    ['a shell', '$(touch pwned) `touch pwned` ; touch pwned && "\'\\'],
    ['git', '--upload-pack=touch pwned -c core.pager=x --exec=y'],
    ['Markdown and HTML', '<img src=x onerror=1> [x](javascript:0) <!-- gone --> | `` ```'],
    ['line breaks and directions', 'one\u2028two\u2029three\u0085four \u202Egnp.exe\u202C'],
  ])('in a title, meant for %s: they stay words', async (_, title) => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO, title)
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    await yard.says(repo, number, `#${state.pull.number}`)
    const at = { repo, number: state.pull.number }
    expect((await yard.emulator.pullFiles(at)).map((each) => each.filename)).toEqual(['hello.txt'])
    const { title: shown } = yard.emulator.pull(at)
    expect(shown).toMatch(/^\P{C}+$/u)
    const [commit] = await yard.emulator.pullCommits(at)
    expect(commit?.message.split('\n')[0]).toMatch(/^\P{C}+$/u)
  })

  it('in title and body, that would close another issue and call people: a merge closes only its own', async () => {
    const repo = await yard.repository()
    const victim = yard.issue(repo, 'Stays open.', 'The victim')
    const words = `Fixes #${victim}, closes ${repo}#${victim} for @${READER} and @${MAINTAINER}/all`
    const number = yard.issue(
      repo,
      `${words}\n\n${file('a.txt', 'a')}\n\nResolves #${victim}`,
      words,
    )
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    const at = { repo, number: state.pull.number }
    const [commit] = await yard.emulator.pullCommits(at)
    const subject = commit?.message.split('\n')[0] ?? ''
    for (const line of [yard.emulator.pull(at).title, subject])
      expect(line.replaceAll(/`[^`]*`/g, ''), 'mentions only within code').not.toContain('@')
    await yard.emulator.merge({ ...at, as: MAINTAINER, method: 'squash' })
    await yard.becomes(repo, number, 'done')
    expect(yard.emulator.issue({ repo, number }).state).toBe('closed')
    expect(yard.emulator.issue({ repo, number: victim }).state).toBe('open')
  })
})
