/** Boards over HTTP, as the stand-in for GitHub serves them: an organisation's to the App, a person's to their token. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installationId, issueId, repoId } from '../../src/domain/ids.ts'
import type { BoardAt } from '../../src/ports/board.ts'
import { EVER } from '../support/ever.ts'
import { startScene } from './emulator-scene.ts'
import type { Scene } from './emulator-scene.ts'

let scene: Scene
let at: BoardAt

beforeAll(async () => {
  scene = await startScene()
  const { emulator } = scene
  emulator.createOrganization({ login: 'acme', owners: ['ana'] })
  const made = await emulator.createRepository({ owner: 'acme', name: 'shop', files: { a: 'a\n' } })
  const installation = emulator.install(emulator.app, ['acme/shop'])
  const { number } = emulator.createProject({ owner: 'acme', title: 'Yard' })
  emulator.createField({ owner: 'acme', project: number, as: 'ana', name: 'Agent', type: 'text' })
  emulator.createField({ owner: 'acme', project: number, as: 'ana', name: 'Cost', type: 'number' })
  at = {
    owner: 'acme',
    project: number,
    repo: {
      id: repoId(made.id),
      owner: 'acme',
      name: 'shop',
      installation: installationId(installation.id),
      defaultBranch: 'main',
    },
  }
})
afterAll(async () => scene.close())

const open = () => {
  const { emulator } = scene
  return emulator.openIssue({ repo: 'acme/shop', as: 'ana', title: 'Broken', body: '' })
}
const place = (number: number) => ({
  owner: 'acme',
  project: at.project,
  as: 'ana',
  card: { repo: 'acme/shop', number },
})

describe('a board of an organisation', () => {
  test('gets a card once, and all its values in one request', async () => {
    const { board } = scene.github
    const { id, number } = open()
    const item = await board.add(at, issueId(id), EVER)
    expect(await board.add(at, issueId(id), EVER)).toBe(item)
    const { status, agent, cost } = await board.shape(at)
    const values = [
      { field: status?.id ?? 0, value: status?.options.get('In Progress') ?? '' },
      { field: agent?.id ?? 0, value: 'patch' },
      { field: cost?.id ?? 0, value: 0.42 },
    ]
    const before = scene.github.counters.edits
    expect(await board.set(at, item, values, EVER)).toBe(true)
    expect(scene.github.counters.edits - before).toBe(1)
    expect(await board.card(at, item)).toMatchObject({
      column: 'In Progress',
      archived: false,
      issue: { id, number, owner: 'acme', repository: 'shop' },
      values: new Map<number, unknown>([
        [agent?.id ?? 0, 'patch'],
        [cost?.id ?? 0, 0.42],
      ]),
    })
  })

  test('is read without the column that is left out, page by page', async () => {
    const { emulator, github } = scene
    for (let n = 0; n < 101; n += 1) {
      const { number } = open()
      emulator.addCard(place(number))
      if (n < 2) emulator.moveCard({ ...place(number), to: 'Done' })
    }
    const all = await github.board.cards(at, null)
    const open100 = await github.board.cards(at, 'Done')
    expect(all.cards.length - open100.cards.length).toBe(2)
    expect([all.requests, all.more]).toEqual([2, false])
    expect(open100.cards.every(({ column }) => column !== 'Done')).toBe(true)
  })

  test('says of a card that is archived or gone that nothing was set', async () => {
    const { emulator, github } = scene
    const { board } = github
    const { id, number } = open()
    const item = await board.add(at, issueId(id), EVER)
    const { agent } = await board.shape(at)
    const values = [{ field: agent?.id ?? 0, value: 'x' }]
    emulator.archiveCard(place(number))
    expect(await board.card(at, item)).toMatchObject({ archived: true })
    expect(await board.set(at, item, values, EVER)).toBe(false)
    emulator.restoreCard(place(number))
    emulator.removeCard(place(number))
    expect(await board.card(at, item)).toBeNull()
    expect(await board.set(at, item, values, EVER)).toBe(false)
  })

  test('that lost an option since it was read is read anew, and then written', async () => {
    const { emulator, github } = scene
    const { board } = github
    const { id } = open()
    const item = await board.add(at, issueId(id), EVER)
    const { status } = await board.shape(at)
    const value = status?.options.get('Todo') ?? ''
    const field = status?.id ?? 0
    const project = { owner: 'acme', project: at.project, as: 'ana' }
    emulator.editField({ ...project, name: 'Status', options: { Todo: null } })
    await expect(board.set(at, item, [{ field, value }], EVER)).rejects.toMatchObject({
      kind: 'conflict',
    })
    expect((await board.shape(at)).status?.options.has('Todo')).toBe(false)
  })

  test('that is not there is not found', async () => {
    const there = { ...at, project: 99 }
    await expect(scene.github.board.shape(there)).rejects.toMatchObject({ kind: 'not-found' })
  })
})

describe('a board of a person', () => {
  test('is closed to the App, and open to their token', async () => {
    const { emulator, github, repo, restarted } = scene
    const { number: project } = emulator.createProject({ owner: 'ana', title: 'Mine' })
    const mine = { owner: 'ana', project, repo }
    await expect(github.board.shape(mine)).rejects.toMatchObject({ name: 'WorldFault' })
    const withToken = restarted(emulator.createPersonToken('ana', ['project', 'repo']))
    const { status } = await withToken.board.shape(mine)
    expect([...(status?.options.keys() ?? [])]).toEqual(['Todo', 'In Progress', 'Done'])
    const issue = emulator.openIssue({ repo: 'ana/yard', as: 'ana', title: 'Mine', body: '' })
    const item = await withToken.board.add(mine, issueId(issue.id), EVER)
    const value = status?.options.get('Done') ?? ''
    const values = [{ field: status?.id ?? 0, value }]
    expect(await withToken.board.set(mine, item, values, EVER)).toBe(true)
    expect((await withToken.board.card(mine, item))?.column).toBe('Done')
    withToken.close()
  })
})
