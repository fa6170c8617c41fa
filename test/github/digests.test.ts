/** The issue of the review queue over HTTP: made and pinned, found again after a restart, never taken for another's. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DIGEST_TITLE } from '../../src/render/digest.ts'
import { EVER } from '../support/ever.ts'
import { startScene } from './emulator-scene.ts'
import type { Scene } from './emulator-scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(async () => scene.close())

test('is made once, pinned, edited, found after a restart, and seen to be closed', async () => {
  const { github, restarted, repo, emulator, at } = scene
  const { slug } = await github.identity()
  const find = () => restarted().digests.find(repo, slug)
  expect(await find()).toBeNull()
  const text = (body: string) => ({ title: DIGEST_TITLE, body, notAfter: EVER })
  const made = await github.digests.create(repo, text('1. #3'))
  const issue = emulator.issue(at(made.number))
  expect(issue).toMatchObject({ title: DIGEST_TITLE, state: 'open' })
  expect(emulator.repository(at(made.number).repo).pinned).toContain(issue)
  expect(await find()).toEqual(made)
  await github.digests.edit(repo, made.number, text('Nothing waits for review.'))
  expect(emulator.issue(at(made.number)).body).toMatch(/^Nothing waits/)

  // Somebody copies it, marker and all: only what the App made is ours.
  const copy = emulator.openIssue({
    repo: at(0).repo,
    as: 'ana',
    title: DIGEST_TITLE,
    body: emulator.issue(at(made.number)).body ?? '',
  })
  expect((await find())?.number).toBe(made.number)
  expect(copy.number).not.toBe(made.number)
  emulator.closeIssue({ ...at(made.number), as: 'ana' })
  expect(await find()).toMatchObject({ number: made.number, open: false })
})
