/** A place that waits for an answer: it is as it was left, also after a restart; elsewhere its work is laid out anew. */
import { readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { attemptId } from '../../src/domain/ids.ts'
import { REPO, write } from '../git/world.ts'
import { isMissing, KINDS } from '../jail/world.ts'
import { WORDS, workspaceWorld } from './world.ts'

describe.each(KINDS)('a parked place in %s', (kind) => {
  beforeEach((context) => context.skip(isMissing(kind), 'no bubblewrap here'))

  test('is handed to the next attempt with everything that stands in it', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    await write(place.worktree, { 'half.txt': 'half\n' })
    await writeFile(join(place.home, 'session'), 'what was said')
    const first = await world.workspace.collect(REPO.id, place, WORDS)
    const second = attemptId(place.task, 2)
    const again = await world.workspace.reopen(place.task, place.attempt, second)
    expect(again).toEqual({ ...place, attempt: second })
    expect(await readFile(join(place.worktree, 'half.txt'), 'utf8')).toBe('half\n')
    expect(await readFile(join(place.home, 'session'), 'utf8')).toBe('what was said')
    await write(place.worktree, { 'whole.txt': 'whole\n' })
    const made = await world.workspace.collect(REPO.id, { ...place, attempt: second }, WORDS)
    expect(made?.files.map(({ path }) => path)).toEqual(['half.txt', 'whole.txt'])
    expect(made?.head).not.toBe(first?.head)
    await world.workspace.release({ ...place, attempt: second })
    await world.workspace.settle()
    expect(await world.list('kept'), 'all of it was collected').toEqual([])
  })

  test('is found after a restart, by the one that parked there and nobody else', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    await write(place.worktree, { 'half.txt': 'half\n' })
    const restarted = world.restart()
    const other = world.task(2)
    expect(await restarted.reopen(other, place.attempt, attemptId(other, 2))).toBeNull()
    const third = attemptId(place.task, 3)
    expect(await restarted.reopen(place.task, attemptId(place.task, 2), third)).toBeNull()
    expect(await restarted.reopen(place.task, place.attempt, third)).toMatchObject({
      worktree: place.worktree,
    })
    // It has changed hands: the first one's name opens nothing any more.
    expect(await restarted.reopen(place.task, place.attempt, third)).toBeNull()
    await restarted.releaseTask(place.task)
  })

  test('keeps work that nobody collected when it is put away after all', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    await write(place.worktree, { 'half.txt': 'half\n' })
    await world.workspace.collect(REPO.id, place, WORDS)
    const second = attemptId(place.task, 2)
    await world.workspace.reopen(place.task, place.attempt, second)
    await write(place.worktree, { 'more.txt': 'more\n' })
    await world.workspace.releaseTask(place.task)
    await world.workspace.settle()
    expect((await world.list('kept')).join()).toContain(second)
  })

  test('that was tampered with is not used again', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    await rm(place.exchange, { recursive: true })
    await symlink('/etc', place.exchange)
    expect(
      await world.workspace.reopen(place.task, place.attempt, attemptId(place.task, 2)),
    ).toBeNull()
    await world.workspace.releaseTask(place.task)
  })
})

describe.each(KINDS)('kept work in %s', (kind) => {
  beforeEach((context) => context.skip(isMissing(kind), 'no bubblewrap here'))

  test('is laid out in a fresh place as changes, deletions included, and can be collected again', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    await write(place.worktree, { 'new/half.txt': 'half\n', 'run.sh': 'echo\n' })
    const [tracked = ''] = (await world.run(place, 'git ls-files | head -1')).map(({ output }) =>
      output.trim(),
    )
    await rm(join(place.worktree, tracked))
    const work = await world.workspace.collect(REPO.id, place, WORDS)
    if (work === null) throw new Error('nothing was collected')
    await world.workspace.release(place)

    const fresh = await world.prepare(1, 2, place.base)
    await world.workspace.layOut(fresh, work)
    expect(await readFile(join(fresh.worktree, 'new/half.txt'), 'utf8')).toBe('half\n')
    await expect(stat(join(fresh.worktree, tracked))).rejects.toThrow('ENOENT')
    const [at] = await world.run(fresh, 'git rev-parse HEAD')
    expect(at?.output.trim()).toBe(place.base)
    const again = await world.workspace.collect(REPO.id, fresh, WORDS)
    expect(again?.files).toEqual(work.files)
    await world.workspace.releaseTask(place.task)
  })

  test('that is damaged is refused, with the place as it was', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    await write(place.worktree, { 'half.txt': 'half\n' })
    const work = await world.workspace.collect(REPO.id, place, WORDS)
    if (work === null) throw new Error('nothing was collected')
    const fresh = await world.prepare(2)
    const bytes = work.bytes.slice(0, -30)
    await expect(world.workspace.layOut(fresh, { ...work, bytes })).rejects.toMatchObject({
      kind: 'invalid',
    })
    await expect(stat(join(fresh.worktree, 'half.txt'))).rejects.toThrow('ENOENT')
    await world.workspace.releaseTask(fresh.task)
    await world.workspace.releaseTask(place.task)
  })
})
