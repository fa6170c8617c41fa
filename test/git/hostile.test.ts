/** Nothing that an agent, a repository or the operator's own environment plants is run by trusted git, whichever call it is (T22). */
import { access, chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { instant } from '../../src/domain/ids.ts'
import type { Git } from '../../src/ports/git.ts'
import { commit, git, gitWorld, head, ids, PATH, REPO, TASK, type GitWorld } from './world.ts'
import { CONTENT, ENVIRONMENT, VECTORS, type Places } from './vectors.ts'

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
  const there = (): true => true
  return { fire, fired: async () => await access(sign).then(there, () => false) }
}

/** A pair as an agent leaves it, with a second branch to merge; copied for each vector, which costs no process. */
async function leftPair(world: GitWorld) {
  const pair = await world.pair()
  await git(pair.worktree, 'checkout', '--quiet', '-b', 'other')
  await commit(pair.worktree, { 'a.txt': 'other\n' })
  await git(pair.worktree, 'checkout', '--quiet', 'work')
  const made = await commit(pair.worktree, CONTENT)
  const file = await world.bundle(pair)
  await writeFile(join(pair.worktree, 'a.txt'), 'left\n')
  const copy = async (): Promise<Places> => {
    const folder = join(world.folder, `copy-${ids.unique()}`)
    const [repository, worktree] = [join(folder, 'repository'), join(folder, 'worktree')]
    await cp(pair.repository, repository, { recursive: true })
    await cp(pair.worktree, worktree, { recursive: true, preserveTimestamps: true })
    const own = join(repository, 'worktrees', 'worktree')
    await writeFile(join(worktree, '.git'), `gitdir: ${own}\n`)
    await writeFile(join(own, 'gitdir'), `${join(worktree, '.git')}\n`)
    return { repository, worktree }
  }
  return { made, file, copy }
}

/** Every call of the port, each at least once; so that a new one is not forgotten, the names are the port's own. */
function everyCall(
  world: GitWorld,
  { made, file, next }: Awaited<ReturnType<typeof leftPair>> & { readonly next: typeof made },
): Readonly<Record<keyof Git, () => Promise<unknown>>> {
  const { git: trusted, base } = world
  const range = { base, head: made }
  const at = instant(1_700_000_000_000)
  return {
    fetch: () => trusted.fetch(REPO, next),
    makePair: () => trusted.makePair(REPO.id, next, join(world.folder, ids.unique())),
    importBundle: () => trusted.importBundle(REPO.id, TASK, { file, ref: 'refs/heads/work', base }),
    restore: async () =>
      await trusted.restore(REPO, TASK, { ...range, bytes: await readFile(file) }),
    holds: () => trusted.holds(TASK, made),
    merge: () => trusted.merge(REPO, TASK, { head: next, onto: base, at, message: 'On' }),
    conflictMarkers: () => trusted.conflictMarkers(TASK, { head: made, paths: ['a.txt'] }),
    changes: () => trusted.changes(TASK, range),
    diff: () => trusted.diff(TASK, { ...range, paths: null, maxBytes: 10_000 }),
    outgoing: () => trusted.outgoing(TASK, { head: made, without: [base], maxBytes: 10_000 }),
    approved: () => trusted.approved(REPO, next),
    fileAt: () => trusted.fileAt(REPO, { commit: next, path: 'a.txt' }),
    push: () => trusted.push(REPO, TASK, { branch: 'yardmaster/1', head: made, expected: null }),
    remoteHead: () => trusted.remoteHead(REPO, 'yardmaster/1'),
  }
}
const CALLS = 14

/** A new commit of a person, with the same attributes: what trusted git itself fetches and checks out. */
async function pushNext(world: GitWorld) {
  const next = await commit(world.person, { ...CONTENT, 'next.txt': 'next\n' })
  await git(world.person, 'push', '--quiet', 'origin', 'main')
  return next
}

describe('what is planted beside the work', () => {
  test(`${VECTORS.length} vectors × ${CALLS} calls: 0 fired`, async () => {
    const world = await gitWorld({ 'a.txt': 'a\n' })
    const left = await leftPair(world)
    const watches = new Map<string, Canary>()
    for (const { name, plant } of VECTORS) {
      const watch = await canary(world)
      await plant(await left.copy(), watch.fire)
      watches.set(name, watch)
    }
    const calls = Object.entries(everyCall(world, { ...left, next: await pushNext(world) }))
    expect(calls).toHaveLength(CALLS)
    for (const [, call] of calls) await call()
    expect(await head(world.remote, 'yardmaster/1')).toBe(left.made)
    const fired = []
    for (const [name, watch] of watches) if (await watch.fired()) fired.push(name)
    expect(fired).toEqual([])
    expect(VECTORS.length).toBeGreaterThanOrEqual(40)
  }, 90_000)

  test('the vectors are real: a plain git in the same folders runs each that it is asked for', async () => {
    const world = await gitWorld({ 'a.txt': 'a\n' })
    const { copy } = await leftPair(world)
    const silent: string[] = []
    for (const { name, plant, real, input } of VECTORS) {
      if (real === null) continue
      const pair = await copy()
      const watch = await canary(world)
      await plant(pair, watch.fire)
      await plainly(pair.worktree, real, {}, input)
      if (!(await watch.fired())) silent.push(name)
    }
    expect(silent).toEqual([])
    expect(VECTORS.filter(({ real }) => real === null).length).toBeLessThanOrEqual(4)
  }, 90_000)
})

describe('what stands in the environment of whoever starts us', () => {
  test(`${ENVIRONMENT.length} vectors × ${CALLS} calls: 0 fired, and a plain git runs each`, async () => {
    const world = await gitWorld({ 'a.txt': 'a\n' })
    const left = await leftPair(world)
    const watch = await canary(world)
    const next = await pushNext(world)
    const all: Record<string, string> = {}
    const silent: string[] = []
    for (const [name, of] of ENVIRONMENT) {
      const plain = await canary(world)
      const home = await homeOf(world, plain)
      const { worktree } = await left.copy()
      for (const call of [
        ['diff'],
        ['commit', '--allow-empty'],
        ['status'],
        ['fetch', 'ssh://e/x'],
        ['fetch', 'https://127.0.0.1:1/x'],
      ])
        await plainly(worktree, call, of(plain.fire, home))
      await plainly(worktree, ['credential', 'fill'], of(plain.fire, home), ASKED)
      if (!(await plain.fired())) silent.push(name)
      Object.assign(all, of(watch.fire, await homeOf(world, watch)))
    }
    expect(silent).toEqual([])
    for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value)
    onTestFinished(() => void vi.unstubAllEnvs())
    for (const call of Object.values(everyCall(world, { ...left, next }))) await call()
    expect(await watch.fired()).toBe(false)
  }, 90_000)
})

const ASKED = 'protocol=https\nhost=evil.test\n\n'

/** A HOME whose settings fire, and in which programs of git's own names lie. */
async function homeOf(world: GitWorld, { fire }: Canary): Promise<string> {
  const home = join(world.folder, `home-${ids.unique()}`)
  await mkdir(home)
  const settings = `[core]\n\tfsmonitor = ${fire}\n`
  await writeFile(join(home, '.gitconfig'), settings)
  for (const name of ['git-remote-https', 'git-remote-ssh', 'git-index-pack', 'git-upload-pack']) {
    await writeFile(join(home, name), `#!/bin/sh\n${fire}\n`)
    await chmod(join(home, name), 0o755)
  }
  return home
}

/** A person's git, that obeys all that is there; how it ends says nothing. */
async function plainly(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): Promise<void> {
  await execa('git', args, {
    cwd,
    input,
    reject: false,
    extendEnv: false,
    timeout: 20_000,
    env: {
      PATH,
      HOME: cwd,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      GIT_AUTHOR_NAME: 'Ana',
      GIT_AUTHOR_EMAIL: 'ana@example.com',
      GIT_COMMITTER_NAME: 'Ana',
      GIT_COMMITTER_EMAIL: 'ana@example.com',
      ...env,
    },
  })
}

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
