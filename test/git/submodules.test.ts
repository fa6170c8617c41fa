/**
 * Other repositories' code, as a hostile agent would bring it in (T23): either the import refuses it, or it stays a line
 * of text that nobody follows and a finding that a person must approve.
 */
import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { protectedPaths } from '../../src/policy/protected-paths.ts'
import { WorldFault } from '../../src/ports/fault.ts'
import { ready } from '../support/builders.ts'
import { feedGit, git, gitWorld, head, ids, REPO, TASK } from './world.ts'

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

describe('a submodule', () => {
  test(`in ${FORMS.length} hostile forms: 0 followed, ${FORMS.filter(({ expected }) => expected === 'refused').length} refused, the others findings`, async () => {
    const world = await gitWorld()
    const pair = await world.pair()
    for (const { name, expected, text, mode = '100644', file = '.gitmodules', link } of FORMS) {
      const blob = await feedGit(pair.worktree, text, 'hash-object', '-w', '--stdin')
      const gitlink = link === undefined ? '' : `160000 commit ${world.base}\t${link}\0`
      const entries = `${mode} blob ${blob}\t${file}\0${gitlink}`
      const tree = await feedGit(pair.worktree, entries, 'mktree', '-z', '--missing')
      const made = await git(pair.worktree, 'commit-tree', tree, '-p', pair.base, '-m', 'x')
      await git(pair.worktree, 'update-ref', 'refs/heads/work', made)
      const bundle = { file: await world.bundle(pair), ref: 'refs/heads/work', base: world.base }
      const taken = await world.git
        .importBundle(REPO.id, TASK, bundle)
        .catch((error: unknown) => error)
      if (expected === 'refused') {
        expect(taken, name).toBeInstanceOf(WorldFault)
        expect(taken, name).toMatchObject({ kind: 'invalid' })
        continue
      }
      expect(taken, name).toMatchObject({ head: made })
      const files = await world.git.changes(TASK, {
        base: world.base,
        head: await head(pair.worktree, 'work'),
      })
      expect(protectedPaths(files, ready()).toSorted(), name).toEqual([file, link].toSorted())
      // As the next attempt would start from it, once it is at GitHub.
      await git(pair.worktree, 'push', '--quiet', '--force', world.remote, 'work:refs/heads/theirs')
      const at = await head(pair.worktree, 'work')
      await world.git.fetch(REPO, at)
      const folder = join(world.folder, ids.unique())
      const next = await world.git.makePair(REPO.id, at, folder)
      expect((await readdir(next.worktree)).toSorted(), name).toEqual(
        ['.git', file, link].toSorted(),
      )
      expect(await readdir(join(next.worktree, link ?? '')), name).toEqual([])
      await expect(access(join(next.worktree, 'fired')), name).rejects.toThrow('ENOENT')
    }
  }, 60_000)
})
