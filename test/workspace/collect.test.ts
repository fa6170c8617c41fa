import { randomBytes } from 'node:crypto'
import { mkdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Imported } from '../../src/ports/git.ts'
import type { Place } from '../../src/ports/workspace.ts'
import { commit, git, head, ids, REPO, text, write } from '../git/world.ts'
import { VECTORS } from '../git/vectors.ts'
import { isMissing, KINDS, until } from '../jail/world.ts'
import { WORDS, workspaceWorld, type WorkspaceWorld } from './world.ts'

/** Each of them costs two dozen jails; what trusted git makes of all of them is test/git/hostile.test.ts. */
const SOME_VECTORS = VECTORS.filter((_, n) => n % 4 === 0)

const collect = async (world: WorkspaceWorld, place: Place): Promise<Imported | null> =>
  await world.workspace.collect(REPO.id, place, WORDS)

const paths = (imported: Imported | null): readonly string[] =>
  imported?.files.map(({ path }) => path) ?? []

describe.each(KINDS)('collecting in %s', (kind) => {
  beforeEach((context) => context.skip(isMissing(kind), 'no bubblewrap here'))

  test('makes one commit of all, whoever committed it, without what is ignored, in the name that was given', async () => {
    const world = await workspaceWorld(kind, { 'README.md': 'hello\n', '.gitignore': 'dist/\n' })
    const place = await world.prepare(1)
    await commit(place.worktree, { 'a.txt': 'a\n' }, 'by the agent')
    await write(place.worktree, { 'b.txt': 'b\n', 'dist/out.js': 'x\n', 'README.md': 'changed\n' })
    const imported = await collect(world, place)
    expect(paths(imported)).toEqual(['README.md', 'a.txt', 'b.txt'])
    expect(imported?.commits).toBe(1)
    const outbox = join(world.data, 'outbox', place.task)
    const made = await git(outbox, 'log', '-1', '--format=%an|%ae|%cn|%B', imported?.head ?? '')
    expect(made).toBe(
      'yardmaster[bot]|1+yardmaster[bot]@example.com|yardmaster[bot]|Say hello\n\nIn two lines.\n',
    )
  })

  test('is null when nothing was done, and may come again after more work', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    expect(await collect(world, place)).toBeNull()
    await write(place.worktree, { 'a.txt': 'a\n' })
    const first = await collect(world, place)
    expect(await collect(world, place)).toMatchObject({ commits: 1, files: first?.files })
    await write(place.worktree, { 'b.txt': 'b\n' })
    expect(await collect(world, place)).toMatchObject({ commits: 1 })
    expect(await world.list('incoming')).toEqual([])
  })
})

describe('a commit message', () => {
  test('takes the words as they are, whatever they hold', async () => {
    const world = await workspaceWorld('none')
    const place = await world.prepare(1)
    for (const message of [
      '--amend',
      '$(touch fired) `touch fired`',
      '# no comment',
      '"; touch fired #',
      '-m x',
      '',
    ]) {
      await write(place.worktree, { 'a.txt': `${message}\n` })
      const imported = await world.workspace.collect(REPO.id, place, { ...WORDS, message })
      expect(paths(imported)).toEqual(['a.txt'])
      const outbox = join(world.data, 'outbox', place.task)
      expect(await git(outbox, 'log', '-1', '--format=%B', imported?.head ?? '')).toBe(
        message === '' ? '' : `${message}\n`,
      )
    }
  })
})

describe('an agent that leaves its repository in a strange state', () => {
  test.each<[string, (place: Place) => Promise<unknown>]>([
    ['without its .git', async (place) => await rm(join(place.worktree, '.git'))],
    [
      'with a repository of its own in place of ours',
      async ({ worktree }) => {
        await rm(join(worktree, '.git'))
        await git(worktree, 'init', '--quiet')
        await commit(worktree, {}, 'own')
      },
    ],
    [
      'with a detached head',
      async ({ worktree }) => await git(worktree, 'checkout', '--quiet', '--detach'),
    ],
    [
      'on a branch of its own',
      async ({ worktree }) => await git(worktree, 'checkout', '--quiet', '-b', 'mine'),
    ],
    [
      'with the lock of a git that was killed',
      async ({ repository }) =>
        await writeFile(join(repository, 'worktrees', 'worktree', 'index.lock'), ''),
    ],
    [
      'with a hook that refuses every commit',
      async ({ repository }) => {
        await write(repository, { 'hooks/pre-commit': '#!/bin/sh\nexit 1\n' })
        await git(repository, 'config', 'core.hooksPath', join(repository, 'hooks'))
      },
    ],
    [
      'that signs its commits with a program that is not there',
      async ({ repository }) => {
        await git(repository, 'config', 'commit.gpgSign', 'true')
        await git(repository, 'config', 'gpg.program', '/nonexistent')
      },
    ],
    [
      'with a repository without commits inside',
      async ({ worktree }) => await git(worktree, 'init', '--quiet', 'nested'),
    ],
    [
      'with a FIFO and a link to nowhere inside',
      async ({ worktree }) => {
        await symlink('/nonexistent', join(worktree, 'a.link'))
        await git(worktree, '-c', 'alias.f=!mkfifo fifo', 'f')
      },
    ],
  ])('%s loses no work', async (_, disturb) => {
    const world = await workspaceWorld('none')
    const place = await world.prepare(1)
    await disturb(place)
    await write(place.worktree, { 'work.txt': 'w\n' })
    expect(paths(await collect(world, place))).toContain('work.txt')
  })

  test('with its history rewritten is taken for what differs from the base, on the base', async () => {
    const world = await workspaceWorld('none')
    const place = await world.prepare(1)
    await git(place.worktree, 'checkout', '--quiet', '--orphan', 'fresh')
    await commit(place.worktree, { 'a.txt': 'a\n' })
    const imported = await collect(world, place)
    expect(imported?.commits).toBe(1)
    expect(paths(imported)).toContain('a.txt')
    const outbox = join(world.data, 'outbox', place.task)
    const parents = await git(outbox, 'log', '-1', '--format=%P', imported?.head ?? '')
    expect(parents.trim()).toBe(place.base)
  })

  test('with its repository destroyed is refused with git’s own words, and the folder is kept as it is', async () => {
    const world = await workspaceWorld('none')
    const place = await world.prepare(1)
    await write(place.worktree, { 'work.txt': 'w\n' })
    await rm(join(place.repository, 'worktrees'), { recursive: true })
    await expect(collect(world, place)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(/could not be bundled: .*not a git repository/s),
    })
    await world.workspace.release(place)
    const [kept = ''] = await world.list('kept')
    expect(await text(join(world.place, 'kept', kept, 'worktree', 'work.txt'))).toBe('w\n')
  })
})

describe('an agent that reaches beyond its worktree', () => {
  test('by a link in place of the worktree, or of the repository, starts nothing there', async () => {
    const world = await workspaceWorld('none')
    for (const victim of ['worktree', 'repository'] as const) {
      const place = await world.prepare(1)
      const elsewhere = join(world.folder, ids.unique())
      await mkdir(elsewhere)
      await rename(place[victim], join(world.folder, ids.unique()))
      await symlink(elsewhere, place[victim])
      const refused = { kind: 'invalid', message: expect.stringContaining('replaced by a link') }
      await expect(collect(world, place)).rejects.toMatchObject(refused)
      await expect(world.run(place, 'touch here')).rejects.toMatchObject(refused)
      await world.workspace.release(place)
      await world.workspace.settle()
      await write(elsewhere, { 'still-there': '' })
    }
    expect(await world.list('trash')).toEqual([])
  })

  test('a place named by somebody else is no place', async () => {
    const world = await workspaceWorld('none')
    const place = await world.prepare(1)
    const forged = { ...place, worktree: join(world.folder, 'person') }
    await expect(collect(world, forged)).rejects.toThrow('no such place')
    await expect(world.run(forged, 'true')).rejects.toThrow('no such place')
  })
})

describe('in bubblewrap', () => {
  beforeEach((context) => context.skip(isMissing('bwrap'), 'no bubblewrap here'))

  test('nothing that an agent plants is run outside while its work is collected, checked and put away', async () => {
    const world = await workspaceWorld('bwrap')
    const fired = join(world.folder, 'fired')
    const fire = join(world.folder, 'fire')
    await write(world.folder, { fire: `#!/bin/sh\ntouch ${fired}\nexit 0\n` })
    await git(world.folder, '-c', `alias.x=!chmod 755 ${fire}`, 'x')
    for (const [n, { plant }] of SOME_VECTORS.entries()) {
      const place = await world.prepare(n)
      await write(place.worktree, { 'work.txt': 'w\n' })
      await plant(place, fire)
      await collect(world, place).catch(() => null)
      await world.run(place, 'git status', 'git diff').catch(() => [])
      await world.workspace.release(place)
    }
    await expect(text(fired)).rejects.toMatchObject({ code: 'ENOENT' })
  }, 60_000)

  test('one task’s work is nowhere to be seen for another', async () => {
    const world = await workspaceWorld('bwrap')
    const [one, two] = [await world.prepare(1), await world.prepare(2)]
    const spread = [one.worktree, one.home, one.exchange, one.repository]
    const [said] = await world.run(
      one,
      `for f in ${spread.join(' ')} /tmp; do echo canary > $f/canary; done`,
    )
    expect(said?.exitCode).toBe(0)
    await collect(world, one)
    const all = `find / -name '*canary*' -not -path '/proc/*' 2>/dev/null; grep -rl canary ${world.folder} 2>/dev/null; git rev-list --all --count`
    const [seen] = await world.run(two, all)
    expect(seen?.output).toBe('1\n')
  })

  test('a change of one file copies one file, though everything belongs to another user number here', async () => {
    const many = Array.from({ length: 150 }, (_, n) => [`d${n % 5}/f${n}.txt`, `${n}\n`])
    const world = await workspaceWorld('bwrap', Object.fromEntries(many))
    const place = await world.prepare(1)
    // Of files of the very second in which its index was written git is never sure; an agent is slower than that.
    const { mtimeMs } = await stat(join(place.repository, 'worktrees', 'worktree', 'index'))
    await until(async () => await Promise.resolve(Date.now() > mtimeMs + 1000))
    await write(place.worktree, { 'd1/new.txt': 'new\n' })
    await collect(world, place)
    const { count } = /count: (?<count>\d+)/.exec(
      await git(place.repository, 'count-objects', '-v'),
    )?.groups ?? { count: '' }
    // The file, its folder, the root, the commit.
    expect(count).toBe('4')
  })

  test('an agent’s own commits borrow the base from the mirror, and cannot write to it', async () => {
    const world = await workspaceWorld('bwrap')
    const place = await world.prepare(1)
    const [log, spoil] = await world.run(
      place,
      'git log --oneline | wc -l',
      `touch ${place.readable.join(' ')}/x`,
    )
    expect(log).toMatchObject({ exitCode: 0, output: '1\n' })
    expect(spoil).toMatchObject({ exitCode: 1, output: expect.stringContaining('Read-only') })
    expect(await head(world.mirror, 'refs/mirror/default')).toBe(world.base)
  })
})

describe('work that is too large to be kept', () => {
  test('is refused with words that say what to do, and stays in the outbox', async () => {
    const world = await workspaceWorld('none')
    const place = await world.prepare(1)
    // Noise does not shrink.
    await writeFile(join(place.worktree, 'build.bin'), randomBytes(33 * 1024 * 1024))
    await expect(collect(world, place)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(/3[34] MiB.*at most 32 MiB.*gitignore/),
    })
    const outbox = join(world.data, 'outbox', place.task)
    expect(await git(outbox, 'cat-file', '-t', 'refs/heads/work:build.bin')).toBe('blob')
  })
})
