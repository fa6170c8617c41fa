/** Whom CODEOWNERS names, by the examples of GitHub's own page. */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { codeOwners } from '../../src/policy/code-owners.ts'

const FILE = `
# This is a comment.
*       @everyone
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/*  docs-owner @docs
apps/ @octo-cat
/docs/deep/ @deep
/scripts/ @doctocat @octo-cat
**/logs @logs
/apps/github
/apps/with\\ space @space
`

const people = (...paths: readonly string[]) => codeOwners(FILE, paths).people

describe('the last line that matches', () => {
  test.each([
    ['README.md', ['everyone']],
    ['src/deep/a.js', ['js-owner']],
    // Whose mail address it is only GitHub knows.
    ['main.go', []],
    ['build/logs/today/a.md', ['logs']],
    ['build/other/a.md', ['everyone']],
    ['docs/getting-started.md', ['docs']],
    ['docs/build-app/troubleshooting.md', ['everyone']],
    ['docs/deep/a/b.md', ['deep']],
    ['web/apps/x.md', ['octo-cat']],
    ['scripts/a.sh', ['doctocat', 'octo-cat']],
    ['deeply/nested/logs/x', ['logs']],
    // A line without owners takes them away.
    ['apps/github/x', []],
    ['apps/with space/x', ['space']],
    ['.hidden/file', ['everyone']],
    ['SRC/A.JS', ['everyone']],
  ])('of %s names %j', (path, owners) => {
    expect(people(path)).toEqual(owners)
  })

  it('of each file counts, and everybody is named once', () => {
    expect(people('a.js', 'b.js', 'README.md')).toEqual(['js-owner', 'everyone'])
  })

  it('names teams apart, which an App may not ask', () => {
    expect(codeOwners(FILE, ['a.txt'])).toEqual({ people: [], teams: ['octo-org/octocats'] })
  })

  it('is nobody without a file, and for lines that mean nothing', () => {
    expect(codeOwners('', ['a'])).toEqual({ people: [], teams: [] })
    expect(codeOwners('!a @b\n@c\n', ['a']).people).toEqual([])
  })

  it('is found for any text, and quickly', () => {
    const CHARACTERS = Array.from('*?/[]{}()!@a #\n\\.')
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...CHARACTERS) }), (text) => {
        const { people: found } = codeOwners(`${text}\n* @ana`, ['a/b.js'])
        expect(found).toEqual(['ana'])
      }),
    )
  })
})
