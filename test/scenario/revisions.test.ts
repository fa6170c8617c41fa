/** Pull requests that come back: reviews, words, red checks, a base that moved. Each is one more attempt on the same branch. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { file } from './support/issues.ts'
import { openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
beforeAll(async () => {
  yard = await openYard()
  yard.emulator.createUser({ login: 'ben', name: 'Ben' })
})
afterAll(async () => yard.close())

const HELLO = file('hello.txt', 'Hello.')

/** A pull request of ours, open, with Ben to review it. */
async function inReview(words: Parameters<Yard['repository']>[0] = {}, body = HELLO) {
  const repo = await yard.repository(words)
  yard.emulator.addCollaborator(repo, 'ben', 'write')
  const number = yard.issue(repo, body)
  yard.label(repo, number)
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
})
