/**
 * Other repositories' code, as a hostile agent would bring it in (T23): either the import refuses it, or it stays a line
 * of text that nobody follows and a finding that a person must approve.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sha, type Sha } from '../../src/domain/ids.ts'
import { protectedPaths } from '../../src/policy/protected-paths.ts'
import { WorldFault } from '../../src/ports/fault.ts'
import type { Imported, Pair } from '../../src/ports/git.ts'
import { ready } from '../support/builders.ts'
import { feedGit, git, gitWorld, ids, REPO, TASK, type GitWorld } from './world.ts'

interface Form {
  readonly name: string
  readonly expected: 'refused' | 'inert'
  /** The text of `.gitmodules`, or where the link in its place leads. */
  readonly text: string
  readonly mode?: '120000'
  readonly file?: string
  /** Where the other repository would be. */
  readonly link?: string
}

const module = (name: string, path: string, url: string, more = ''): string =>
  `[submodule "${name}"]\n\tpath = ${path}\n\turl = ${url}\n${more}`
const FAR = 'https://evil.test/r'

const FORMS: readonly Form[] = [
  {
    name: 'a .gitmodules that is a link',
    expected: 'refused',
    text: '/etc/passwd',
    mode: '120000',
  },
  { name: 'a name that climbs out', expected: 'refused', text: module('../../x', 'sub', FAR) },
  {
    name: 'an address that is an option',
    expected: 'refused',
    text: module('x', 'sub', '--upload-pack=touch'),
  },
  {
    name: 'an address with a line break',
    expected: 'refused',
    text: module('x', 'sub', '"https://e.test/\\n"'),
  },
  {
    name: 'a command for updating',
    expected: 'refused',
    text: module('x', 'sub', FAR, '\tupdate = !touch x\n'),
  },
  { name: 'a path that is an option', expected: 'refused', text: module('x', '-sub', FAR) },
  {
    name: '.gitmodules by its other name',
    expected: 'refused',
    text: '/etc/passwd',
    mode: '120000',
    file: 'GITMOD~1',
  },
  {
    name: 'a path that ends in a carriage return',
    expected: 'inert',
    text: module('x', '"sub\r"', FAR),
    link: 'sub\r',
  },
  {
    name: 'a name inside another one’s folder',
    expected: 'inert',
    text: module('x', 'sub', FAR) + module('x/hooks', 'two', FAR),
    link: 'sub',
  },
  {
    name: 'a program for an address',
    expected: 'inert',
    text: module('x', 'sub', 'ext::sh -c "touch fired"'),
    link: 'sub',
  },
  {
    name: 'a place inside this repository’s own folder',
    expected: 'inert',
    text: module('x', 'a/../.git/hooks', './'),
    link: 'sub',
  },
]

const REFUSED = FORMS.filter(({ expected }) => expected === 'refused')
const INERT = FORMS.filter(({ expected }) => expected === 'inert')

/** A commit of raw objects, as no porcelain would make it, in the agent's repository. */
async function forge(world: GitWorld, pair: Pair, form: Form): Promise<Sha> {
  const { text, mode = '100644', file = '.gitmodules', link } = form
  const blob = await feedGit(pair.worktree, text, 'hash-object', '-w', '--stdin')
  const gitlink = link === undefined ? '' : `160000 commit ${world.base}\t${link}\0`
  const entries = `${mode} blob ${blob}\t${file}\0${gitlink}`
  const tree = await feedGit(pair.worktree, entries, 'mktree', '-z', '--missing')
  const made = await git(pair.worktree, 'commit-tree', tree, '-p', pair.base, '-m', 'x')
  await git(pair.worktree, 'update-ref', 'refs/heads/work', made)
  return sha(made)
}

const take = async (world: GitWorld, pair: Pair): Promise<Imported | null> =>
  await world.git.importBundle(REPO.id, TASK, {
    file: await world.bundle(pair),
    ref: 'refs/heads/work',
    base: world.base,
  })

const sorted = (names: readonly string[]): readonly string[] =>
  names.toSorted((a, b) => a.localeCompare(b))

describe(`a submodule, in ${FORMS.length} hostile forms: 0 followed`, () => {
  test(`${REFUSED.length} are refused`, async () => {
    const world = await gitWorld()
    const pair = await world.pair()
    const taken: string[] = []
    for (const form of REFUSED) {
      await forge(world, pair, form)
      const fault = await take(world, pair).catch((error: unknown) => error)
      if (!(fault instanceof WorldFault) || fault.kind !== 'invalid') taken.push(form.name)
    }
    expect(taken).toEqual([])
  }, 60_000)

  test(`${INERT.length} are text that nobody follows, and findings`, async () => {
    const world = await gitWorld()
    const pair = await world.pair()
    for (const form of INERT) {
      const made = await forge(world, pair, form)
      const names = ['.gitmodules', form.link ?? '']
      const files = (await take(world, pair))?.files ?? []
      expect(sorted(protectedPaths(files, ready()))).toEqual(sorted(names))
      // As the next attempt would start from it, once it is at GitHub.
      await git(pair.worktree, 'push', '--quiet', '--force', world.remote, 'work:refs/heads/theirs')
      await world.git.fetch(REPO, made)
      const next = await world.git.makePair(REPO.id, made, join(world.folder, ids.unique()))
      const there = await readdir(next.worktree)
      expect(sorted(there)).toEqual(sorted(['.git', ...names]))
      expect(await readdir(join(next.worktree, form.link ?? ''))).toEqual([])
    }
  }, 60_000)
})
