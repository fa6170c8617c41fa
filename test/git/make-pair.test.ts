import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sha } from '../../src/domain/ids.ts'
import { commit, git, gitWorld, head, refs, REPO, text } from './world.ts'

describe('a pair', () => {
  test('is a worktree at the base, on a branch, in whose name an agent can commit at once', async () => {
    const world = await gitWorld({ 'README.md': 'hello\n', 'src/a.ts': 'export {}\n' })
    const pair = await world.pair()
    expect(await text(join(pair.worktree, 'src/a.ts'))).toBe('export {}\n')
    expect(await head(pair.worktree)).toBe(world.base)
    expect(await git(pair.worktree, 'branch', '--show-current')).toBe('work')
    expect(await git(pair.worktree, 'status', '--porcelain')).toBe('')
    expect(await git(pair.worktree, 'config', 'user.name')).toBe('yardmaster[bot]')
    expect(await git(pair.worktree, 'remote')).toBe('')
    expect(pair.readable).toEqual([join(world.mirror, 'objects')])
  })

  test('what is committed in it changes neither the mirror nor another pair', async () => {
    const world = await gitWorld()
    const [one, two] = [await world.pair(), await world.pair()]
    const made = await commit(one.worktree, { 'a.txt': 'a\n' })
    expect(await refs(world.mirror)).toEqual([`refs/mirror/default ${world.base}`])
    await expect(git(two.worktree, 'cat-file', '-e', made)).rejects.toThrow('exit code')
    await expect(git(world.mirror, 'cat-file', '-e', made)).rejects.toThrow('exit code')
  })

  test('eight at once are all whole', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 200 }, (_, n) => [`d${n % 10}/f${n}.txt`, `${n}\n`]),
    )
    const world = await gitWorld(files)
    await world.git.fetch(REPO, world.base)
    const pairs = await Promise.all(Array.from({ length: 8 }, async () => await world.pair()))
    for (const pair of pairs) expect(await git(pair.worktree, 'status', '--porcelain')).toBe('')
    expect(new Set(pairs.map(({ worktree }) => worktree)).size).toBe(8)
  })

  test('of a commit that was not fetched leaves nothing behind', async () => {
    const world = await gitWorld()
    await world.git.fetch(REPO, world.base)
    const unknown = sha('0123456789abcdef0123456789abcdef01234567')
    const folder = join(world.folder, 'pair')
    await expect(world.git.makePair(REPO.id, unknown, folder)).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('0123456'),
    })
    await expect(readFile(folder)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('is never made where something is already', async () => {
    const world = await gitWorld()
    await world.git.fetch(REPO, world.base)
    const taken = join(world.folder, 'taken')
    await mkdir(taken)
    await expect(world.git.makePair(REPO.id, world.base, taken)).rejects.toThrow('EEXIST')
    const link = join(world.folder, 'link')
    await symlink('/nonexistent/place', link)
    await expect(world.git.makePair(REPO.id, world.base, link)).rejects.toThrow('EEXIST')
  })
})
