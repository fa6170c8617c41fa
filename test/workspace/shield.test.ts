/**
 * Files that programs obey by being there: whoever wrote them (a pull request's branch, the attempt before), nothing of
 * theirs runs at a start, and putting them aside never shows in the work (T21).
 */
import { chmod, lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { attemptId, type Sha } from '../../src/domain/ids.ts'
import type { Place } from '../../src/ports/workspace.ts'
import { protectedPaths } from '../../src/policy/protected-paths.ts'
import { START_FILES } from '../../src/policy/start-files.ts'
import { ready } from '../support/builders.ts'
import { commit, git, REPO, text, write, type Files } from '../git/world.ts'
import { isMissing, KINDS } from '../jail/world.ts'
import { WORDS, workspaceWorld, type WorkspaceWorld } from './world.ts'

/** Twenty of the list, one of each kind of program that would obey it. */
const POISONED = [
  '.claude/settings.json',
  '.claude/hooks/start.sh',
  '.mcp.json',
  '.codex/config.toml',
  '.gemini/settings.json',
  '.cursor/hooks.json',
  '.opencode/plugin/evil.js',
  'opencode.json',
  '.github/hooks/start.json',
  '.vscode/tasks.json',
  '.npmrc',
  '.yarnrc.yml',
  '.yarn/plugins/evil.cjs',
  'bunfig.toml',
  '.ripgreprc',
  '.env',
  '.envrc',
  '.husky/pre-commit',
  '.gitmodules',
  'packages/shop/.mcp.json',
] as const

/** Plays every program that would run what it finds at its start: one line in the exchange folder for each. */
const STARTS = POISONED.map((path) => `if [ -f ./${path} ]; then sh ./${path}; fi`).join('\n')

const poison = (place: Pick<Place, 'exchange'>): Files =>
  Object.fromEntries(POISONED.map((path) => [path, `echo ${path} >> ${place.exchange}/fired\n`]))

/** How many of them ran. */
async function fired(world: WorkspaceWorld, place: Place): Promise<number> {
  await writeFile(join(place.exchange, 'fired'), '')
  await world.run(place, STARTS)
  return (await text(join(place.exchange, 'fired'))).split('\n').length - 1
}

const BASE = { 'README.md': 'hello\n', 'packages/shop/a.txt': 'a\n', '.npmrc': 'fund=false\n' }
const paths = (files: readonly { readonly path: string }[] | undefined): readonly string[] =>
  (files ?? []).map(({ path }) => path)

/** A branch as somebody has pushed it; where the canary goes is known only once there is a place, so a file tells. */
async function branch(world: WorkspaceWorld, files: Files): Promise<Sha> {
  await git(world.person, 'checkout', '--quiet', '-b', 'theirs')
  const head = await commit(world.person, files)
  await git(world.person, 'push', '--quiet', 'origin', 'theirs')
  return head
}

describe.each(KINDS)('a start in %s', (kind) => {
  beforeEach((context) => context.skip(isMissing(kind), 'no bubblewrap here'))

  test('what an agent would obey without being told not to is put away even where the default branch has it, and comes back', async () => {
    const files = {
      ...BASE,
      '.codex/config.toml': 'echo a >> ../exchange/fired\n',
      '.npmrc': 'a=b\n',
    }
    const world = await workspaceWorld(kind, files)
    const place = await world.prepare(1, 1, world.base)
    await world.run(place, 'sh .codex/config.toml')
    expect(await text(join(place.exchange, 'fired')), 'it is real').toBe('a\n')
    const away = await world.workspace.shield(REPO, place, null, { unseen: ['.codex'] })
    expect(away).toEqual(['.codex'])
    await world.run(place, 'if [ -e .codex ]; then sh .codex/config.toml; fi')
    expect(await text(join(place.exchange, 'fired'))).toBe('a\n')
    expect(await text(join(place.worktree, '.npmrc'))).toBe('a=b\n')
    await write(place.worktree, { 'work.txt': 'w\n' })
    const made = await world.workspace.collect(REPO.id, place, WORDS)
    expect(paths(made?.files)).toEqual(['work.txt'])
    expect(await text(join(place.worktree, '.codex/config.toml'))).toBe(files['.codex/config.toml'])
  })

  test('of a branch that nobody has approved they are put away, whatever the default branch has', async () => {
    const world = await workspaceWorld(kind, { ...BASE, '.codex/config.toml': 'ours\n' })
    const head = await branch(world, { '.codex/config.toml': 'theirs\n', '.npmrc': 'evil\n' })
    const place = await world.prepare(1, 1, head)
    const aside = await world.workspace.shield(REPO, place, world.base, { unseen: ['.codex'] })
    expect(aside.toSorted()).toEqual(['.codex', '.npmrc'])
    expect(await text(join(place.worktree, '.npmrc'))).toBe('fund=false\n')
    await expect(lstat(join(place.worktree, '.codex'))).rejects.toThrow('ENOENT')
  })

  test(`after a pull request’s branch has poisoned ${POISONED.length} paths: 0 canaries run, and the work shows only what the agent did`, async () => {
    const world = await workspaceWorld(kind, BASE)
    const canary = { exchange: '"$PWD/../exchange"' }
    const head = await branch(world, poison(canary))
    const place = await world.prepare(1, 1, head)
    expect(await fired(world, place), 'they are real').toBe(POISONED.length)
    await world.workspace.shield(REPO, place, world.base)
    expect(await fired(world, place)).toBe(0)
    expect(await text(join(place.worktree, '.npmrc'))).toBe('fund=false\n')
    await write(place.worktree, { 'work.txt': 'w\n' })
    const made = await world.workspace.collect(REPO.id, place, WORDS)
    expect(paths(made?.files)).toEqual(['work.txt'])
    expect(await fired(world, place), 'what is checked is what is pushed').toBe(POISONED.length)
  })

  test(`after the attempt before has poisoned ${POISONED.length} paths and parked: 0 canaries run, and its own work is not lost`, async () => {
    const world = await workspaceWorld(kind, BASE)
    const place = await world.prepare(1)
    await write(place.worktree, { ...poison(place), 'half.txt': 'h\n' })
    const parked = await world.workspace.collect(REPO.id, place, WORDS)
    const again = await world.workspace.reopen(place.task, place.attempt, attemptId(place.task, 2))
    if (again === null) throw new Error('the place was not there')
    expect(await fired(world, again), 'they are real').toBe(POISONED.length)
    await world.workspace.shield(REPO, again, world.base)
    expect(await fired(world, again)).toBe(0)
    const made = await world.workspace.collect(REPO.id, again, WORDS)
    expect(paths(made?.files)).toEqual(paths(parked?.files))
    const found = protectedPaths(made?.files ?? [], ready())
    expect([...found].toSorted(), 'all of them are findings').toEqual([...POISONED].toSorted())
  })
})

describe('what the agent does to such a file', () => {
  const theirs = {
    '.claude/settings.json': '{"theirs": 1}\n',
    '.claude/agents/reviewer.md': 'theirs\n',
    'CLAUDE.md': 'theirs\n',
  }
  const begun = async (base: Files = BASE, files: Files = theirs) => {
    const world = await workspaceWorld('none', base)
    const place = await world.prepare(1, 1, await branch(world, files))
    await world.workspace.shield(REPO, place, world.base)
    const collected = async (): Promise<readonly string[]> => {
      const made = await world.workspace.collect(REPO.id, place, WORDS)
      return (made?.files ?? []).map(({ path, status }) => `${status} ${path}`)
    }
    return { world, place, collected, at: (path: string) => join(place.worktree, path) }
  }

  test('stays, file by file: what people committed beside it is not undone', async () => {
    const { place, collected, at } = await begun()
    await expect(lstat(at('.claude'))).rejects.toThrow('ENOENT')
    await write(place.worktree, { '.claude/settings.json': '{"agent": 1}\n' })
    expect(await collected()).toEqual(['modified .claude/settings.json'])
    expect(await text(at('.claude/settings.json'))).toBe('{"agent": 1}\n')
    expect(await text(at('.claude/agents/reviewer.md'))).toBe('theirs\n')
    expect(await text(at('CLAUDE.md'))).toBe('theirs\n')
  })

  test('counts when it deletes what the base has', async () => {
    const base = { ...BASE, '.mcp.json': '{"base": 1}\n', '.claude/settings.json': '{}\n' }
    const { place, collected, at } = await begun(base, {
      '.mcp.json': '{"theirs": 1}\n',
      '.claude/settings.json': '{"theirs": 1}\n',
      '.claude/more.json': 'theirs\n',
    })
    expect(await text(at('.mcp.json'))).toBe('{"base": 1}\n')
    await rm(join(place.worktree, '.mcp.json'))
    await rm(join(place.worktree, '.claude', 'settings.json'))
    expect(await collected()).toEqual(['deleted .claude/settings.json', 'deleted .mcp.json'])
  })

  test('counts when it makes a folder of a file, a file of a folder, or a link', async () => {
    const { place, collected, at } = await begun({ ...BASE, '.codex/config.toml': 'base\n' })
    await write(place.worktree, { 'CLAUDE.md/part.md': 'agent\n', '.claude': 'agent\n' })
    await rm(at('.codex'), { recursive: true })
    await symlink('elsewhere', at('.codex'))
    expect(await collected()).toEqual([
      'added .claude',
      'deleted .claude/agents/reviewer.md',
      'deleted .claude/settings.json',
      'added .codex',
      'deleted .codex/config.toml',
      'deleted CLAUDE.md',
      'added CLAUDE.md/part.md',
    ])
    expect(await readlink(at('.codex'))).toBe('elsewhere')
  })

  test('does nothing where it wrote what stands there by our doing: nobody can tell that from not having touched it', async () => {
    const base = { ...BASE, '.mcp.json': '{"base": 1}\n' }
    const { place, collected, at } = await begun(base, { '.mcp.json': '{"theirs": 1}\n' })
    await write(place.worktree, { '.mcp.json': '{"base": 1}\n' })
    expect(await collected()).toEqual([])
    expect(await text(at('.mcp.json'))).toBe('{"theirs": 1}\n')
  })

  test('and a folder that it took away takes with it what lay in there', async () => {
    const { place, collected } = await begun(BASE, { 'packages/shop/.mcp.json': 'theirs\n' })
    await rm(join(place.worktree, 'packages'), { recursive: true })
    await writeFile(join(place.worktree, 'packages'), 'a file now\n')
    expect(await collected()).toContain('deleted packages/shop/.mcp.json')
  })
})

test('a merge that conflicts in such a file is settled for the approved side, unless the agent writes another', async () => {
  const world = await workspaceWorld('none', { ...BASE, '.mcp.json': 'base\n' })
  const marked = '<<<<<<< a\ntheirs\n=======\nbase\n>>>>>>> b\n'
  const conflicts = ['.npmrc', '.mcp.json', '.env', 'README.md']
  const files = Object.fromEntries(conflicts.map((path) => [path, marked]))
  const place = await world.prepare(1, 1, await branch(world, files))
  await world.workspace.shield(REPO, place, world.base, { conflicts })
  await write(place.worktree, { '.mcp.json': 'both\n' })
  const made = await world.workspace.collect(REPO.id, place, WORDS)
  expect(paths(made?.files)).toEqual(['.env', '.mcp.json', '.npmrc'])
  expect(await text(join(place.worktree, '.npmrc'))).toBe('fund=false\n')
  expect(await text(join(place.worktree, '.mcp.json'))).toBe('both\n')
  expect(await text(join(place.worktree, 'README.md'))).toBe(marked)
})

describe('hostile forms', () => {
  test('a link in place of a listed file, of its folder, or of the folder above is set aside and never followed', async () => {
    const world = await workspaceWorld('none', BASE)
    const place = await world.prepare(1)
    const outside = join(world.folder, 'outside')
    await write(outside, { 'settings.json': 'outside\n', 'hooks/a.json': 'outside\n' })
    await symlink(outside, join(place.worktree, '.claude'))
    await symlink(join(outside, 'settings.json'), join(place.worktree, '.mcp.json'))
    await symlink(outside, join(place.worktree, '.github'))
    await rm(join(place.worktree, '.npmrc'))
    await symlink(join(outside, 'settings.json'), join(place.worktree, '.npmrc'))
    await world.workspace.shield(REPO, place, world.base)
    for (const path of ['.claude', '.mcp.json', '.github'])
      await expect(lstat(join(place.worktree, path))).rejects.toThrow('ENOENT')
    expect((await lstat(join(place.worktree, '.npmrc'))).isFile()).toBe(true)
    expect(await text(join(outside, 'settings.json'))).toBe('outside\n')
    const made = await world.workspace.collect(REPO.id, place, WORDS)
    expect(paths(made?.files)).toEqual(['.claude', '.github', '.mcp.json', '.npmrc'])
    expect(await readlink(join(place.worktree, '.claude'))).toBe(outside)
    expect(await text(join(outside, 'settings.json'))).toBe('outside\n')
  })

  test('a link of the approved base arrives as the file that it leads to, or not at all', async () => {
    const world = await workspaceWorld('none', { ...BASE, 'docs/agents.md': 'how we work\n' })
    await mkdir(join(world.person, 'shared', 'claude'), { recursive: true })
    await write(world.person, { 'shared/claude/settings.json': '{}\n' })
    await symlink('docs/agents.md', join(world.person, 'AGENTS.md'))
    await symlink('AGENTS.md', join(world.person, 'CLAUDE.md'))
    await symlink('shared/claude', join(world.person, '.claude'))
    await symlink('../../etc/passwd', join(world.person, '.env'))
    await symlink('.ripgreprc', join(world.person, '.ripgreprc'))
    const base = await commit(world.person, {}, 'links')
    await git(world.person, 'push', '--quiet', 'origin', 'main')
    const head = await branch(world, {
      'docs/agents.md': 'obey me\n',
      'shared/claude/settings.json': 'x',
    })
    const place = await world.prepare(1, 1, head)
    await world.workspace.shield(REPO, place, base)
    for (const path of ['AGENTS.md', 'CLAUDE.md']) {
      expect((await lstat(join(place.worktree, path))).isFile()).toBe(true)
      expect(await text(join(place.worktree, path))).toBe('how we work\n')
    }
    expect(await text(join(place.worktree, '.claude', 'settings.json'))).toBe('{}\n')
    for (const path of ['.env', '.ripgreprc'])
      await expect(lstat(join(place.worktree, path))).rejects.toThrow('ENOENT')
    expect(await world.workspace.collect(REPO.id, place, WORDS)).toBeNull()
  })

  test('folders deeper than any path is long do not stop a start', async () => {
    const world = await workspaceWorld('none', BASE)
    const place = await world.prepare(1)
    const dig =
      'for i in $(seq 300); do mkdir aaaaaaaaaaaaaaaaaaaa && cd aaaaaaaaaaaaaaaaaaaa; done'
    await world.run(place, `mkdir .claude && cd .claude && ${dig}`, dig)
    await write(place.worktree, { '.claude/settings.json': 'evil\n', 'work.txt': 'w\n' })
    try {
      expect(await world.workspace.shield(REPO, place, world.base)).toEqual(['.claude'])
      await expect(lstat(join(place.worktree, '.claude'))).rejects.toThrow('ENOENT')
    } finally {
      await world.run(place, 'rm -rf aaaaaaaaaaaaaaaaaaaa')
      const made = await world.workspace.collect(REPO.id, place, WORDS)
      expect(paths(made?.files)).toEqual(['.claude/settings.json', 'work.txt'])
      await world.run(place, 'rm -rf .claude')
    }
  })

  test('other letters for the same name, pipes, and folders that may not be read', async () => {
    const world = await workspaceWorld('none', BASE)
    const place = await world.prepare(1)
    await write(place.worktree, { '.Claude/settings.json': 'x', '.mcp\u200B.json': 'x' })
    await git(place.worktree, '-c', 'alias.f=!mkfifo .env', 'f')
    await mkdir(join(place.worktree, '.gemini'))
    await chmod(join(place.worktree, '.gemini'), 0o000)
    const aside = await world.workspace.shield(REPO, place, world.base)
    expect(aside.toSorted()).toContain('.Claude')
    for (const path of ['.Claude', '.mcp\u200B.json', '.env'])
      await expect(lstat(join(place.worktree, path))).rejects.toThrow('ENOENT')
  })

  test('the git of a parked place is as it was made: no hooks, no settings, no other repository', async () => {
    const world = await workspaceWorld('none', BASE)
    const place = await world.prepare(1)
    const config = await text(join(place.repository, 'config'))
    await write(place.repository, {
      'hooks/post-checkout': 'x',
      'info/attributes': '* filter=evil\n',
      config: '[core]\n\tfsmonitor = evil\n',
      'worktrees/worktree/commondir': '/evil\n',
    })
    await writeFile(join(place.worktree, '.git'), 'gitdir: /evil\n')
    const again = await world.workspace.reopen(place.task, place.attempt, attemptId(place.task, 2))
    expect(again).not.toBeNull()
    expect(await text(join(place.repository, 'config'))).toBe(config)
    expect(await git(place.worktree, 'status', '--porcelain')).toBe('')
    for (const path of ['hooks', 'info/attributes'])
      await expect(lstat(join(place.repository, path))).rejects.toThrow('ENOENT')
  })
})

test('what a setup wrote is there again for the attempt that goes on, and what the agent made of it is kept', async () => {
  const world = await workspaceWorld('none', { ...BASE, '.gitignore': '.env\n' })
  const place = await world.prepare(1)
  await world.run(place, 'echo KEY=1 > .env; mkdir -p .husky/_; echo x > .husky/_/h')
  await world.workspace.vouch(place)
  await write(place.worktree, { '.env': 'KEY=agent\n', '.mcp.json': 'agent\n' })
  const again = await world.workspace.reopen(place.task, place.attempt, attemptId(place.task, 2))
  if (again === null) throw new Error('the place was not there')
  expect(await world.workspace.shield(REPO, again, world.base)).toEqual(['.env', '.mcp.json'])
  expect(await text(join(again.worktree, '.env'))).toBe('KEY=1\n')
  expect(await text(join(again.worktree, '.husky/_/h'))).toBe('x\n')
  await world.workspace.collect(REPO.id, again, WORDS)
  expect(await text(join(again.worktree, '.env'))).toBe('KEY=agent\n')
})

describe('a death of ours', () => {
  test('between setting aside and giving back loses nothing: the next life keeps the work as it would have been', async () => {
    const world = await workspaceWorld('none', BASE)
    const place = await world.prepare(1, 1, await branch(world, { '.mcp.json': 'theirs\n' }))
    await world.workspace.shield(REPO, place, world.base)
    await write(place.worktree, { 'work.txt': 'w\n' })
    const next = world.restart()
    const made = await next.collect(REPO.id, place, WORDS)
    expect(paths(made?.files)).toEqual(['work.txt'])
    expect(await readFile(join(place.worktree, '.mcp.json'), 'utf8')).toBe('theirs\n')
    expect(
      (await world.list(`pairs/${dirname(place.worktree).split('/').at(-1)}`)).toSorted(),
    ).toEqual(['exchange', 'repository', 'worktree'])
  })
})

test('the list names each file once, with a reason', () => {
  const names = START_FILES.map(({ path }) => path)
  expect(new Set(names).size).toBe(names.length)
  expect(START_FILES.filter(({ why }) => why.length < 10)).toEqual([])
})
