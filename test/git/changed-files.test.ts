import { chmod, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Imported } from '../../src/ports/git.ts'
import { commit, git, gitWorld, REPO, TASK, type Files, type GitWorld } from './world.ts'

async function change(
  world: GitWorld,
  edit: (worktree: string) => Promise<void>,
): Promise<Imported | null> {
  const pair = await world.pair()
  await edit(pair.worktree)
  await commit(pair.worktree, {})
  const bundle = { file: await world.bundle(pair), ref: 'refs/heads/work', base: world.base }
  return await world.git.importBundle(REPO.id, TASK, bundle)
}

const LONG = Array.from({ length: 60 }, (_, n) => `line ${n}\n`).join('')

describe('the list of changed files', () => {
  test('names every kind of change', async () => {
    const files: Files = {
      'old.txt': LONG,
      'gone.txt': 'x\n',
      'kind.txt': 'k\n',
      'edit.txt': 'e\n',
      'mode.sh': '#\n',
    }
    const world = await gitWorld(files)
    const imported = await change(world, async (worktree) => {
      await rename(join(worktree, 'old.txt'), join(worktree, 'new.txt'))
      await rm(join(worktree, 'gone.txt'))
      await rm(join(worktree, 'kind.txt'))
      await symlink('edit.txt', join(worktree, 'kind.txt'))
      await chmod(join(worktree, 'mode.sh'), 0o755)
      await commit(worktree, { 'edit.txt': 'e\nf\n', 'added.bin': 'a\0b\0c' })
    })
    expect(imported?.files).toEqual([
      { path: 'added.bin', status: 'added', additions: null, deletions: null },
      { path: 'edit.txt', status: 'modified', additions: 1, deletions: 0 },
      { path: 'gone.txt', status: 'deleted', additions: 0, deletions: 1 },
      { path: 'kind.txt', status: 'type-changed', additions: 1, deletions: 1 },
      { path: 'mode.sh', status: 'modified', additions: 0, deletions: 0 },
      { path: 'new.txt', status: 'renamed', additions: 0, deletions: 0 },
    ])
  })

  test('keeps names with tabs, line breaks, colons, quotes and umlauts as they are', async () => {
    const names = ['a\tb', 'c\nd', ':100644', '"q"', 'ü', '- x', 'R086']
    const world = await gitWorld()
    const imported = await change(world, async (worktree) => {
      await commit(worktree, Object.fromEntries(names.map((name) => [name, 'x\n'])))
    })
    expect(imported?.files.map(({ path }) => path).toSorted()).toEqual(names.toSorted())
  })

  test('is empty for commits that change nothing', async () => {
    const world = await gitWorld()
    const imported = await change(world, async (worktree) => {
      await commit(worktree, {}, 'empty')
    })
    expect(imported).toMatchObject({ commits: 2, files: [] })
  })

  test('a .gitattributes that hides files from diffs hides nothing here', async () => {
    const world = await gitWorld()
    const imported = await change(world, async (worktree) => {
      await commit(worktree, { '.gitattributes': '* -diff binary\n', 'evil.ts': 'evil()\n' })
    })
    const range = { base: world.base, head: imported?.head ?? world.base, maxBytes: 10_000 }
    expect(imported?.files).toContainEqual({
      path: 'evil.ts',
      status: 'added',
      additions: 1,
      deletions: 0,
    })
    expect(await world.git.diff(REPO.id, TASK, range)).toContain('+evil()')
  })
})

describe('the diff', () => {
  test('is cut at a whole line, within its limit', async () => {
    const world = await gitWorld()
    const imported = await change(world, async (worktree) => {
      await commit(worktree, { 'long.txt': 'äöü 0123456789\n'.repeat(1000) })
    })
    const range = { base: world.base, head: imported?.head ?? world.base }
    for (const maxBytes of [200, 1001, 5003]) {
      const diff = await world.git.diff(REPO.id, TASK, { ...range, maxBytes })
      expect(Buffer.byteLength(diff)).toBeLessThanOrEqual(maxBytes)
      expect(Buffer.byteLength(diff)).toBeGreaterThan(maxBytes - 40)
      expect(diff.endsWith('äöü 0123456789\n')).toBe(true)
    }
    const whole = await world.git.diff(REPO.id, TASK, { ...range, maxBytes: 1_000_000 })
    expect(whole).toBe(`${await git(world.outbox, 'diff-tree', '-p', range.base, range.head)}\n`)
  })
})
