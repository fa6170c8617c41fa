/** What builtin:patch will not do: it says why, or asks, and the worktree stays as it was. */
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { work } from '../../src/agents/builtin/patch/work.ts'
import { writeChanges } from '../../src/agents/builtin/patch/write-changes.ts'
import {
  abc,
  bToX,
  createPatchWorld,
  fence,
  words,
  type Files,
  type PatchWorld,
} from './patch-world.ts'

let world: PatchWorld
beforeEach(async () => {
  world = await createPatchWorld()
})
afterEach(() => world.clear())

interface Refusal {
  readonly name: string
  readonly before?: Files
  readonly issue: string
  readonly kind: 'failed' | 'needs'
  readonly says: RegExp
}

const created = (path: string): string => `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+x`

const refusals: readonly Refusal[] = [
  {
    name: 'a hunk that does not fit, and says what it expected and what it found',
    before: { 'f.txt': 'a\nB\nc\n', 'g.txt': abc },
    issue: fence('diff', `${bToX.replaceAll('f.txt', 'g.txt')}\n${bToX}`),
    kind: 'failed',
    says: /^Nothing was changed.*\n- `f\.txt` in block 1 \(a diff\): hunk 1 of 1 \(@@ -1,3 \+1,3 @@\) does not fit\.\nExpected from line 1:\n {4}a\n {4}b\n {4}c\nFound there:\n {4}a\n {4}B\n {4}c$/,
  },
  {
    name: 'the second hunk, by its number',
    before: { 'f.txt': 'a\nb\nc\nd\ne\nf\n' },
    issue: fence('diff', `${bToX}\n@@ -5,2 +5,2 @@\n e\n-z\n+y`),
    kind: 'failed',
    says: /hunk 2 of 2 \(@@ -5,2 \+5,2 @@\) does not fit/,
  },
  {
    name: 'what was applied already',
    before: { 'f.txt': 'a\nx\nc\n' },
    issue: fence('diff', bToX),
    kind: 'failed',
    says: /looks as if the change were made already/,
  },
  {
    name: 'to do what is done already',
    before: { 'g/h.txt': 'same\n' },
    issue: fence('g/h.txt', 'same'),
    kind: 'failed',
    says: /^Every file is already as the issue wants it; nothing was changed\.$/,
  },
  {
    name: 'a hunk beyond the end of the file',
    before: { 'f.txt': '' },
    issue: fence('diff', bToX),
    kind: 'failed',
    says: /Found there:\n {4}\(the end of the file\)|Found there:\n {4}$/,
  },
  {
    name: 'a file that is not there',
    issue: fence('diff', bToX),
    kind: 'failed',
    says: /there is no file `f\.txt` to change/,
  },
  {
    name: 'to create what is there',
    before: { 'f.txt': abc },
    issue: fence('diff', created('f.txt')),
    kind: 'failed',
    says: /creates this file, but it is there already/,
  },
  {
    name: 'to delete only a part of a file',
    before: { 'f.txt': abc },
    issue: fence('diff', '--- a/f.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-a'),
    kind: 'failed',
    says: /not all of its lines/,
  },
  {
    name: 'a hunk whose header counts wrongly',
    before: { 'f.txt': abc },
    issue: fence('diff', bToX.replace('-1,3', '-1,4')),
    kind: 'failed',
    says: /Block 1 \(a diff\) is no readable diff: Hunk at line 3 .*counts its lines/,
  },
  {
    name: 'a diff that holds no change',
    issue: fence('diff', 'remove the b line'),
    kind: 'failed',
    says: /holds no change; a unified diff has lines such as/,
  },
  {
    name: 'hunks that name no file',
    issue: fence('diff', '@@ -1 +1 @@\n-a\n+b'),
    kind: 'failed',
    says: /names no file/,
  },
  {
    name: 'a binary change',
    issue: fence(
      'diff',
      'diff --git a/i.png b/i.png\nindex 1..2 100644\nBinary files a/i.png and b/i.png differ',
    ),
    kind: 'failed',
    says: /`i\.png` .* is a binary change/,
  },
  {
    name: "a binary change in git's own form",
    issue: fence('diff', 'diff --git a/i.png b/i.png\nGIT binary patch\nliteral 3\nKcmXX'),
    kind: 'failed',
    says: /holds a binary change/,
  },
  {
    name: 'a symbolic link made by a diff',
    issue: fence('diff', `diff --git a/l b/l\nnew file mode 120000\n${created('l')}`),
    kind: 'failed',
    says: /`l` .* is a symbolic link or a submodule/,
  },
  {
    name: 'a file that is no text',
    before: { 'f.txt': 'a\u0000b\nc\n' },
    issue: fence('diff', bToX),
    kind: 'failed',
    says: /no UTF-8 text/,
  },
  {
    name: 'no block at all',
    issue: 'Make it faster.',
    kind: 'needs',
    says: /^What shall be changed\? .*found none\. Write the change into the issue/,
  },
  {
    name: 'an empty body',
    issue: '<issue>\n# Title\n\n</issue>',
    kind: 'needs',
    says: /found none/,
  },
  {
    name: 'a diff in a fence that is not marked',
    issue: `# T\n\n${fence('', bToX)}`,
    kind: 'needs',
    says: /The fence that begins with `--- a\/f\.txt` looks like a diff, but is not marked `diff`/,
  },
  {
    name: 'two different blocks for the same file',
    before: { 'f.txt': abc },
    issue: fence('diff', bToX) + fence('text path=f.txt', 'whole'),
    kind: 'needs',
    says: /^Which is meant\? block 1 \(a diff\) and block 2 \(a whole file\) both change `f\.txt`/,
  },
  {
    name: 'one diff that says two things about a file',
    before: { 'f.txt': abc },
    issue: fence('diff', `${bToX}\n${bToX.replace('+x', '+y')}`),
    kind: 'needs',
    says: /block 1 .* says more than one thing about `f\.txt`/,
  },
  {
    name: 'a file that another block uses as a folder',
    issue: fence('./a', 'x') + fence('a/b', 'y'),
    kind: 'needs',
    says: /Which is meant\?/,
  },
  ...[
    '../out.txt',
    'a/../../out.txt',
    '/etc/out.txt',
    '~/out.txt',
    'C:/out.txt',
    '.git/hooks/pre-commit',
    'sub/.GIT/config',
    'a//b',
    'a\\b/c',
  ].flatMap((path): readonly Refusal[] => [
    {
      name: `the path ${path} of a whole file`,
      issue: fence(`text path="${path}"`, 'x'),
      kind: 'failed',
      says: /^Nothing was changed/,
    },
    {
      name: `the path ${path} in a diff`,
      issue: fence('diff', created(path)),
      kind: 'failed',
      says: /^Nothing was changed/,
    },
  ]),
]

describe('builtin:patch refuses, and leaves the worktree as it was,', () => {
  for (const { name, before = {}, issue, kind, says } of refusals)
    it(`${name}`, async () => {
      await world.given(before)

      const end = await world.apply(issue)

      expect(words(end)).toMatch(says)
      expect(end.kind).toBe(kind)
      expect(await world.found()).toEqual(before)
    })

  it('a path through a symbolic link, wherever it stands in it', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'yard-outside-'))
    await writeFile(join(outside, 'f.txt'), abc)
    await symlink(outside, join(world.worktree, 'linked'))
    await symlink(join(outside, 'f.txt'), join(world.worktree, 'f.txt'))

    const ends = [
      await world.apply(fence('linked/new.txt', 'x')),
      await world.apply(fence('diff', bToX)),
      await world.apply(fence('diff', bToX.replaceAll('/f.txt', '/linked/f.txt'))),
    ]

    expect(ends.map(words)).toEqual([
      expect.stringContaining('linked is a symbolic link'),
      expect.stringContaining('f.txt is a symbolic link'),
      expect.stringContaining('linked is a symbolic link'),
    ])
    expect(await readdir(outside)).toEqual(['f.txt'])
    expect(await readFile(join(outside, 'f.txt'), 'utf8')).toBe(abc)
    await rm(outside, { recursive: true })
  })

  it('work that is cancelled between two files, and takes back the first', async () => {
    await world.given({ 'f.txt': abc })
    const stop = new AbortController()
    const end = work({
      prompt: fence('diff', bToX) + fence('./g', 'x'),
      worktree: world.worktree,
      signal: stop.signal,
      onPlan: async (steps) => {
        if (steps.some(({ text, status }) => text === 'Write f.txt' && status === 'completed'))
          stop.abort(new Error('stopped by @ana'))
      },
    })
    await expect(end).rejects.toThrow('stopped by @ana')
    expect(await world.found()).toEqual({ 'f.txt': abc })
  })

  it('a hunk that would take billions of comparisons to find', async () => {
    const lines = 'same\n'.repeat(60_000)
    await world.given({ 'f.txt': lines })
    const hunk = `@@ -1,8001 +1,8001 @@\n${' same\n'.repeat(8_000)}-other\n+new`
    const end = await world.apply(fence('diff', `--- a/f.txt\n+++ b/f.txt\n${hunk}`))
    expect(words(end)).toContain('its hunks take too long to find in the file')
    expect(await world.found()).toEqual({ 'f.txt': lines })
  })

  it('what the disk refuses, and takes back what was written before', async () => {
    await world.given({ 'f.txt': abc, 'gone.txt': 'kept\n' })
    const change = { mode: 0o644, words: '' }
    const end = writeChanges(
      world.worktree,
      [
        { path: 'new/deep/g.txt', content: 'x', ...change },
        { path: 'gone.txt', content: null, ...change },
        { path: 'f.txt/impossible', content: 'x', ...change },
      ],
      async () => {},
    )
    await expect(end).rejects.toThrow(/ENOTDIR/)
    expect(await world.found()).toEqual({ 'f.txt': abc, 'gone.txt': 'kept\n' })
  })
})
