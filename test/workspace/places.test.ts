import { chmod, mkdir, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { attemptId } from '../../src/domain/ids.ts'
import { createWorkspace } from '../../src/workspace/create-workspace.ts'
import { clock, commit, git, head, ids, log, REPO, write } from '../git/world.ts'
import { isMissing, jailOf, KINDS, until } from '../jail/world.ts'
import { WORDS, workspaceWorld } from './world.ts'

const exists = async (path: string): Promise<boolean> =>
  await stat(path).then(
    () => true,
    () => false,
  )

describe.each(KINDS)('places in %s', (kind) => {
  beforeEach((context) => context.skip(isMissing(kind), 'no bubblewrap here'))

  test('eight tasks at once each get a place of their own at the base', async () => {
    const world = await workspaceWorld(kind)
    await world.workspace.warm(REPO, world.base)
    const places = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => await world.prepare(n)),
    )
    expect(new Set(places.map(({ worktree }) => worktree)).size).toBe(8)
    expect(new Set(places.map(({ home }) => home)).size).toBe(8)
    await Promise.all(
      places.map(async ({ worktree }, n) => await write(worktree, { [`${n}.txt`]: `${n}\n` })),
    )
    const made = await Promise.all(
      places.map(async (place) => await world.workspace.collect(REPO.id, place, WORDS)),
    )
    expect(made.map((each) => each?.files.map(({ path }) => path))).toEqual(
      places.map((_, n) => [`${n}.txt`]),
    )
  })

  test('what a place leaves behind is deleted, folders without write permission included', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    await write(place.worktree, { 'mod/cache/x.go': 'x\n' })
    await chmod(join(place.worktree, 'mod', 'cache'), 0o555)
    await chmod(join(place.worktree, 'mod'), 0o555)
    await world.workspace.collect(REPO.id, place, WORDS)
    await world.workspace.release(place)
    expect(await exists(place.worktree)).toBe(false)
    expect(await world.workspace.tenants(), 'its HOME is still there').toEqual([place.task])
    await world.workspace.releaseTask(place.task)
    expect(await world.workspace.tenants()).toEqual([])
    await world.workspace.settle()
    expect(await exists(place.home)).toBe(false)
    for (const folder of ['trash', 'places', 'kept', 'incoming'])
      expect(await world.list(folder)).toEqual([])
    expect(world.said).toEqual([])
    // The collected work outlives its place.
    expect(await head(join(world.data, 'outbox', place.task), 'refs/heads/work')).not.toBe(
      world.base,
    )
  })
})

describe('pairs made ahead', () => {
  test('are handed out without asking git for anything, and made up for afterwards', async () => {
    const world = await workspaceWorld('none')
    await world.workspace.warm(REPO, world.base)
    await world.workspace.settle()
    expect(await world.list('pairs')).toHaveLength(2)
    world.calls.length = 0
    const place = await world.prepare(1)
    expect(world.calls).toEqual([])
    expect(await git(place.worktree, 'status', '--porcelain')).toBe('')
    await world.workspace.settle()
    expect(world.calls).toEqual(['makePair'])
    expect(await world.list('pairs')).toHaveLength(3)
  })

  test('of an old head are thrown away, and a start at yet another base gets its own', async () => {
    const world = await workspaceWorld('none')
    await world.workspace.warm(REPO, world.base)
    const next = await commit(world.person, { 'next.txt': 'n\n' })
    await git(world.person, 'push', '--quiet', 'origin', 'main')
    await world.workspace.warm(REPO, next)
    const [old, fresh] = [await world.prepare(1, 1, world.base), await world.prepare(2, 1, next)]
    expect([await head(old.worktree), await head(fresh.worktree)]).toEqual([world.base, next])
    await world.workspace.settle()
    // Two handed out, two ahead at the new head.
    expect(await world.list('pairs')).toHaveLength(4)
    expect(await world.list('trash')).toEqual([])
  })

  test('are not needed: without any, a start fetches and makes its own', async () => {
    const world = await workspaceWorld('none')
    await world.prepare(1)
    expect(world.calls).toEqual(['fetch', 'makePair'])
    await world.workspace.settle()
    expect(await world.list('pairs')).toHaveLength(1)
  })

  test('of a remote that does not answer fail the call, not the next one', async () => {
    const world = await workspaceWorld('none')
    const nowhere = '0123456789abcdef0123456789abcdef01234567' as typeof world.base
    await expect(world.workspace.warm(REPO, nowhere)).rejects.toMatchObject({ kind: 'not-found' })
    await expect(world.prepare(1, 1, nowhere)).rejects.toMatchObject({ kind: 'not-found' })
    await world.prepare(1)
    expect(await world.list('pairs')).toHaveLength(1)
  })
})

describe('a further attempt', () => {
  test('gets a new place and an empty HOME; what the earlier one had not handed in is kept as a bundle', async () => {
    const world = await workspaceWorld('none')
    const one = await world.prepare(1, 1)
    await commit(one.worktree, { 'committed.txt': 'c\n' })
    await write(one.worktree, { 'loose.txt': 'l\n' })
    await write(one.home, { '.claude/settings.json': 'poisoned' })
    const two = await world.prepare(1, 2)
    expect(two.worktree).not.toBe(one.worktree)
    expect(await readdir(two.home)).toEqual([])
    expect(await exists(join(two.worktree, 'loose.txt'))).toBe(false)
    await world.workspace.settle()
    expect(await exists(one.worktree)).toBe(false)
    const [kept = ''] = await world.list('kept')
    expect(kept).toMatch(/^77-1\.1\./)
    await git(
      world.person,
      'fetch',
      '--quiet',
      join(world.place, 'kept', kept),
      'refs/yardmaster/work',
    )
    const files = await git(world.person, 'ls-tree', '--name-only', 'FETCH_HEAD')
    expect(files.split('\n')).toEqual(['README.md', 'committed.txt', 'loose.txt'])
  })

  test('keeps nothing twice: what was handed in is safe in the outbox', async () => {
    const world = await workspaceWorld('none')
    const one = await world.prepare(1, 1)
    await write(one.worktree, { 'a.txt': 'a\n' })
    await world.workspace.collect(REPO.id, one, WORDS)
    await write(one.worktree, { 'coverage/report.html': 'left by the checks\n' })
    await world.prepare(1, 2)
    await world.workspace.settle()
    expect(await world.list('kept')).toEqual([])
  })

  test('and the end of the task at the same time put the place away once', async () => {
    const world = await workspaceWorld('none')
    const place = await world.prepare(1)
    await write(place.worktree, { 'a.txt': 'a\n' })
    await Promise.all([
      world.workspace.release(place),
      world.workspace.release(place),
      world.workspace.releaseTask(place.task),
    ])
    await world.workspace.release(place)
    await world.workspace.settle()
    expect(await world.list('kept')).toHaveLength(1)
    expect(await world.list('pairs')).toEqual([])
  })
})

describe('a scratch place', () => {
  test('is at the base, with a HOME that no agent has seen, and leaves nothing', async () => {
    const world = await workspaceWorld('none')
    const place = await world.prepare(1)
    await write(place.home, { '.npmrc': 'poisoned' })
    const scratch = await world.workspace.scratch(REPO, world.task(1), world.base)
    expect(await exists(join(scratch.home, '.npmrc'))).toBe(false)
    expect(await world.run(scratch, 'echo x > made; cat README.md')).toMatchObject([
      { output: 'hello\n' },
    ])
    await world.workspace.release(scratch)
    await world.workspace.settle()
    expect(await exists(scratch.home)).toBe(false)
    expect(await world.list('kept')).toEqual([])
    expect(await exists(place.worktree)).toBe(true)
  })
})

describe('after a restart', () => {
  test('a place is still its attempt’s, and pairs that nobody got are thrown away', async () => {
    const world = await workspaceWorld('none')
    await world.workspace.warm(REPO, world.base)
    const place = await world.prepare(1)
    await write(place.worktree, { 'a.txt': 'a\n' })
    await world.workspace.settle()
    const reborn = world.restart()
    expect(await reborn.collect(REPO.id, place, WORDS)).toMatchObject({ commits: 1 })
    await reborn.settle()
    expect(await world.list('pairs')).toHaveLength(1)
    await reborn.releaseTask(place.task)
    await reborn.settle()
    expect(await world.list('pairs')).toEqual([])
  })

  test('what was being put away is put away, trash is emptied, and kept work leaves after a month', async () => {
    const world = await workspaceWorld('none')
    const place = await world.prepare(1)
    await write(place.worktree, { 'a.txt': 'a\n' })
    const scratch = await world.workspace.scratch(REPO, world.task(1), world.base)
    const [record = ''] = (await world.list('places')).filter((name) =>
      place.worktree.includes(name.slice(0, 36)),
    )
    const file = join(world.place, 'places', record)
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replace('"leaving":false', '"leaving":true'),
    )
    await mkdir(join(world.place, 'trash', 'half-deleted'))
    await writeFile(join(world.place, 'incoming', 'half-copied'), 'x')
    const [young, old] = ['young', 'old'].map((name) => join(world.place, 'kept', `${name}.bundle`))
    await writeFile(young ?? '', 'x')
    await writeFile(old ?? '', 'x')
    const past = new Date(Date.now() - 31 * 86_400_000)
    await utimes(old ?? '', past, past)
    const reborn = world.restart()
    await reborn.warm(REPO, world.base)
    await reborn.settle()
    expect([await exists(place.worktree), await exists(scratch.worktree)]).toEqual([false, false])
    expect((await world.list('kept')).toSorted((a, b) => a.localeCompare(b))).toEqual([
      expect.stringMatching(/^77-1\.1\..*\.bundle$/),
      'young.bundle',
    ])
    for (const folder of ['trash', 'incoming', 'places'])
      expect(await world.list(folder)).toEqual([])
  })

  test('a record cut short by a crash costs only the pair that nobody got', async () => {
    const world = await workspaceWorld('none')
    const place = await world.prepare(1)
    await write(join(world.place, 'places'), { 'broken.json': '{"id": "bro' })
    const reborn = world.restart()
    await reborn.release(place)
    await reborn.settle()
    expect(await world.list('pairs')).toEqual([])
  })
})

describe('a machine in trouble', () => {
  test('a folder that cannot be used is a local fault with a plain sentence, and the next try may work', async () => {
    const world = await workspaceWorld('none')
    const folder = join(world.folder, 'taken')
    await writeFile(folder, '')
    const jail = jailOf('none', join(world.folder, 'jail'))
    const broken = createWorkspace({
      folder: join(folder, 'work'),
      git: world.git,
      jail,
      clock,
      ids,
      log,
      network: 'none',
    })
    const prepare = async (): Promise<unknown> =>
      await broken.prepare(REPO, world.task(1), attemptId(world.task(1), 1), world.base)
    await expect(prepare()).rejects.toMatchObject({
      kind: 'local',
      message: expect.stringContaining('a folder of the workspace is missing'),
    })
    await rm(folder)
    await prepare()
    await broken.settle()
    expect(await exists(join(folder, 'work', 'pairs'))).toBe(true)
  })

  test('deleting waits for nobody and nobody waits for it', async () => {
    const world = await workspaceWorld('none')
    const places = await Promise.all([1, 2, 3].map(async (n) => await world.prepare(n)))
    await Promise.all(places.map(async (place) => await world.workspace.release(place)))
    for (const { worktree } of places) expect(await exists(worktree)).toBe(false)
    await until(async () => (await world.list('trash')).length === 0)
  })
})
