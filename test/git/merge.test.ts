/** The base, merged into a pull request's head without a checkout: the same commit everywhere, conflicts in its files. */
import { describe, expect, test } from 'vitest'
import { instant } from '../../src/domain/ids.ts'
import { commit, git, gitWorld, head, REPO, TASK } from './world.ts'
import type { Files, GitWorld } from './world.ts'

/** Two lines of history from one base, both at the remote. */
async function diverged(ours: Files, theirs: Files, base: Files = { 'README.md': 'hello\n' }) {
  const world = await gitWorld(base)
  const { person } = world
  await git(person, 'checkout', '--quiet', '-b', 'side')
  const mine = await commit(person, ours)
  await git(person, 'checkout', '--quiet', '-')
  const other = await commit(person, theirs)
  await git(person, 'push', '--quiet', 'origin', 'HEAD', 'side')
  return {
    world,
    wanted: { head: mine, onto: other, at: instant(1_700_000_000_000), message: 'On' },
  }
}

const shown = (world: GitWorld, what: string) => git(world.mirror, 'cat-file', '-p', what)

describe('a merge of the base', () => {
  test('holds both sides, and has both as its parents', async () => {
    const { world, wanted } = await diverged({ 'a.txt': 'a\n' }, { 'b.txt': 'b\n' })
    const { commit: made, conflicts } = await world.git.merge(REPO, TASK, wanted)
    expect(conflicts).toEqual([])
    expect(await shown(world, `${made}:a.txt`)).toBe('a')
    expect(await shown(world, `${made}:b.txt`)).toBe('b')
    expect(await git(world.mirror, 'rev-parse', `${made}^1`, `${made}^2`)).toBe(
      `${wanted.head}\n${wanted.onto}`,
    )
    expect(await world.git.holds(TASK, made)).toBe(true)
  })

  test('is the same commit on every machine', async () => {
    const { world, wanted } = await diverged({ 'a.txt': 'a\n' }, { 'b.txt': 'b\n' })
    const first = await world.git.merge(REPO, TASK, wanted)
    expect(await world.git.merge(REPO, TASK, wanted)).toEqual(first)
    expect(await shown(world, first.commit)).toContain('1700000000 +0000')
  })

  test('of what is merged already is the head itself', async () => {
    const { world, wanted } = await diverged({ 'a.txt': 'a\n' }, { 'b.txt': 'b\n' })
    const base = await head(world.person, `${wanted.head}^`)
    expect(await world.git.merge(REPO, TASK, { ...wanted, onto: base })).toEqual({
      commit: wanted.head,
      conflicts: [],
    })
  })

  test('that conflicts says where, and leaves markers that are found until they are resolved', async () => {
    const odd = 'a "strange" näme.txt'
    const { world, wanted } = await diverged(
      { 'README.md': 'mine\n', [odd]: 'mine\n' },
      { 'README.md': 'yours\n', [odd]: 'yours\n' },
    )
    const { commit: made, conflicts } = await world.git.merge(REPO, TASK, wanted)
    expect(conflicts.toSorted()).toEqual(['README.md', odd])
    expect(await shown(world, `${made}:README.md`)).toMatch(/^<<<<<<< /)
    const marked = await world.git.conflictMarkers(TASK, { head: made, paths: conflicts })
    expect(marked.toSorted()).toEqual(['README.md', odd])
    const pair = await world.git.makePair(REPO.id, made, `${world.folder}/resolve`)
    const resolved = await commit(pair.worktree, { 'README.md': 'ours\n' })
    const file = await world.bundle(pair)
    await world.git.importBundle(REPO.id, TASK, { file, ref: 'refs/heads/work', base: made })
    expect(await world.git.conflictMarkers(TASK, { head: resolved, paths: conflicts })).toEqual([
      odd,
    ])
    expect(await world.git.conflictMarkers(TASK, { head: resolved, paths: [] })).toEqual([])
  })

  test('runs nothing that the repository names: no driver, no filter, no hook', async () => {
    const attributes = { '.gitattributes': '* merge=evil filter=evil\n', 'README.md': 'hello\n' }
    const { world, wanted } = await diverged(
      { 'README.md': 'mine\n' },
      { 'README.md': 'yours\n' },
      attributes,
    )
    const { conflicts } = await world.git.merge(REPO, TASK, wanted)
    expect(conflicts).toEqual(['README.md'])
  })
})
