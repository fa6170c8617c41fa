/** What of ours a look at a whole repository finds again: comments with what rides in them, branches, check runs. */
import { createSecretKey } from 'node:crypto'
import { EVER } from '../support/ever.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { instant, repoId } from '../../src/domain/ids.ts'
import { makeRecord, readRecord } from '../../src/github/record.ts'
import { COMMENT, startScene } from './emulator-scene.ts'
import type { Scene } from './emulator-scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(async () => scene.close())

describe('a record', () => {
  const key = createSecretKey(Buffer.alloc(32, 7))
  const place = { repo: repoId(9), issue: 3 }
  const text = JSON.stringify({ state: 'queued', said: 'ünïcode -- > <!-- and more'.repeat(50) })

  test('comes back as it was, and ends no HTML comment early', () => {
    const mark = makeRecord(key, place, text)
    expect(readRecord(key, place, `Hello.\n\n${mark}`)).toBe(text)
    expect(mark.slice(4, -3)).not.toContain('--')
    expect(mark.length).toBeLessThan(text.length)
  })

  test('counts only unchanged, on its own issue, under our key, and alone', () => {
    const mark = makeRecord(key, place, text)
    expect(readRecord(key, { ...place, issue: 4 }, mark)).toBeNull()
    expect(readRecord(createSecretKey(Buffer.alloc(32, 8)), place, mark)).toBeNull()
    expect(readRecord(key, place, mark.replace(/[A-Z]/, 'x'))).toBeNull()
    expect(readRecord(key, place, `${mark}\n${makeRecord(key, place, 'another')}`)).toBeNull()
    expect(readRecord(key, place, 'no record')).toBeNull()
  })
})

describe('a look at a whole repository', () => {
  test('finds our comments with their marks and records, and nobody else’s with a copy of them', async () => {
    const { tracker } = scene.github
    const { repo, emulator } = scene
    const [first, second] = [scene.open(), scene.open()]
    const id = await tracker.createComment(repo, first, { ...COMMENT, record: '{"v":1}' })
    const plain = await tracker.createComment(repo, second, { ...COMMENT, marker: 'notice' })
    const [ours] = await tracker.comments(repo, first)
    emulator.comment({ ...scene.at(second), as: 'ana', body: ours?.body ?? '' })
    const found = await tracker.ownComments(repo, null)
    expect(found).toMatchObject([
      { id, number: first, marks: ['status'], record: '{"v":1}' },
      { id: plain, number: second, marks: ['notice'], record: null },
    ])
    await scene.restarted().tracker.updateComment(repo, first, {
      id,
      body: 'Working.',
      notAfter: EVER,
      record: '{"v":2}',
    })
    const [changed] = await tracker.ownComments(repo, null)
    expect(changed).toMatchObject({ id, marks: ['status'], record: '{"v":2}' })
    expect(await tracker.ownComments(repo, instant(Date.now() + 60_000))).toEqual([])
  })

  test('finds every branch of ours, however many, and no other', async () => {
    const { emulator, repo, github } = scene
    const head = scene.head()
    const names = Array.from({ length: 101 }, (_, index) => `yardmaster/${index + 1}`)
    for (const branch of [...names, 'yardmasters/1', 'other'])
      await emulator.forceBranch({ repo: 'ana/yard', as: 'ana', branch, sha: head })
    const found = await github.codeHost.branches(repo, 'yardmaster/')
    expect(found.size).toBe(101)
    expect(found.get('77')).toBe(head)
    expect(await github.codeHost.branches(repo, 'nobody/')).toEqual(new Map())
  })

  test('knows our check run on a commit by its external id', async () => {
    const { tracker } = scene.github
    const head = scene.head()
    const check = { name: 'yardmaster', head, externalId: `1-2:${head}` }
    expect(await tracker.hasCheck(scene.repo, check)).toBe(false)
    const words = { title: 'Passed', summary: 'All.', text: null, formerTry: null, notAfter: EVER }
    const wanted = { ...check, status: 'completed', conclusion: 'success', ...words } as const
    await tracker.publishCheck(scene.repo, wanted, null)
    expect(await tracker.hasCheck(scene.repo, check)).toBe(true)
    expect(await tracker.hasCheck(scene.repo, { ...check, externalId: '1-3' })).toBe(false)
  })
})
