/** Where the approval of whoever asked for the work does not count, a check of its own waits for somebody else's. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { HELLO } from './support/issues.ts'
import { CONFIG, MAINTAINER, READER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
beforeAll(async () => {
  yard = await openYard()
})
afterAll(async () => yard.close())

const checkOf = (repo: string, head: string) =>
  yard.emulator.checks(repo, head).find(({ name }) => name === 'yardmaster/approval')

it('waits for the approval of another person with write access, of this very commit', async () => {
  const repo = await yard.repository({ config: `${CONFIG}own_approval: false\n` })
  const second = 'second'
  yard.emulator.createUser({ login: second })
  yard.emulator.addCollaborator(repo, second, 'write')
  const number = yard.issue(repo, HELLO)
  yard.label(repo, number)
  const { state } = await yard.becomes(repo, number, 'in-review')
  const { head, number: pull } = state.pull
  const check = await yard.until('the check waits', () => checkOf(repo, head))
  expect(check).toMatchObject({ status: 'in_progress', conclusion: null })
  expect(check.output.title).toBe(`Waits for somebody other than ${MAINTAINER}`)

  const review = (as: string, event: 'APPROVE' | 'COMMENT') =>
    yard.emulator.review({ repo, number: pull, as, event, body: 'Looked.' })
  await review(MAINTAINER, 'APPROVE')
  await review(READER, 'APPROVE')
  await yard.settled()
  expect(checkOf(repo, head)).toMatchObject({ status: 'in_progress' })

  await review(second, 'APPROVE')
  await review(second, 'COMMENT')
  const done = await yard.until('the check passes', () => {
    const found = checkOf(repo, head)
    return found?.conclusion === 'success' && found
  })
  expect(done.output.title).toBe(`Approved by ${second}`)
  expect(
    yard.emulator.checks(repo, head).filter(({ name }) => name === 'yardmaster/approval'),
  ).toHaveLength(1)
})

it('is not there where the repository does not ask for it', async () => {
  const repo = await yard.repository()
  const number = yard.issue(repo, HELLO)
  yard.label(repo, number)
  const { state } = await yard.becomes(repo, number, 'in-review')
  await yard.until('the other check is there', () =>
    yard.emulator.checks(repo, state.pull.head).find(({ name }) => name === 'yardmaster'),
  )
  expect(checkOf(repo, state.pull.head)).toBeUndefined()
})
