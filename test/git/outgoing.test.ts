/** What a push would publish, as trusted git tells it and as it is read: every commit, every added line, where it stands. */
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { instant } from '../../src/domain/ids.ts'
import type { Sha } from '../../src/domain/ids.ts'
import { leaksIn, piecesOf } from '../../src/policy/secrets/outgoing.ts'
import type { Piece } from '../../src/policy/secrets/outgoing.ts'
import { createSecrets } from '../../src/policy/secrets/secrets.ts'
import { REPO, TASK, commit, git, gitWorld } from './world.ts'
import type { GitWorld } from './world.ts'

/** Several commits of an agent's, as nothing of ours would make them; the last one's name. */
async function brought(
  world: GitWorld,
  work: (worktree: string) => Promise<readonly Sha[]>,
): Promise<readonly Sha[]> {
  const pair = await world.pair()
  const made = await work(pair.worktree)
  const bundle = { file: await world.bundle(pair), ref: 'refs/heads/work', base: world.base }
  await world.git.importBundle(REPO.id, TASK, bundle)
  return made
}

async function read(
  world: GitWorld,
  head: Sha,
  without: readonly Sha[] = [world.base],
): Promise<readonly Piece[]> {
  const { text, cut } = await world.git.outgoing(TASK, { head, without, maxBytes: 1_000_000 })
  expect(cut).toBe(false)
  return [...piecesOf({ log: text, paths: [], branch: '', words: '' })].filter(
    (piece) => piece.text !== '' && piece.where !== 'branch' && piece.where !== 'words',
  )
}

const filesOf = (pieces: readonly Piece[]) =>
  pieces
    .filter(({ where }) => where === 'file')
    .map(({ path, text, lines }) => ({ path, text, lines }))

test('every commit counts, also what a later one takes out again, and each line knows its number', async () => {
  const world = await gitWorld({ 'a.txt': 'one\ntwo\nthree\n' })
  const made = await brought(world, async (at) => [
    await commit(at, { 'a.txt': 'one\ntwo\nSECRET\nthree\nand\n' }, 'Say SECRET TOO'),
    await commit(
      at,
      { 'a.txt': 'one\ntwo\nthree\n', 'b/ü "x".txt': '++ new\n@@ odd\n' },
      'Hide it',
    ),
  ])
  const pieces = await read(world, made[1] as Sha)
  expect(filesOf(pieces)).toEqual([
    { path: 'a.txt', text: 'SECRET\nand', lines: [3, 5] },
    { path: expect.stringContaining('b/ü'), text: '++ new\n@@ odd', lines: [1, 2] },
  ])
  const messages = pieces.filter(({ where }) => where === 'message').map(({ text }) => text)
  expect(messages).toEqual([
    expect.stringContaining('Say SECRET TOO'),
    expect.stringContaining('Hide it'),
  ])
})

test('a binary file is text like any other, and a file that was only moved is nothing new', async () => {
  const long = Array.from({ length: 30 }, (_, at) => `line ${at}\n`).join('')
  const world = await gitWorld({ 'old.txt': long })
  const [made] = await brought(world, async (at) => {
    await rename(join(at, 'old.txt'), join(at, 'new.txt'))
    return [await commit(at, { 'blob.bin': '\0\u0001SECRET\0\n' })]
  })
  const [file, ...more] = filesOf(await read(world, made as Sha))
  expect(file?.path).toBe('blob.bin')
  expect(file?.text).toContain('SECRET')
  expect(more).toEqual([])
})

test('of a merge only what neither side had is new', async () => {
  const world = await gitWorld({ 'a.txt': 'one\n', 'b.txt': 'b\n' })
  const onto = await commit(world.person, { 'b.txt': 'b\nTHEIRS\n' }, 'by a person')
  await git(world.person, 'push', '--quiet', 'origin', 'main')
  const [ours] = await brought(world, async (at) => [await commit(at, { 'a.txt': 'OURS\n' })])
  await world.git.push(REPO, TASK, { branch: 'yardmaster/1', head: ours as Sha, expected: null })
  const { commit: merged } = await world.git.merge(REPO, TASK, {
    head: ours as Sha,
    onto,
    at: instant(1_700_000_000_000),
    message: 'Merge',
  })
  expect(filesOf(await read(world, merged, [ours as Sha, onto]))).toEqual([])
  expect(filesOf(await read(world, merged, [world.base, onto]))).toEqual([
    { path: 'a.txt', text: 'OURS', lines: [1] },
  ])
})

test('more than was asked for is cut, and says so', async () => {
  const world = await gitWorld()
  const [made] = await brought(world, async (at) => [
    await commit(at, { 'big.txt': `${'x'.repeat(80)}\n`.repeat(2_000) }),
  ])
  const range = { head: made as Sha, without: [world.base] }
  const { text, cut } = await world.git.outgoing(TASK, { ...range, maxBytes: 10_000 })
  expect(cut).toBe(true)
  expect(text.length).toBeLessThanOrEqual(10_000)
})

test('a file whose very name holds a secret is told without it, and so is what stands in it', () => {
  const secrets = createSecrets()
  secrets.register('the key', 'mQ7zkT2wVb8rNc5yHd1pLs6gJe4u3fX9')
  const path = 'keys/mQ7zkT2wVb8rNc5yHd1pLs6gJe4u3fX9.txt'
  const log = [
    `commit ${'a'.repeat(40)}`,
    `diff --git a/${path} b/${path}`,
    `+++ b/${path}`,
    '@@ -0,0 +5,2 @@',
    '+first',
    '+mQ7zkT2wVb8rNc5yHd1p',
  ].join('\n')
  const outgoing = { log, paths: [path], branch: 'yardmaster/7', words: '' }
  const leaks = [...piecesOf(outgoing)].flatMap((piece) => leaksIn(piece, secrets))
  expect(leaks).toEqual([
    { where: { kind: 'file-name' }, name: 'the key', live: true },
    {
      where: { kind: 'file', path: 'keys/[withheld: the key].txt', line: 6 },
      name: 'the key',
      live: true,
    },
  ])
})

test('a text too long for one look is looked at in pieces, and what lies across a cut is found', () => {
  const secrets = createSecrets()
  const key = 'mQ7zkT2wVb8rNc5yHd1pLs6gJe4u3fX9'
  secrets.register('the key', key)
  for (const at of [199_990, 191_990, 390_000]) {
    const before = 'word '.repeat(at / 5)
    const lines = `${before}${key} ${'word '.repeat(50_000)}`.match(/.{1,80}/g) ?? []
    const log = [
      'diff --git a/a b/a',
      '+++ b/a',
      '@@ -0,0 +1,9 @@',
      ...lines.map((one) => `+${one}`),
    ]
    const pieces = [...piecesOf({ log: log.join('\n'), paths: [], branch: '', words: '' })]
    expect(Math.max(...pieces.map(({ text }) => text.length))).toBeLessThanOrEqual(200_000)
    const found = pieces.flatMap((piece) => leaksIn(piece, secrets))
    expect(new Set(found.map(({ where }) => JSON.stringify(where)))).toEqual(
      new Set([JSON.stringify({ kind: 'file', path: 'a', line: Math.floor(at / 80) + 1 })]),
    )
  }
})
