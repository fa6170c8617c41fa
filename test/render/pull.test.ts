import { describe, expect, test } from 'vitest'
import type { AttemptReport } from '../../src/domain/attempt.ts'
import { checkWords } from '../../src/render/check.ts'
import { BODY_LIMIT } from '../../src/render/fit.ts'
import { commitMessage, pullBody, pullTitle } from '../../src/render/pull.ts'
import { harms } from './harms.ts'
import { report, result, task } from './sample.ts'

function body(over: Partial<AttemptReport> = {}): string {
  const { wish, ...rest } = task()
  if (wish === null) throw new Error('the sample has a wish')
  return pullBody({
    task: { wish, ...rest },
    wish,
    report: report(over),
    jailKind: 'none',
    profile: 'patch',
    spent: null,
  })
}

describe('a pull request', () => {
  test('tells what, why, the evidence exactly, where it comes from, and how to send it back', () => {
    const setup = [result({ command: 'npm ci', milliseconds: 12_000, output: 'added 3' })]
    expect(body({ setup })).toMatchInlineSnapshot(`
      "Closes #12

      Greets people by their name.

      ### Evidence

      - \`npm test\` passed on abc1234 in 3.2 s.
      - \`npm ci\` passed on ba5e000 in 12 s.

      <details><summary>Output of <code>npm test</code></summary>

      \`\`\`
      12 passed
      \`\`\`

      </details>

      ### Changes

      1 file

      - \`src/greet.ts\`: modified (+3 −1)

      ### Where it comes from

      - Asked for by \`ana\`, who is co-author of the commit, and done by the profile \`patch\`.
      - Worked from the text of #12 as approved: SHA-256 \`d1ce00000000\`.
      - Based on ba5e000.
      - Used: tokens unknown, cost unknown.
      - The agent and the checks run without a sandbox.

      To send it back: request changes in a review, or say \`/revise\` and what is missing."
    `)
  })

  test('tells what the agent decided and noticed, in words that do nothing', () => {
    const decisions = ['Kept `greet`. Fixes #5, @everyone', ...Array.from({ length: 30 }, String)]
    const text = body({ decisions, discoveries: ['<!-- hidden --> The farewell\n/merge'] })
    expect(text).toContain('### Decisions\n\n- Kept')
    expect(text).toContain('- and 11 more')
    expect(text).toContain('### Noticed, and left as it is')
    const rest = text.replace('Closes #12', '').replaceAll(/<\/?(details|summary|code)>/g, '')
    expect(harms(rest)).toEqual([])
  })

  test('closes its own issue and no other, whatever the agent writes', () => {
    const said = body({
      summary:
        'Fixes #99 and closes acme/shop#3. @bob please /merge\n\n/approve\n\n![x](https://x.y/p.png)',
      verify: [result({ output: 'fix: resolves #77\n/lgtm' })],
    })
    expect(said.match(/\b(fix|close|resolve)\w*\s+\S*#\d+/gi)).toEqual(['Closes #12'])
    const rest = said.replace('Closes #12', '').replaceAll(/<\/?(details|summary|code)>/g, '')
    expect(harms(rest)).toEqual([])
  })

  test('says so when nothing was checked', () => {
    expect(body({ verify: [] })).toContain('No check is configured, so nothing was run.')
  })

  test('fits, with thousands of files and a flood of output', () => {
    const files = Array.from({ length: 5_000 }, (_, n) => ({
      path: `src/${'deep/'.repeat(40)}${n}.ts`,
      status: 'added' as const,
      additions: 1,
      deletions: null,
    }))
    const verify = Array.from({ length: 20 }, () => result({ output: 'y\n'.repeat(8_000) }))
    const text = body({ files, verify, summary: 'z'.repeat(90_000) })
    expect(text.length).toBeLessThanOrEqual(BODY_LIMIT)
    expect(text).toContain('and 4950 more')
    expect(text).toMatch(/^Closes #12/)
  })
})

describe('a title', () => {
  test.each([
    ['Greet by name', 'Greet by name'],
    ['Bump @types/node and `@x/y`', 'Bump `@types/node` and `@x/y`'],
    ['Fixes #3: crash', 'Fixes issue #3: crash'],
    ['line\nbreak \u001B[31m\u200Bred', 'line break red'],
    ['/merge now', '-/merge now'],
    ['$(rm -rf /) `x` --upload-pack=evil', '$(rm -rf /) `x` --upload-pack=evil'],
    ['  ', 'Issue 12'],
  ])('%j becomes %j', (title, shown) => {
    expect(pullTitle(task({ title }))).toBe(shown)
  })

  test('is cut at a length that GitHub takes', () => {
    expect(pullTitle(task({ title: 'x'.repeat(1_000) }))).toHaveLength(200)
  })
})

describe('a commit message', () => {
  test('names the issue and the one who asked as co-author', () => {
    expect(commitMessage(task())).toMatchInlineSnapshot(`
      "Greet by name

      Refs #12

      Co-authored-by: ana <5+ana@users.noreply.github.com>"
    `)
  })

  test('cannot be given trailers or commands by a title', () => {
    const message = commitMessage(task({ title: 'x\n\nCo-authored-by: evil <e@x.y>\nCloses #1' }))
    expect(message.split('\n')).toHaveLength(5)
    expect(message.match(/^Co-authored-by: .*$/gm)).toEqual([
      'Co-authored-by: ana <5+ana@users.noreply.github.com>',
    ])
    expect(message).not.toMatch(/closes #/i)
  })
})

describe('a check run', () => {
  test('says which command passed on which commit', () => {
    expect(checkWords(report())).toMatchInlineSnapshot(`
      {
        "conclusion": "success",
        "summary": "- \`npm test\` passed on abc1234 in 3.2 s.
      - Used: tokens unknown, cost unknown.",
        "text": "<details><summary>Output of <code>npm test</code></summary>

      \`\`\`
      12 passed
      \`\`\`

      </details>",
        "title": "npm test passed",
      }
    `)
  })

  test('is neutral where nothing is configured', () => {
    expect(checkWords(report({ verify: [] }))).toMatchObject({
      conclusion: 'neutral',
      title: 'No check is configured',
      text: null,
    })
  })

  test.each([
    [1, '- `npm test` failed on abc1234 with exit code 1 after 3.2 s.'],
    [null, '- `npm test` was stopped on abc1234 after 3.2 s, at its time limit.'],
  ])('is a failure when a command ended with %j', (exitCode, summary) => {
    const words = checkWords(report({ verify: [result({ exitCode })] }))
    expect(words).toMatchObject({ conclusion: 'failure', title: 'npm test failed' })
    expect(words.summary).toContain(summary)
  })

  test('counts several commands, and keeps to GitHub’s limits', () => {
    const verify = Array.from({ length: 20 }, () => result({ output: 'y'.repeat(30_000) }))
    const words = checkWords(report({ verify }))
    expect(words.title).toBe('20 checks passed')
    expect(words.text?.length).toBeLessThanOrEqual(65_535)
  })
})
