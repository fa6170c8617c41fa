// Where lines go from one version of a file to the next, held to git's own differences.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hunkDownTo, movedLine, patchLines } from '../../src/emulator/git/diff-lines.ts'
import { folder, git } from './support/git.ts'

const OLD = Array.from({ length: 40 }, (_, at) => `line ${at + 1}`)

/** The hunks between the forty lines and another version of them. */
async function patchTo(lines: readonly string[]): Promise<string | null> {
  const dir = await folder()
  await git(dir, 'init', '-q')
  await writeFile(join(dir, 'a'), `${OLD.join('\n')}\n`)
  await git(dir, 'add', 'a')
  await writeFile(join(dir, 'a'), `${lines.join('\n')}\n`)
  const text = await git(dir, 'diff', 'a')
  return text === '' ? null : text.slice(text.search(/^@@/m))
}

test.each([
  ['nothing', OLD],
  ['lines before', ['x', 'y', ...OLD]],
  ['lines taken from the top', OLD.slice(3)],
  ['one changed', OLD.with(19, 'other')],
  [
    'two places, one longer and one shorter',
    [...OLD.slice(0, 5), 'x', ...OLD.slice(5, 30), ...OLD.slice(33)],
  ],
  ['the end cut off', OLD.slice(0, 30)],
  ['everything new', ['x']],
])('every line is found again after %s, or is told to be gone', async (_, lines) => {
  const patch = await patchTo(lines)
  for (const [at, text] of OLD.entries()) {
    const found = lines.indexOf(text)
    expect([text, movedLine(patch, at + 1)]).toEqual([text, found < 0 ? null : found + 1])
  }
})

test('positions count on through all hunks, and a hunk is shown down to its line', async () => {
  const lines = patchLines((await patchTo(OLD.with(2, 'three').with(34, 'thirty-five'))) ?? '')
  expect(lines.map(({ position }) => position)).toEqual(lines.map((_, at) => at))
  const late = lines.find(({ right, kind }) => kind === 'added' && right === 35)
  if (late === undefined) throw new Error('the line is not there')
  expect(hunkDownTo(lines, late).split('\n').slice(1)).toEqual([
    ' line 32',
    ' line 33',
    ' line 34',
    '-line 35',
    '+thirty-five',
  ])
})
