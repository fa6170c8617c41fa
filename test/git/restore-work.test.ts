/** Work that one machine has collected is published by another: from its bundle alone, trusted no more than an agent's. */
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commit, gitWorld, git, refs, REPO, TASK } from './world.ts'
import type { Sha } from '../../src/domain/ids.ts'

/** What a runner leaves in the store. */
async function aRunnersWork() {
  const world = await gitWorld()
  const pair = await world.pair()
  const head = await commit(pair.worktree, { 'a.txt': 'a\n' })
  const bytes = await readFile(await world.bundle(pair))
  return { world, work: { base: world.base, head, bytes } }
}

describe('work from another machine', () => {
  test('is taken over, fetched base and all, and pushed', async () => {
    const { world, work } = await aRunnersWork()
    const { git: trusted } = await gitWorld()
    const here = await gitWorld({ 'README.md': 'hello\n' })
    expect(here.base, 'the same repository').toBe(world.base)
    expect(await here.git.holds(TASK, work.head)).toBe(false)
    await here.git.restore(REPO, TASK, work)
    await here.git.restore(REPO, TASK, work)
    expect(await here.git.holds(TASK, work.head)).toBe(true)
    expect(await trusted.holds(TASK, work.head), 'only where it was taken over').toBe(false)
    const update = { branch: 'yardmaster/7', head: work.head, expected: null }
    expect(await here.git.push(REPO, TASK, update)).toEqual({ kind: 'pushed' })
    expect(await refs(here.remote)).toContain(`refs/heads/yardmaster/7 ${work.head}`)
    expect(await readdir(join(here.data, 'incoming'))).toEqual([])
  })

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, -30)],
    ['no bundle at all', () => Buffer.from('hello')],
    [
      'changed',
      (bytes: Buffer) => Buffer.from(bytes).fill(7, bytes.length - 60, bytes.length - 40),
    ],
  ])('that is %s is refused, and leaves nothing behind', async (_what, spoil) => {
    const { work } = await aRunnersWork()
    const here = await gitWorld()
    const spoiled = { ...work, bytes: spoil(work.bytes) }
    await expect(here.git.restore(REPO, TASK, spoiled)).rejects.toMatchObject({ kind: 'invalid' })
    expect(await here.git.holds(TASK, work.head)).toBe(false)
    expect(await readdir(join(here.data, 'incoming'))).toEqual([])
  })

  test('that does not hold the head which was recorded is refused', async () => {
    const { work } = await aRunnersWork()
    const here = await gitWorld()
    const other = { ...work, head: '1'.repeat(40) as Sha }
    await expect(here.git.restore(REPO, TASK, other)).rejects.toThrow('does not hold the head')
  })

  test('that does not build on the base which was recorded is refused', async () => {
    const { world, work } = await aRunnersWork()
    const next = await commit(world.person, { 'b.txt': 'b\n' })
    await git(world.person, 'push', '--quiet', 'origin', 'main')
    const moved = { ...work, base: next }
    await expect(world.git.restore(REPO, TASK, moved)).rejects.toMatchObject({ kind: 'invalid' })
  })
})
