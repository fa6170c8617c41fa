import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Sha } from '../../src/domain/ids.ts'
import type { Imported, Pair } from '../../src/ports/git.ts'
import { commit, feedGit, git, gitWorld, head, refs, REPO, TASK, type GitWorld } from './world.ts'

const REF = 'refs/heads/work'

const take = async (world: GitWorld, file: string, ref = REF): Promise<Imported | null> =>
  await world.git.importBundle(REPO.id, TASK, { file, ref, base: world.base })

/** A commit of raw objects, as no porcelain would make it. */
async function forge(pair: Pair, entries: readonly string[]): Promise<Sha> {
  const lines = entries.map((entry) => `${entry}\n`).join('')
  const tree = await feedGit(pair.worktree, lines, 'mktree', '--missing')
  const made = await git(pair.worktree, 'commit-tree', tree, '-p', pair.base, '-m', 'forged')
  await git(pair.worktree, 'update-ref', REF, made)
  return await head(pair.worktree, REF)
}

const blob = async (pair: Pair, content: string): Promise<string> =>
  await feedGit(pair.worktree, content, 'hash-object', '-w', '--stdin')

describe('an import', () => {
  test('takes over the commits and lists what they change', async () => {
    const world = await gitWorld()
    const pair = await world.pair()
    await commit(pair.worktree, { 'a.txt': 'a\n' })
    const last = await commit(pair.worktree, { 'README.md': 'hello\nagain\n' })
    expect(await take(world, await world.bundle(pair))).toEqual({
      head: last,
      commits: 2,
      files: [
        { path: 'README.md', status: 'modified', additions: 1, deletions: 0 },
        { path: 'a.txt', status: 'added', additions: 1, deletions: 0 },
      ],
    })
    expect(await refs(world.outbox)).toEqual([`${REF} ${last}`])
    expect(await refs(world.mirror)).toEqual([`refs/mirror/default ${world.base}`])
    await expect(git(world.mirror, 'cat-file', '-e', last)).rejects.toThrow('exit code')
  })

  test('of a bundle that points at the base is nothing', async () => {
    const world = await gitWorld()
    const pair = await world.pair()
    expect(await take(world, await world.bundle(pair, 'work'))).toBeNull()
  })

  test('of a bundle with a tag, other branches, notes, replacements and 10,000 refs more moves 1 ref', async () => {
    const world = await gitWorld()
    const pair = await world.pair()
    const made = await commit(pair.worktree, { 'a.txt': 'a\n' })
    for (const name of [
      'heads/main',
      'heads/yardmaster/99',
      'notes/commits',
      `replace/${world.base}`,
    ])
      await git(pair.worktree, 'update-ref', `refs/${name}`, made)
    await git(pair.worktree, 'tag', '-a', 'v9', '-m', 'tag')
    const many = Array.from({ length: 10_000 }, (_, n) => `${made} refs/many/${10_000 + n}\n`)
    await writeFile(
      join(pair.repository, 'packed-refs'),
      `# pack-refs with: sorted \n${many.join('')}`,
    )
    const file = await world.bundle(pair, '--all', `^${world.base}`)
    expect(await take(world, file)).toMatchObject({ head: made, commits: 1 })
    expect(await refs(world.outbox)).toEqual([`${REF} ${made}`])
    const update = { branch: 'yardmaster/1', head: made, expected: null }
    expect(await world.git.push(REPO, TASK, update)).toEqual({ kind: 'pushed' })
    expect(await refs(world.remote), 'and 1 at the remote').toEqual([
      `refs/heads/main ${world.base}`,
      `refs/heads/yardmaster/1 ${made}`,
    ])
  })

  test('keeps what an earlier attempt left, though the ref has moved on', async () => {
    const world = await gitWorld()
    const [one, two] = [await world.pair(), await world.pair()]
    const first = await commit(one.worktree, { 'a.txt': 'a\n' })
    const second = await commit(two.worktree, { 'b.txt': 'b\n' })
    await take(world, await world.bundle(one))
    await take(world, await world.bundle(two))
    expect(await refs(world.outbox)).toEqual([`${REF} ${second}`])
    expect(await git(world.outbox, 'reflog', 'show', '--format=%H', REF)).toContain(first)
  })

  test('refuses a history that does not build on the base, and says so', async () => {
    const world = await gitWorld()
    const pair = await world.pair()
    await git(pair.worktree, 'checkout', '--quiet', '--orphan', 'fresh')
    await commit(pair.worktree, { 'a.txt': 'a\n' })
    await git(pair.worktree, 'branch', '--force', 'work')
    await expect(take(world, await world.bundle(pair, 'work'))).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(/history was rewritten.*does not build on [0-9a-f]{7}/),
    })
    expect(await refs(world.outbox)).toEqual([])
  })

  test('takes a merge of other work, because it builds on the base all the same', async () => {
    const world = await gitWorld()
    const pair = await world.pair()
    await git(pair.worktree, 'checkout', '--quiet', '-b', 'side')
    await commit(pair.worktree, { 'side.txt': 's\n' })
    await git(pair.worktree, 'checkout', '--quiet', 'work')
    await commit(pair.worktree, { 'a.txt': 'a\n' })
    await git(pair.worktree, 'merge', '--quiet', '--no-edit', 'side')
    expect(await take(world, await world.bundle(pair))).toMatchObject({ commits: 3 })
  })

  test.each([
    ['no bundle', 'just some text\n\n'],
    ['nothing at all', ''],
    ['a bundle of a version that hides objects', '# v3 git bundle\n@filter=blob:none\n\nPACK'],
    ['a header without an end', `# v2 git bundle\n${'x'.repeat(2_000_000)}`],
    ['a header without a pack', `# v2 git bundle\n${'a'.repeat(40)} ${REF}\n\n`],
    ['another ref than the one asked for', `# v2 git bundle\n${'a'.repeat(40)} refs/heads/x\n\n`],
  ])('refuses %s', async (_, content) => {
    const world = await gitWorld()
    await world.git.fetch(REPO, world.base)
    const file = join(world.folder, 'odd.bundle')
    await writeFile(file, content)
    await expect(take(world, file)).rejects.toMatchObject({ kind: 'invalid', applied: 'no' })
  })

  test('refuses a bundle cut short or damaged anywhere, and leaves no half-written pack', async () => {
    const world = await gitWorld()
    const pair = await world.pair()
    await commit(pair.worktree, {
      'a.txt': Array.from({ length: 500 }, (_, n) => `${n}`).join('\n'),
    })
    const whole = await readFile(await world.bundle(pair))
    const from = whole.indexOf('PACK')
    for (const part of [0.1, 0.4, 0.7, 0.95]) {
      const at = from + Math.floor((whole.length - from) * part)
      const cut = join(world.folder, 'cut.bundle')
      await writeFile(cut, whole)
      await truncate(cut, at)
      await expect(take(world, cut)).rejects.toMatchObject({ kind: 'invalid' })
      const bent = Buffer.from(whole)
      bent.writeUInt8(bent.readUInt8(at) ^ 0xff, at)
      await writeFile(cut, bent)
      await expect(take(world, cut)).rejects.toMatchObject({ kind: 'invalid' })
    }
    expect(await refs(world.outbox)).toEqual([])
    expect(await readdir(join(world.outbox, 'objects', 'pack'))).toEqual([])
  })

  test('refuses commits whose files are missing', async () => {
    const world = await gitWorld()
    const pair = await world.pair()
    await forge(pair, [`100644 blob ${'d'.repeat(40)}\tghost.txt`])
    const file = join(world.folder, 'ghost.bundle')
    // Packed without the blob, by hand: git itself refuses to make such a bundle.
    const made = await head(pair.worktree, REF)
    const tree = await git(pair.worktree, 'rev-parse', `${made}^{tree}`)
    const out = join(pair.worktree, 'ghost')
    const name = await feedGit(pair.worktree, `${made}\n${tree}\n`, 'pack-objects', '--quiet', out)
    const pack = await readFile(`${out}-${name}.pack`)
    await writeFile(file, Buffer.concat([Buffer.from(`# v2 git bundle\n${made} ${REF}\n\n`), pack]))
    await expect(take(world, file)).rejects.toMatchObject({ kind: 'invalid' })
    expect(await refs(world.outbox)).toEqual([])
  })

  test.each([
    ['a file named .git', '100644', 'blob', '.git', 'gitdir: /tmp'],
    ['a file named .GIT', '100644', 'blob', '.GIT', 'gitdir: /tmp'],
    ['a file named git~1', '100644', 'blob', 'git~1', 'gitdir: /tmp'],
    ['a file named ..', '100644', 'blob', '..', 'x'],
  ])('refuses %s', async (_, ...[mode, kind, name, content]) => {
    const world = await gitWorld()
    const pair = await world.pair()
    await forge(pair, [`${mode} ${kind} ${await blob(pair, content)}\t${name}`])
    await expect(take(world, await world.bundle(pair))).rejects.toMatchObject({ kind: 'invalid' })
    expect(await refs(world.outbox)).toEqual([])
  })

  test('a tree of a few hundred bytes that unfolds to ten million files costs neither our memory nor our patience', async () => {
    const world = await gitWorld()
    const pair = await world.pair()
    let line = `100644 blob ${await blob(pair, 'x')}`
    for (let level = 0; level < 7; level += 1) {
      const entries = Array.from({ length: 10 }, (_, n) => `${line}\t${n}`)
      const made = await forge(pair, entries)
      line = `040000 tree ${await git(pair.worktree, 'rev-parse', `${made}^{tree}`)}`
    }
    await expect(take(world, await world.bundle(pair))).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('more files than can be looked at'),
    })
  })

  test('two tasks that collect at once do not meet', async () => {
    const world = await gitWorld()
    const pairs = [await world.pair(), await world.pair()]
    const made = await Promise.all(
      pairs.map(async (pair, n) => {
        await commit(pair.worktree, { [`${n}.txt`]: `${n}\n` })
        return await take(world, await world.bundle(pair))
      }),
    )
    expect(made.map((each) => each?.files[0]?.path)).toEqual(['0.txt', '1.txt'])
  })
})
