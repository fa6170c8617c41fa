/** An organisation's board shows where everything stands, and people move cards on it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { organisationWithBoard } from '../support/board.ts'
import type { BoardPlace } from '../support/board.ts'
import { HELLO } from './support/issues.ts'
import { MAINTAINER, READER, WAITING_CHECK, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
let boards = 0

beforeAll(async () => {
  yard = await openYard()
})
afterAll(async () => yard.close())

const organisation = (columns?: readonly string[]): BoardPlace =>
  organisationWithBoard(yard.emulator, {
    owner: `org-${(boards += 1)}`,
    by: MAINTAINER,
    members: [READER],
    ...(columns === undefined ? {} : { columns }),
  })

async function repositoryOn(board: BoardPlace, check = 'exit 0\n'): Promise<string> {
  return yard.repository({
    owner: board.owner,
    config: `verify: [sh check.sh]\nboard: { project: ${board.project} }\n`,
    files: { 'check.sh': check },
  })
}

const card = (board: BoardPlace, repo: string, number: number) => ({
  ...board,
  as: MAINTAINER,
  card: { repo, number },
})

const lies = (
  board: BoardPlace,
  where: { readonly repo: string; readonly number: number },
  column: string | null,
) =>
  yard.until(`the card of ${where.repo}#${where.number} lies in ${column}`, () => {
    const { items } = yard.emulator.project(board)
    if (!items.some(({ content }) => content.number === where.number)) return false
    return yard.emulator.cardValue({ ...board, card: where }, 'Status') === column
  })

describe('a board', () => {
  it('gets a card for each task, which goes where the task goes', async () => {
    const board = organisation()
    const repo = await repositoryOn(board)
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    await lies(board, { repo, number }, 'In Review')
    const at = { ...board, card: { repo, number } }
    expect(yard.emulator.cardValue(at, 'Attempt')).toBe('1')
    expect(yard.emulator.cardValue(at, 'Agent')).toBe('patch')
    await yard.emulator.merge({ repo, number: state.pull.number, as: MAINTAINER })
    await yard.becomes(repo, number, 'done')
    await lies(board, { repo, number }, 'Done')
  })

  it('takes a card that a writer moves to Todo for a wish, also where there was no task', async () => {
    const board = organisation()
    const repo = await repositoryOn(board)
    const number = yard.issue(repo, HELLO)
    yard.emulator.addCard(card(board, repo, number))
    yard.emulator.moveCard({ ...card(board, repo, number), to: 'Todo' })
    const task = await yard.becomes(repo, number, 'in-review')
    expect(task.wish).toMatchObject({ by: { login: MAINTAINER }, label: null })
    await lies(board, { repo, number }, 'In Review')
  })

  it('takes a card that a writer moves to Done for a withdrawal, and leaves it there', async () => {
    const board = organisation()
    const repo = await repositoryOn(board, WAITING_CHECK)
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await lies(board, { repo, number }, 'In Progress')
    yard.emulator.moveCard({ ...card(board, repo, number), to: 'Done' })
    const task = await yard.becomes(repo, number, 'cancelled')
    expect(task.state.reason).toBe('@ana moved the card, which means `/cancel`')
    await yard.settled()
    await lies(board, { repo, number }, 'Done')
    await yard.letGo()
  })

  it('holds what a writer moves to On hold, and goes on when it is moved back', async () => {
    const board = organisation()
    const repo = await repositoryOn(board, WAITING_CHECK)
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await lies(board, { repo, number }, 'In Progress')
    yard.emulator.moveCard({ ...card(board, repo, number), to: 'On hold' })
    await yard.becomes(repo, number, 'held')
    await lies(board, { repo, number }, 'On hold')
    yard.emulator.moveCard({ ...card(board, repo, number), to: 'Todo' })
    await lies(board, { repo, number }, 'In Progress')
    await yard.until(
      'the checks run',
      async () => (await yard.attempts(repo, number)).at(-1)?.phase === 'verifying',
    )
    await yard.letGo()
    await yard.becomes(repo, number, 'in-review')
  })

  it('gets its card back where it was when somebody moves it who may not write', async () => {
    const board = organisation()
    const repo = await repositoryOn(board)
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const { id } = await yard.becomes(repo, number, 'in-review')
    await lies(board, { repo, number }, 'In Review')
    yard.emulator.moveCard({ ...card(board, repo, number), as: READER, to: 'Done' })
    await yard.until('the ledger says so', async () =>
      (await yard.world.yardmaster().store.ledger(id)).some(
        ({ event }) => event === 'card.written-back',
      ),
    )
    await lies(board, { repo, number }, 'In Review')
    expect((await yard.task(repo, number))?.state.kind).toBe('in-review')
  })

  it('does without a column that somebody renamed, says so once, and work goes on', async () => {
    const board = organisation()
    const repo = await repositoryOn(board)
    yard.emulator.editField({
      ...board,
      as: MAINTAINER,
      name: 'Status',
      options: { 'In Review': 'Looking' },
    })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await yard.becomes(repo, number, 'in-review')
    await yard.says(repo, number, 'no column “In Review”')
    await yard.until('the label says so', () =>
      yard.emulator.labels({ repo, number }).includes('yard:needs-review'),
    )
    expect(yard.comments(repo, number)).toHaveLength(1)
  })

  it('leaves a card alone that was taken off, and brings it back when it is shown anew', async () => {
    const board = organisation()
    const repo = await repositoryOn(board)
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const { id, state } = await yard.becomes(repo, number, 'in-review')
    await lies(board, { repo, number }, 'In Review')
    yard.emulator.removeCard(card(board, repo, number))
    const { store, engine } = yard.world.yardmaster()
    await store.projections.touch(id, ['board'])
    await yard.until('it is known to be off', async () =>
      (await store.projections.row(id, 'board'))?.written?.includes('"off"'),
    )
    expect(yard.emulator.project(board).items).toEqual([])
    expect(await engine.boards.sync(repo)).toMatchObject({ kind: 'synced', cards: 1 })
    await lies(board, { repo, number }, 'In Review')
    await yard.emulator.merge({ repo, number: state.pull.number, as: MAINTAINER })
    await lies(board, { repo, number }, 'Done')
  })

  it('sees no wish in what GitHub itself moves when an issue is closed', async () => {
    const board = organisation()
    const repo = await repositoryOn(board, 'exit 1\n')
    const number = yard.issue(repo, HELLO)
    yard.emulator.addCard(card(board, repo, number))
    yard.emulator.closeIssue({ repo, number, as: MAINTAINER })
    await yard.settled()
    expect(await yard.task(repo, number)).toBeNull()
  })

  it('does not overwrite a move that nobody has told it of yet, and obeys it then', async () => {
    const board = organisation()
    const repo = await repositoryOn(board, WAITING_CHECK)
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await lies(board, { repo, number }, 'In Progress')
    await yard.until(
      'the checks run',
      async () => (await yard.attempts(repo, number))[0]?.phase === 'verifying',
    )
    const { knobs } = yard.emulator.webhooks
    knobs.hold()
    yard.emulator.moveCard({ ...card(board, repo, number), to: 'Done' })
    await yard.letGo()
    const { id } = await yard.becomes(repo, number, 'in-review')
    const { store } = yard.world.yardmaster()
    await yard.until('its attempts are shown', () =>
      yard.emulator.labels({ repo, number }).includes('yard:needs-review'),
    )
    expect(yard.emulator.cardValue({ ...board, card: { repo, number } }, 'Status')).toBe('Done')
    knobs.release()
    await yard.becomes(repo, number, 'cancelled')
    await yard.settled()
    expect(yard.emulator.cardValue({ ...board, card: { repo, number } }, 'Status')).toBe('Done')
    const events = (await store.ledger(id)).filter(({ data }) => data['route'] === 'card')
    expect(events.map(({ event, by }) => [event, by])).toEqual([['task.cancelled', MAINTAINER]])
  })
})
