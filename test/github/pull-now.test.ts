/** A pull request with its reviews, checks and mergeability, read from the stand-in for GitHub. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha } from '../../src/domain/ids.ts'
import { startScene, type Scene } from './emulator-scene.ts'

const NAME = 'ana/yard'
let scene: Scene
let pull: number
let head: string

beforeEach(async () => {
  scene = await startScene()
  const { emulator } = scene
  emulator.addCollaborator(NAME, 'ben', 'write')
  head = await emulator.pushFiles({
    repo: NAME,
    as: 'ana',
    branch: 'yardmaster/7',
    files: { 'a.txt': 'b\n' },
    message: 'Change',
  })
  const made = { repo: NAME, as: 'ana', title: 'Change', head: 'yardmaster/7' }
  pull = (await emulator.openPull(made)).number
})
afterEach(() => scene.close())

const look = () => scene.github.codeHost.pullNow(scene.repo, pull)

test('a fresh one is open, clean, unreviewed and unchecked', async () => {
  expect(await look()).toMatchObject({
    number: pull,
    open: true,
    merged: false,
    head,
    merges: 'clean',
    checks: 'none',
    red: [],
    reviews: [],
    reviewers: [],
    size: { files: 1, additions: 1, deletions: 1 },
  })
})

test('one that is not there is null', async () => {
  expect(await scene.github.codeHost.pullNow(scene.repo, 99)).toBeNull()
})

test('a submitted review tells who said what of which commit, and its words are read apart', async () => {
  const { emulator, github, repo } = scene
  const review = await emulator.review({
    ...scene.at(pull),
    as: 'ben',
    event: 'REQUEST_CHANGES',
    body: 'Not yet.',
    comments: [{ path: 'a.txt', line: 1, side: 'RIGHT', body: 'Say c.' }],
  })
  const now = await look()
  expect(now?.reviews).toMatchObject([
    { id: review.id, says: 'changes', actor: { login: 'ben', kind: 'person' }, head },
  ])
  expect(await github.codeHost.reviewWords(repo, { pull, review: review.id })).toMatchObject({
    text: 'Not yet.',
    comments: [{ path: 'a.txt', line: 1, text: 'Say c.' }],
  })
  expect(await github.codeHost.reviewWords(repo, { pull, review: 999_999 })).toBeNull()
})

test('only required checks count, and a red one brings its words', async () => {
  const { emulator } = scene
  const report = { repo: NAME, sha: head }
  await emulator.reportCheck({ ...report, name: 'lint', conclusion: 'failure' })
  expect((await look())?.checks).toBe('none')
  emulator.protectBranch({
    repo: NAME,
    as: 'ana',
    branch: 'main',
    requiredChecks: ['test', 'deploy'],
  })
  await emulator.reportStatus({ ...report, as: 'ana', state: 'pending', context: 'deploy' })
  await emulator.reportCheck({ ...report, name: 'test' })
  expect((await look())?.checks).toBe('pending')
  await emulator.reportCheck({
    ...report,
    name: 'test',
    conclusion: 'failure',
    title: '1 failed',
    summary: 'greet is silent',
    annotations: [
      {
        path: 'a.txt',
        start_line: 1,
        end_line: 1,
        annotation_level: 'failure',
        message: 'expected hello',
      },
    ],
  })
  await emulator.reportStatus({ ...report, as: 'ana', state: 'success', context: 'deploy' })
  const now = await look()
  expect(now?.checks).toBe('red')
  expect(now?.red).toEqual([
    { name: 'test', log: '1 failed\n\ngreet is silent\n\na.txt:1: expected hello' },
  ])
})

test('a conflict is seen here and by the look at many', async () => {
  const { emulator, github, repo } = scene
  await emulator.pushFiles({
    repo: NAME,
    as: 'ana',
    branch: 'main',
    files: { 'a.txt': 'otherwise\n' },
    message: 'Move on',
  })
  expect((await look())?.merges).toBe('conflict')
  const seen = await github.tracker.observe(repo, { issues: [], pulls: [pull] })
  expect(seen.pulls.get(pull)).toMatchObject({ head: sha(head), merges: 'conflict', reviews: [] })
})
