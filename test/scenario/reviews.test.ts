/** Pull requests wait for people: whose look is owed, what clears it, what brings it back, and what waits behind them. */
import { operator } from '../support/builders.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSecrets } from '../../src/policy/secrets/secrets.ts'
import { createReading } from '../../src/web/reading.ts'
import { createReviewing } from '../../src/engine/reviewing.ts'
import { systemClock } from '../../src/system/clock.ts'
import { systemIds } from '../../src/system/ids.ts'
import { CONFIG, MAINTAINER, READER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'
import { HELLO } from './support/issues.ts'

let yard: Yard
beforeAll(async () => {
  yard = await openYard()
  for (const login of ['ben', 'cleo', 'stranger']) yard.emulator.createUser({ login })
})
afterAll(async () => yard.close())

async function inReview(repo: string): Promise<{ readonly number: number; readonly pull: number }> {
  const number = yard.issue(repo, HELLO)
  yard.label(repo, number)
  const task = await yard.becomes(repo, number, 'in-review')
  return { number, pull: task.state.pull.number }
}

const queue = async (repo: string): Promise<readonly string[]> => {
  const { store, engine } = yard.world.yardmaster()
  const reading = createReading({
    secrets: createSecrets(),
    operator: () => operator(),
    store,
    waits: () => engine.waits(),
    clock: systemClock,
    webUrl: yard.emulator.url,
  })
  const { reviews } = await reading.reviews()
  return reviews
    .filter((line) => line.pull.startsWith(`${repo}#`))
    .map(({ login, need, pull }) => `${login} ${need} ${pull.slice(repo.length)}`)
}
const shows = (repo: string, ...lines: readonly string[]): Promise<unknown> =>
  yard.until(`the queue shows ${lines.join(', ')}`, async () => {
    return (await queue(repo)).join() === lines.join()
  })

const pushTo = (repo: string, number: number): Promise<string> =>
  yard.emulator.pushFiles({
    repo,
    as: MAINTAINER,
    branch: `yardmaster/${number}`,
    files: { 'more.txt': `${Math.random()}\n` },
    message: 'More',
  })

describe('the review queue', () => {
  it('is cleared by /reviewed, and a push brings it back', async () => {
    const repo = await yard.repository()
    const { number, pull } = await inReview(repo)
    await shows(repo, `ana review #${pull}`)
    yard.emulator.comment({ repo, number: pull, as: MAINTAINER, body: '/reviewed' })
    await shows(repo)
    await pushTo(repo, number)
    await shows(repo, `ana re-review #${pull}`)
    yard.emulator.comment({ repo, number: pull, as: READER, body: '/reviewed' })
    await yard.settled()
    expect(await queue(repo)).toEqual([`ana re-review #${pull}`])
  })

  it('is cleared by a review, of the commit that it was written for', async () => {
    const repo = await yard.repository()
    const { number, pull } = await inReview(repo)
    await yard.emulator.review({ repo, number: pull, as: MAINTAINER, event: 'APPROVE' })
    await shows(repo)
    await pushTo(repo, number)
    await shows(repo, `ana re-review #${pull}`)
    await yard.emulator.merge({ repo, number: pull, as: MAINTAINER })
    await yard.becomes(repo, number, 'done')
    await shows(repo, `ana merged-since #${pull}`)
  })

  it('is cleared by the button of the check, and not by that of an older commit', async () => {
    const repo = await yard.repository()
    const { number, pull } = await inReview(repo)
    const task = await yard.task(repo, number)
    const run = await yard.until('the check is there', () =>
      yard.emulator
        .checks(repo, task?.pushed ?? '')
        .find(({ name, status }) => name === 'yardmaster' && status === 'completed'),
    )
    expect(run.actions.map(({ label }) => label)).toEqual(['Reviewed', 'Hold', 'Retry'])
    const press = (identifier: string) =>
      yard.emulator.pressCheckAction({ run: run.id, as: MAINTAINER, identifier })
    press('reviewed')
    await shows(repo)
    await pushTo(repo, number)
    await shows(repo, `ana re-review #${pull}`)
    press('reviewed')
    await yard.settled()
    await shows(repo, `ana re-review #${pull}`)
    press('hold')
    await yard.until('it is held', async () => (await yard.task(repo, number))?.hold ?? null)
  })

  it('is cleared by the operator, in the name of whoever looked', async () => {
    const repo = await yard.repository()
    const { pull } = await inReview(repo)
    const { store } = yard.world.yardmaster()
    const reviewing = createReviewing({ store, clock: systemClock, ids: systemIds })
    const done = (number: number, login: string | null) =>
      reviewing.done({ repository: repo, number, login })
    expect(await done(pull, null)).toMatchObject({ kind: 'reviewed', login: 'ana' })
    await shows(repo)
    expect(await done(pull, null)).toMatchObject({ message: expect.stringContaining('--for') })
    expect(await done(999, 'ana')).toMatchObject({ kind: 'missing' })
  })
})

describe('back-pressure', () => {
  it('starts nothing new while too much waits, says so, and goes on once somebody has looked', async () => {
    const repo = await yard.repository({ config: `${CONFIG}limits: { open_reviews: 1 }\n` })
    const first = await inReview(repo)
    const second = yard.issue(repo, HELLO.replace('hello.txt', 'other.txt'))
    yard.label(repo, second)
    await yard.says(repo, second, '1 PR waits for review (cap 1)')
    await yard.emulator.merge({ repo, number: first.pull, as: MAINTAINER })
    await yard.becomes(repo, second, 'in-review')
  })
})

describe('whom Yardmaster asks', () => {
  const requested = (repo: string, pull: number): readonly string[] =>
    yard.emulator.pull({ repo, number: pull }).pull.requestedReviewers.map(({ login }) => login)

  it('the owners of the changed files go before the reviewers in turn', async () => {
    const repo = await yard.repository({
      config: `${CONFIG}reviewers: [ben]\n`,
      files: { CODEOWNERS: '*.txt @cleo\n' },
    })
    for (const login of ['ben', 'cleo']) yard.emulator.addCollaborator(repo, login, 'write')
    const { pull } = await inReview(repo)
    await shows(repo, `cleo review #${pull}`)
    expect(requested(repo, pull)).toEqual(['cleo'])
  })

  it('reviewers take turns up to their capacity; whom GitHub refuses, another stands in for', async () => {
    const config = `${CONFIG}reviewers: [stranger, ben, cleo]\nreviewer_capacity: 1\n`
    const repo = await yard.repository({ config })
    for (const login of ['ben', 'cleo']) yard.emulator.addCollaborator(repo, login, 'write')
    const first = await inReview(repo)
    await yard.until('one is asked', () => requested(repo, first.pull).length === 1)
    const second = await inReview(repo)
    await yard.until('the other is asked', () => requested(repo, second.pull).length === 1)
    const both = [...requested(repo, first.pull), ...requested(repo, second.pull)]
    expect(both.toSorted()).toEqual(['ben', 'cleo'])
  })
})
