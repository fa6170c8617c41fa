import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Sha } from '../../src/domain/ids.ts'
import type { PushOutcome } from '../../src/ports/git.ts'
import {
  commit,
  git,
  gitWorld,
  head,
  refs,
  REPO,
  TASK,
  type Files,
  type GitWorld,
} from './world.ts'

const BRANCH = 'yardmaster/12'

async function work(
  world: GitWorld,
  files: Files = { 'a.txt': 'a\n' },
  base = world.base,
): Promise<Sha> {
  const pair = await world.pair(base)
  const made = await commit(pair.worktree, files)
  await world.git.importBundle(REPO.id, TASK, {
    file: await world.bundle(pair),
    ref: 'refs/heads/work',
    base,
  })
  return made
}

const push = async (world: GitWorld, made: Sha, expected: Sha | null): Promise<PushOutcome> =>
  await world.git.push(REPO, TASK, { branch: BRANCH, head: made, expected })

/** What a person does: fetch the branch, add a commit, push it. */
async function personPushes(world: GitWorld, files: Files): Promise<Sha> {
  await git(world.person, 'fetch', '--quiet', 'origin', BRANCH)
  await git(world.person, 'checkout', '--quiet', '--detach', 'FETCH_HEAD')
  const made = await commit(world.person, files, 'by a person')
  await git(world.person, 'push', '--quiet', 'origin', `HEAD:refs/heads/${BRANCH}`)
  return made
}

async function hook(world: GitWorld, script: string): Promise<void> {
  const file = join(world.remote, 'hooks', 'pre-receive')
  await mkdir(join(world.remote, 'hooks'), { recursive: true })
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
}

describe('a push', () => {
  test('makes the branch, once; again it is there already', async () => {
    const world = await gitWorld()
    const made = await work(world)
    expect(await push(world, made, null)).toEqual({ kind: 'pushed' })
    expect(await push(world, made, null)).toEqual({ kind: 'already-there' })
    expect(await world.git.remoteHead(REPO, BRANCH)).toBe(made)
    expect(await refs(world.remote)).toEqual([
      `refs/heads/main ${world.base}`,
      `refs/heads/${BRANCH} ${made}`,
    ])
  })

  test('replaces our own earlier work when the branch still holds it', async () => {
    const world = await gitWorld()
    const first = await work(world)
    await push(world, first, null)
    const second = await work(world, { 'b.txt': 'b\n' })
    expect(await push(world, second, first)).toEqual({ kind: 'pushed' })
  })

  test('never overwrites a commit that a person put on the branch', async () => {
    const world = await gitWorld()
    const first = await work(world)
    await push(world, first, null)
    const second = await work(world, { 'b.txt': 'b\n' })
    const theirs = await personPushes(world, { 'p.txt': 'p\n' })
    expect(await push(world, second, first)).toEqual({ kind: 'moved', found: theirs })
    expect(await push(world, second, null)).toEqual({ kind: 'moved', found: theirs })
    expect(await head(world.remote, BRANCH)).toBe(theirs)
  })

  test('says when the branch was deleted meanwhile, and does not bring it back', async () => {
    const world = await gitWorld()
    const first = await work(world)
    await push(world, first, null)
    await git(world.remote, 'update-ref', '-d', `refs/heads/${BRANCH}`)
    const second = await work(world, { 'b.txt': 'b\n' })
    expect(await push(world, second, first)).toEqual({ kind: 'moved', found: null })
    expect(await world.git.remoteHead(REPO, BRANCH)).toBeNull()
  })

  test('in ten races with a person, whoever comes second does not overwrite the first', async () => {
    const world = await gitWorld()
    let ours = await work(world)
    await push(world, ours, null)
    for (let round = 0; round < 10; round += 1) {
      const next = await work(world, { [`${round}.txt`]: 'ours\n' }, ours)
      const theirs = git(world.person, 'fetch', '--quiet', 'origin', BRANCH).then(async () => {
        await git(world.person, 'checkout', '--quiet', '--detach', ours)
        const made = await commit(world.person, { [`p${round}.txt`]: 'theirs\n' })
        const won = await git(
          world.person,
          'push',
          '--quiet',
          'origin',
          `HEAD:refs/heads/${BRANCH}`,
        ).then(
          () => true,
          () => false,
        )
        return { made, won }
      })
      const [outcome, person] = await Promise.all([push(world, next, ours), theirs])
      const found = await head(world.remote, BRANCH)
      const [winner, result] = person.won
        ? [person.made, { kind: 'moved', found }]
        : [next, { kind: 'pushed' }]
      expect(found).toBe(winner)
      expect(outcome).toEqual(result)
      ours = found
      await world.git.fetch(REPO, ours)
    }
  })

  test.each([
    [
      'a protected branch',
      'echo "error: GH006: Protected branch update failed for refs/heads/x." >&2',
      'GH006',
    ],
    ['a secret', 'echo "error: GH013: Repository rule violations found" >&2', 'GH013'],
    [
      'a large file',
      'echo "error: GH001: Large files detected. File a is 123.00 MB; this exceeds the file size limit of 100.00 MB" >&2',
      'GH001',
    ],
    [
      'a workflow',
      'echo "refusing to allow a GitHub App to create or update workflow .github/workflows/x.yml without workflows permission" >&2',
      'without workflows permission. Yardmaster does not ask for that permission',
    ],
    ['nothing that it would say', 'true', 'pre-receive hook declined'],
  ])('refused for %s comes back with the words of the remote', async (_, script, words) => {
    const world = await gitWorld()
    const made = await work(world)
    await hook(world, `${script}; exit 1`)
    const outcome = await push(world, made, null)
    expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining(words) })
    expect(await world.git.remoteHead(REPO, BRANCH)).toBeNull()
  })

  test('shows the words of a hostile remote without its control characters, and not without end', async () => {
    const world = await gitWorld()
    const made = await work(world)
    await hook(
      world,
      String.raw`printf 'no\033[31m red\033]0;title\007 \342\200\256txt\n' >&2; yes loud | head -n 5000 | cat -n >&2; exit 1`,
    )
    const outcome = await push(world, made, null)
    const reason = outcome.kind === 'refused' ? outcome.reason : ''
    expect(reason).toMatch(/^no red txt\n/)
    expect(reason.length).toBeLessThanOrEqual(1000)
  })

  test('a branch name that another branch stands in the way of is refused, not retried', async () => {
    const world = await gitWorld()
    const made = await work(world)
    await git(world.person, 'push', '--quiet', 'origin', 'main:refs/heads/yardmaster')
    expect(await push(world, made, null)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining("'refs/heads/yardmaster' exists"),
    })
  })

  test('a lock on the remote passes: the same push may be tried again', async () => {
    const world = await gitWorld()
    const made = await work(world)
    await mkdir(join(world.remote, 'refs', 'heads', 'yardmaster'), { recursive: true })
    const lock = join(world.remote, 'refs', 'heads', 'yardmaster', '12.lock')
    await writeFile(lock, '')
    await expect(push(world, made, null)).rejects.toMatchObject({
      kind: 'transient',
      applied: 'no',
    })
    await rm(lock)
    expect(await push(world, made, null)).toEqual({ kind: 'pushed' })
  })

  test('what was never imported is not pushed, and nobody is asked', async () => {
    const world = await gitWorld()
    const made = await work(world)
    await rm(world.outbox, { recursive: true })
    await expect(push(world, made, null)).rejects.toMatchObject({ kind: 'local', applied: 'no' })
    await work(world, { 'b.txt': 'b\n' })
    await expect(push(world, made, null)).rejects.toMatchObject({
      kind: 'local',
      message: expect.stringContaining('not there any more'),
    })
  })

  test('a remote that has gone is a fault of the world, not a refusal', async () => {
    const world = await gitWorld()
    const made = await work(world)
    await rm(world.remote, { recursive: true })
    await expect(push(world, made, null)).rejects.toMatchObject({
      kind: 'not-found',
      applied: 'no',
    })
  })
})
