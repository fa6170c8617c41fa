/** In every codebase that we admire the file that rotted was the long one: no file of ours is. */
import { describe, expect, it } from 'vitest'
import { filesUnder, textOf } from './read-modules.ts'

const CEILING = 400
const MEDIAN = 100

/** Written by programs, or kept as they came. */
const WRITTEN_BY_HAND = (path: string): boolean =>
  !path.includes('/generated/') &&
  !path.startsWith('test/fixtures/') &&
  !path.startsWith('src/store/migrations/')

const sizes = ['src', 'test', 'bench', 'scripts'].flatMap((folder) =>
  filesUnder(folder, ['.ts', '.js', '.mjs', '.css', '.html', '.sql', '.graphql'])
    .filter(WRITTEN_BY_HAND)
    .map((path) => ({ path, lines: textOf(path).split('\n').length - 1 })),
)

describe('the size of files', () => {
  it(`is at most ${CEILING} lines`, () => {
    expect(sizes.length).toBeGreaterThan(100)
    expect(sizes.filter((file) => file.lines > CEILING)).toEqual([])
  })

  it(`is at most ${MEDIAN} lines in the middle of src`, () => {
    const lines = sizes
      .filter((file) => file.path.startsWith('src/'))
      .map((file) => file.lines)
      .toSorted((a, b) => a - b)
    expect(lines[Math.floor(lines.length / 2)]).toBeLessThanOrEqual(MEDIAN)
  })
})
