/** builtin:patch as a table: an issue's words and a worktree in, changed files and a summary out. */
import { chmod, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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

interface Case {
  readonly name: string
  readonly before?: Files
  readonly issue: string
  readonly after: Files
  readonly summary: RegExp
}

const applied: readonly Case[] = [
  {
    name: 'a change in the middle of a file',
    before: { 'f.txt': abc },
    issue: `Please:\n\n${fence('diff', bToX)}`,
    after: { 'f.txt': 'a\nx\nc\n' },
    summary: /^Applied the changes written in the issue to 1 file:\n\n- `f\.txt`: \+1 −1$/,
  },
  {
    name: 'several files in one diff, with git headers: changed, created, deleted, moved',
    before: { 'f.txt': abc, 'old.txt': 'bye\n', 'from.txt': 'one\ntwo\n' },
    issue: fence(
      'diff',
      [
        'diff --git a/f.txt b/f.txt\nindex 1..2 100644',
        bToX,
        'diff --git a/new/n.sh b/new/n.sh\nnew file mode 100755\nindex 0..1\n--- /dev/null\n+++ b/new/n.sh\n@@ -0,0 +1,2 @@\n+#!/bin/sh\n+true',
        'diff --git a/old.txt b/old.txt\ndeleted file mode 100644\n--- a/old.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-bye',
        'diff --git a/from.txt b/to.txt\nsimilarity index 50%\nrename from from.txt\nrename to to.txt\n--- a/from.txt\n+++ b/to.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2',
      ].join('\n'),
    ),
    after: { 'f.txt': 'a\nx\nc\n', 'new/n.sh': '#!/bin/sh\ntrue\n', 'to.txt': 'one\n2\n' },
    summary: /`new\/n\.sh`: created, 2 lines\n- `old\.txt`: deleted\n- `to\.txt`: from `from\.txt`/,
  },
  {
    name: 'two blocks about two files',
    before: { 'f.txt': abc },
    issue: `${fence('diff', bToX)}\n${fence('js path=src/g.js', 'export {}')}`,
    after: { 'f.txt': 'a\nx\nc\n', 'src/g.js': 'export {}\n' },
    summary: /to 2 files/,
  },
  {
    name: 'a whole file in place of an old one',
    before: { 'src/g.js': 'old\n' },
    issue: fence('src/g.js', 'new'),
    after: { 'src/g.js': 'new\n' },
    summary: /`src\/g\.js`: replaced, 1 line/,
  },
  {
    name: 'the same block said twice',
    before: { 'f.txt': abc },
    issue: fence('diff', bToX) + fence('diff', bToX),
    after: { 'f.txt': 'a\nx\nc\n' },
    summary: /to 1 file/,
  },
  {
    name: 'a hunk whose lines have moved down',
    before: { 'f.txt': `1\n2\n3\n4\n${abc}` },
    issue: fence('diff', bToX),
    after: { 'f.txt': '1\n2\n3\n4\na\nx\nc\n' },
    summary: /to 1 file/,
  },
  {
    name: 'a diff without prefixes, in a folder that is called a',
    before: { 'a/f.txt': abc },
    issue: fence('diff', bToX.replaceAll('b/f.txt', 'a/f.txt')),
    after: { 'a/f.txt': 'a\nx\nc\n' },
    summary: /`a\/f\.txt`/,
  },
  {
    name: 'bare hunks in a fence that names the file',
    before: { 'f.txt': abc },
    issue: fence('diff path=f.txt', bToX.slice(bToX.indexOf('@@'))),
    after: { 'f.txt': 'a\nx\nc\n' },
    summary: /to 1 file/,
  },
  {
    name: 'an issue typed on Windows, and a file with its line breaks',
    before: { 'f.txt': 'a\r\nb\r\nc\r\n', 'g/h.txt': 'p\r\nq\r\n' },
    issue: (fence('diff', bToX) + fence('g/h.txt', 'r\ns')).replaceAll('\n', '\r\n'),
    after: { 'f.txt': 'a\r\nx\r\nc\r\n', 'g/h.txt': 'r\r\ns\r\n' },
    summary: /to 2 files/,
  },
  {
    name: 'a file without a last line break, which gets one',
    before: { 'f.txt': 'a\nb' },
    issue: fence(
      'diff',
      '--- a/f.txt\n+++ b/f.txt\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b',
    ),
    after: { 'f.txt': 'a\nb\n' },
    summary: /to 1 file/,
  },
  {
    name: 'only what stands in the issue, not what the prompt says around it',
    before: { 'f.txt': abc },
    issue: `${fence('./role.txt', 'no')}\n<issue>\n${fence('diff', bToX)}\n</issue>\n${fence('./format.txt', 'no')}`,
    after: { 'f.txt': 'a\nx\nc\n' },
    summary: /to 1 file/,
  },
]

describe('builtin:patch applies', () => {
  for (const { name, before = {}, issue, after, summary } of applied)
    it(`${name}`, async () => {
      await world.given(before)

      const end = await world.apply(issue)

      expect(words(end)).toMatch(summary)
      expect(end.kind).toBe('done')
      expect(await world.found()).toEqual(after)
    })

  it('a mode as the diff gives it, and keeps a mode that it does not name', async () => {
    await world.given({ 'run.sh': abc, 'f.txt': abc })
    await chmod(join(world.worktree, 'f.txt'), 0o755)
    const mode =
      'diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\ndiff --git a/f.txt b/f.txt'
    const end = await world.apply(fence('diff', `${mode}\n${bToX}`))
    expect(end.kind).toBe('done')
    expect((await stat(join(world.worktree, 'run.sh'))).mode & 0o777).toBe(0o755)
    expect((await stat(join(world.worktree, 'f.txt'))).mode & 0o777).toBe(0o755)
  })

  it('step by step, so that people can follow', async () => {
    await world.given({ 'f.txt': abc })
    await world.apply(fence('diff', bToX) + fence('./g', 'x'))
    const shown = world.plans.map((plan) =>
      plan.map(({ text, status }) => `${status === 'completed' ? '✓' : '·'} ${text}`).join(', '),
    )
    expect(shown).toEqual([
      '· Read the issue',
      '✓ Read the issue, · Check 2 blocks against the files',
      '✓ Read the issue, ✓ Check 2 blocks against the files, · Write f.txt, · Write g',
      '✓ Read the issue, ✓ Check 2 blocks against the files, ✓ Write f.txt, · Write g',
      '✓ Read the issue, ✓ Check 2 blocks against the files, ✓ Write f.txt, ✓ Write g',
      '✓ Read the issue, ✓ Check 2 blocks against the files, ✓ Write f.txt, ✓ Write g',
    ])
  })
})
