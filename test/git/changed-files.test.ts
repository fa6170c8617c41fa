import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
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
      { path: 'new.txt', status: 'renamed', additions: 0, deletions: 0, from: 'old.txt' },
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
    const range = {
      base: world.base,
      head: imported?.head ?? world.base,
      paths: null,
      maxBytes: 10_000,
    }
    expect(imported?.files).toContainEqual({
      path: 'evil.ts',
      status: 'added',
      additions: 1,
      deletions: 0,
    })
    expect((await world.git.diff(TASK, range)).text).toContain('+evil()')
  })
})

describe('the diff', () => {
  test('is cut at a whole line, within its limit', async () => {
    const world = await gitWorld()
    const imported = await change(world, async (worktree) => {
      await commit(worktree, { 'long.txt': 'äöü 0123456789\n'.repeat(1000) })
    })
    const range = { base: world.base, head: imported?.head ?? world.base, paths: null }
    for (const maxBytes of [200, 1001, 5003]) {
      const diff = await world.git.diff(TASK, { ...range, maxBytes })
      expect(diff.cut).toBe(true)
      expect(Buffer.byteLength(diff.text)).toBeLessThanOrEqual(maxBytes)
      expect(Buffer.byteLength(diff.text)).toBeGreaterThan(maxBytes - 40)
    }
    const whole = await world.git.diff(TASK, { ...range, maxBytes: 1_000_000 })
    const said = await git(world.outbox, 'diff-tree', '-p', '--full-index', range.base, range.head)
    expect(whole).toEqual({ text: `${said}\n`, cut: false })
  })

  test('of some paths shows those only, whatever letters they are made of, and can be applied', async () => {
    const world = await gitWorld({ 'a.txt': 'a\n', 'old.bin': '\0old' })
    const odd = [':(glob)**', '*', 'mit äöü.txt']
    const imported = await change(world, async (worktree) => {
      await rename(join(worktree, 'old.bin'), join(worktree, 'new.bin'))
      await commit(worktree, { 'a.txt': 'b\n', ...Object.fromEntries(odd.map((n) => [n, 'x\n'])) })
    })
    const paths = [...odd, 'old.bin', 'new.bin']
    const range = { base: world.base, head: imported?.head ?? world.base, maxBytes: 100_000 }
    const { text } = await world.git.diff(TASK, { ...range, paths })
    expect(text).not.toContain('a.txt')
    for (const name of odd) expect(text).toContain(name)
    const patch = join(world.folder, 'some.patch')
    await writeFile(patch, text)
    await git(world.person, 'apply', '--cached', patch)
    expect(
      (await git(world.person, 'diff', '--cached', '--name-only', '--no-renames', '-z'))
        .split('\0')
        .filter((n) => n !== '')
        .toSorted(),
    ).toEqual(paths.toSorted())
  })
})

describe('what a changed file brings', () => {
  const manifest = (over: object): string =>
    `${JSON.stringify({ name: 'shop', version: '1.0.0', scripts: { test: 'vitest' }, ...over })}\n`
  const brings = (imported: Imported | null) =>
    Object.fromEntries((imported?.files ?? []).map((file) => [file.path, file.brings ?? null]))

  test('scripts: only where commands that tools run by themselves are others', async () => {
    const files = ['version', 'scripts', 'hooks', 'gone', 'broken'].map((name) => [
      `${name}/package.json`,
      manifest({ at: name }),
    ])
    const world = await gitWorld({
      ...Object.fromEntries(files),
      'template.json': manifest({ long: LONG }),
    })
    const imported = await change(world, async (worktree) => {
      await rm(join(worktree, 'gone/package.json'))
      await rename(join(worktree, 'template.json'), join(worktree, 'package.json'))
      await commit(worktree, {
        'version/package.json': manifest({
          at: 'version',
          version: '2.0.0',
          dependencies: { zod: '4' },
        }),
        'scripts/package.json': manifest({
          at: 'scripts',
          scripts: { test: 'vitest', postinstall: 'x' },
        }),
        'hooks/package.json': manifest({ at: 'hooks', 'lint-staged': { '*': 'x' } }),
        'broken/package.json': '{',
        'new/package.json': manifest({}),
        'plain/package.json': '{"name":"plain"}',
        'docs/package.json.md': '{',
      })
    })
    expect(brings(imported)).toEqual({
      'broken/package.json': 'scripts',
      'docs/package.json.md': null,
      'gone/package.json': 'scripts',
      'hooks/package.json': 'scripts',
      'new/package.json': 'scripts',
      'package.json': 'scripts',
      'plain/package.json': null,
      'scripts/package.json': 'scripts',
      'version/package.json': null,
    })
    expect(imported?.files.find(({ path }) => path === 'package.json')).toMatchObject({
      status: 'renamed',
      from: 'template.json',
    })
  })

  test('a submodule: another repository’s code, whatever it is called', async () => {
    const world = await gitWorld()
    const imported = await change(world, async (worktree) => {
      await mkdir(join(worktree, 'vendored'))
      await git(worktree, 'update-index', '--add', '--cacheinfo', `160000,${world.base},vendored`)
      await git(worktree, 'commit', '-q', '-m', 'a submodule')
    })
    expect(brings(imported)).toEqual({ vendored: 'submodule' })
  })
})
