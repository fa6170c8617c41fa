import { rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sha } from '../../src/domain/ids.ts'
import { createGit } from '../../src/git/create-git.ts'
import { clock, commit, fileRemote, git, gitWorld, IDENTITY, refs, REPO, text } from './world.ts'

const NOWHERE = sha('0123456789abcdef0123456789abcdef01234567')

describe('the mirror', () => {
  test('brings a new head of the default branch, and asks nobody when it is there', async () => {
    const world = await gitWorld()
    await world.git.fetch(REPO, world.base)
    const next = await commit(world.person, { 'a.txt': 'a\n' })
    await git(world.person, 'push', '--quiet', 'origin', 'main')
    await world.git.fetch(REPO, next)
    expect(await refs(world.mirror)).toEqual([`refs/mirror/default ${next}`])
    await rm(world.remote, { recursive: true })
    await world.git.fetch(REPO, next)
    await world.git.fetch(REPO, world.base)
  })

  test('holds neither other branches nor our own, only what was asked for by name', async () => {
    const world = await gitWorld()
    const other = await commit(world.person, { 'b.txt': 'b\n' })
    await git(world.person, 'push', '--quiet', 'origin', 'main:yardmaster/12', 'main:feature')
    await git(world.person, 'tag', 'v1')
    await git(world.person, 'push', '--quiet', 'origin', 'v1')
    await world.git.fetch(REPO, world.base)
    expect(await refs(world.mirror)).toEqual([`refs/mirror/default ${world.base}`])
    await world.git.fetch(REPO, other)
    expect(await refs(world.mirror)).toContain(`refs/mirror/commit/${other} ${other}`)
  })

  test('keeps what the remote has rewritten away, because tasks borrow it', async () => {
    const world = await gitWorld()
    const old = await commit(world.person, { 'a.txt': 'old\n' })
    await git(world.person, 'push', '--quiet', 'origin', 'main')
    await world.git.fetch(REPO, old)
    await git(world.person, 'reset', '--quiet', '--hard', world.base)
    const rewritten = await commit(world.person, { 'a.txt': 'new\n' })
    await git(world.person, 'push', '--quiet', '--force', 'origin', 'main')
    await world.git.fetch(REPO, rewritten)
    expect(await text(join((await world.pair(old)).worktree, 'a.txt'))).toBe('old\n')
  })

  test('survives a default branch whose new name lies below the old one', async () => {
    const world = await gitWorld()
    await world.git.fetch(REPO, world.base)
    const next = await commit(world.person, { 'a.txt': 'a\n' })
    await git(world.remote, 'update-ref', '-d', 'refs/heads/main')
    await git(world.person, 'push', '--quiet', 'origin', 'HEAD:refs/heads/main/next')
    await world.git.fetch({ ...REPO, defaultBranch: 'main/next' }, next)
    expect(await refs(world.mirror)).toEqual([`refs/mirror/default ${next}`])
  })

  test('twelve fetches at once come to one good mirror', async () => {
    const world = await gitWorld()
    await Promise.all(
      Array.from({ length: 12 }, async () => await world.git.fetch(REPO, world.base)),
    )
    expect(await refs(world.mirror)).toEqual([`refs/mirror/default ${world.base}`])
    await git(world.mirror, 'fsck', '--strict')
  })

  test('a lock that a killed git left behind does not stop fetching for ever', async () => {
    const world = await gitWorld()
    await world.git.fetch(REPO, world.base)
    const lock = join(world.mirror, 'refs', 'mirror', 'default.lock')
    await writeFile(lock, '')
    const yesterday = new Date(Date.now() - 86_400_000)
    await utimes(lock, yesterday, yesterday)
    const next = await commit(world.person, { 'a.txt': 'a\n' })
    await git(world.person, 'push', '--quiet', 'origin', 'main')
    // The next life of the process; within one life nobody can have died.
    const reborn = createGit({
      folder: world.data,
      remote: fileRemote(world.remote),
      clock,
      path: process.env['PATH'] ?? '',
      identity: IDENTITY,
    })
    await reborn.fetch(REPO, next)
    expect(await refs(world.mirror)).toEqual([`refs/mirror/default ${next}`])
  })

  test('a commit that the remote does not have, and a remote that is not there, are not found', async () => {
    const world = await gitWorld()
    await expect(world.git.fetch(REPO, NOWHERE)).rejects.toMatchObject({
      kind: 'not-found',
      applied: 'no',
    })
    await rm(world.remote, { recursive: true })
    await expect(world.git.fetch(REPO, NOWHERE)).rejects.toMatchObject({ kind: 'not-found' })
    await expect(world.git.remoteHead(REPO, 'main')).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('without git on the machine it says so', async () => {
    const world = await gitWorld()
    const blind = createGit({
      folder: world.data,
      remote: fileRemote(world.remote),
      clock,
      path: world.folder,
      identity: IDENTITY,
    })
    await expect(blind.fetch(REPO, world.base)).rejects.toMatchObject({
      kind: 'local',
      message: expect.stringContaining('git was not found'),
    })
  })

  test('old faults of form in the history do not keep a repository out', async () => {
    const world = await gitWorld()
    const tree = await git(world.person, 'rev-parse', 'HEAD^{tree}')
    const bad = `tree ${tree}\nauthor Ana <ana@example.com> 1700000000 +051800\ncommitter Ana <ana@example.com> 1700000000 +0000\n\nodd time zone\n`
    await writeFile(join(world.person, '..', 'bad'), bad)
    const odd = await git(
      world.person,
      'hash-object',
      '-t',
      'commit',
      '-w',
      '--literally',
      '../bad',
    )
    await git(world.person, 'push', '--quiet', 'origin', `${odd}:refs/heads/main`, '--force')
    await world.git.fetch(REPO, sha(odd))
    expect(await refs(world.mirror)).toEqual([`refs/mirror/default ${odd}`])
  })
})
