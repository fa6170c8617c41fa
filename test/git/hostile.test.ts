import { access, chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commit, git, gitWorld, ids, REPO, TASK, type GitWorld } from './world.ts'
import { VECTORS } from './vectors.ts'

interface Canary {
  /** The program that a vector makes git run. */
  readonly fire: string
  fired(): Promise<boolean>
}

async function canary(world: GitWorld): Promise<Canary> {
  const name = ids.unique()
  const fire = join(world.folder, `fire-${name}`)
  const sign = join(world.folder, `fired-${name}`)
  await writeFile(fire, `#!/bin/sh\ntouch ${sign}\n`)
  await chmod(fire, 0o755)
  return {
    fire,
    fired: async () =>
      await access(sign).then(
        () => true,
        () => false,
      ),
  }
}

/** These need a step more than a plain git takes here; against the trusted side they are tried all the same. */
const SILENT = ['alternates and their refs command', 'a submodule']

describe('what an agent plants beside its work', () => {
  test('every vector, every trusted call: nothing is run', async () => {
    const world = await gitWorld({ 'README.md': 'hello\n', 'a.txt': 'a\n' })
    const planted = []
    for (const { name, plant } of VECTORS) {
      const pair = await world.pair()
      const made = await commit(pair.worktree, { 'work.txt': `${name}\n` })
      const file = await world.bundle(pair)
      const watch = await canary(world)
      await plant(pair, watch.fire)
      planted.push({ name, made, file, watch })
    }
    const next = await commit(world.person, { 'next.txt': 'next\n' })
    await git(world.person, 'push', '--quiet', 'origin', 'main')
    await world.git.fetch(REPO, next)
    await world.git.makePair(REPO.id, next, join(world.folder, 'another'))
    let expected = null
    for (const { made, file } of planted) {
      const range = { base: world.base, head: made, paths: null, maxBytes: 10_000 }
      await world.git.importBundle(REPO.id, TASK, {
        file,
        ref: 'refs/heads/work',
        base: world.base,
      })
      expect((await world.git.diff(TASK, range)).text).toContain('work.txt')
      const update = { branch: 'yardmaster/1', head: made, expected }
      expect(await world.git.push(REPO, TASK, update)).toEqual({ kind: 'pushed' })
      expected = made
    }
    expect(await world.git.remoteHead(REPO, 'yardmaster/1')).toBe(expected)
    const fired = []
    for (const { name, watch } of planted) if (await watch.fired()) fired.push(name)
    expect(fired).toEqual([])
  }, 90_000)

  test('the vectors are real: a plain git in the same folders runs most of them', async () => {
    const world = await gitWorld({ 'README.md': 'hello\n', 'a.txt': 'a\n' })
    const silent: string[] = []
    for (const { name, plant } of VECTORS) {
      const pair = await world.pair()
      const watch = await canary(world)
      await plant(pair, watch.fire)
      await writeFile(join(pair.worktree, 'a.txt'), 'b\n')
      for (const call of [
        ['status'],
        ['diff'],
        ['add', '--all'],
        ['commit', '-m', 'x'],
        ['fetch', 'origin'],
        ['push', `file://${world.remote}`, 'HEAD:refs/heads/x'],
        ['submodule', 'update', '--init'],
      ])
        await git(pair.worktree, ...call).catch(() => '')
      if (!(await watch.fired())) silent.push(name)
    }
    expect(silent).toEqual(SILENT)
  }, 90_000)
})

describe('what a repository itself brings along', () => {
  test('attributes, submodules and links in the base are checked out as plain files', async () => {
    const world = await gitWorld({
      '.gitattributes': '* filter=lfs diff=evil merge=evil text\n',
      '.lfsconfig': '[lfs]\n\turl = https://evil.test\n',
      '.gitmodules':
        '[submodule "sub"]\n\tpath = sub\n\turl = https://evil.test/sub\n\tupdate = none\n',
      'big.bin': 'version https://git-lfs.github.com/spec/v1\n',
      '.git-hooks/post-checkout': '#!/bin/sh\ntouch fired\n',
    })
    const pair = await world.pair()
    await expect(access(join(pair.worktree, 'fired'))).rejects.toThrow('ENOENT')
    expect(await git(pair.worktree, 'ls-files')).toContain('.gitmodules')
  })
})
