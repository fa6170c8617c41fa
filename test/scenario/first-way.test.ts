/** The way that everything else stands on: a label becomes a pull request, and a merge ends the task. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPostgres, startPostgres } from '../support/postgres.ts'
import { HELLO, file } from './support/issues.ts'
import { MAINTAINER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

describe('a labelled issue', () => {
  let yard: Yard
  beforeAll(async () => {
    yard = await openYard()
  })
  afterAll(async () => yard.close())

  it('becomes a pull request with evidence, and is done when a person merges it', async () => {
    const { emulator } = yard
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)

    const task = await yard.becomes(repo, number, 'in-review')
    const pull = emulator.pull({ repo, number: task.state.pull.number })
    expect(pull.pull.head.ref).toBe(`yardmaster/${number}`)
    expect(pull.body).toContain(`Closes #${number}`)
    expect(pull.body).toMatch(/`sh check\.sh` passed on [0-9a-f]{7}/)
    expect(await emulator.diff({ repo, number: pull.number })).toContain('+Hello.')

    await yard.says(repo, number, `#${pull.number}`)
    await yard.until('the label says needs-review', () =>
      emulator.labels({ repo, number }).includes('yard:needs-review'),
    )
    expect(emulator.checks(repo, pull.pull.head.sha)).toMatchObject([
      { name: 'yardmaster', conclusion: 'success' },
    ])

    await emulator.merge({ repo, number: pull.number, as: MAINTAINER })
    await yard.becomes(repo, number, 'done')
    await yard.until('the label says done', () =>
      emulator.labels({ repo, number }).includes('yard:done'),
    )
    expect(emulator.issue({ repo, number }).state).toBe('closed')
    expect(yard.comments(repo, number)).toHaveLength(1)
  })

  it('names the person who asked as co-author of the commit', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const task = await yard.becomes(repo, number, 'in-review')
    const [commit] = await yard.emulator.pullCommits({ repo, number: task.state.pull.number })
    expect(commit?.message).toMatch(/Co-authored-by: ana <\d+\+ana@users\.noreply\.github\.com>/)
  })
})

describe('a task', () => {
  let yard: Yard
  beforeAll(async () => {
    yard = await openYard({ permissionCacheMilliseconds: 60_000 })
  })
  afterAll(async () => yard.close())

  it('costs at most 12 requests beside edits of its comment, and 4 creations, once the repository is known', async () => {
    const repo = await yard.repository()
    const reviewed = async (path: string): Promise<void> => {
      const number = yard.issue(repo, file(path, 'Hello.'))
      yard.label(repo, number)
      const { state } = await yard.becomes(repo, number, 'in-review')
      await yard.says(repo, number, `#${state.pull.number}`)
      await yard.until('the label says needs-review', () =>
        yard.emulator.labels({ repo, number }).includes('yard:needs-review'),
      )
    }
    await reviewed('first.txt')
    await yard.settled()
    const already = yard.emulator.requests.length
    await reviewed('second.txt')
    // Git's own and those for tokens are none of a task's.
    const spent = yard.emulator.requests
      .slice(already)
      .filter(({ operation }) => !/^git-|access-token$/.test(operation ?? ''))
    // A slow machine shows more of the way in the comment; `npm run bench` counts them all.
    const edits = spent.filter((request) => request.operation === 'issues/update-comment')
    expect(spent.filter((request) => request.creates).length).toBeLessThanOrEqual(4)
    expect(spent.length - edits.length).toBeLessThanOrEqual(12)
  })
})

const found = findPostgres()
// Visible either way: without a server the story is told as skipped, with the reason.
const reason = found.kind === 'none' ? ` (skipped: ${found.reason})` : ''

describe.skipIf(found.kind === 'none')(`on PostgreSQL${reason}`, () => {
  it('the same way leads to the same end, over a restart', async () => {
    const server = await startPostgres(found)
    const databaseUrl = await server.createDatabase()
    const yard = await openYard({ databaseUrl })
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    await yard.world.restart()
    await yard.emulator.merge({ repo, number: state.pull.number, as: MAINTAINER })
    await yard.becomes(repo, number, 'done')
    await yard.says(repo, number, '### Done')
    expect(yard.comments(repo, number)).toHaveLength(1)
    expect(yard.emulator.pulls(repo)).toHaveLength(1)
    await yard.close()
    await server.stop()
  })
})
