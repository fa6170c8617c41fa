import { expect, test } from 'vitest'
import { gateComment } from '../../src/render/gate.ts'
import { noticeComment } from '../../src/render/comments.ts'
import { HEAD, NOW, TASK, report, shaOf } from '../support/builders.ts'
import { harms } from './harms.ts'

const gate = {
  kind: 'protected',
  head: HEAD,
  base: shaOf('b'),
  paths: ['.npmrc', 'a`b @bob'],
  askedAt: NOW,
} as const
const notice = { kind: 'gate', login: 'ana', gate } as const
const asked = (
  diff: string,
  over: { readonly cut?: boolean; readonly paths?: readonly string[] } = {},
) =>
  gateComment({
    notice: { ...notice, gate: { ...gate, paths: over.paths ?? gate.paths } },
    task: { id: TASK, report: report() },
    diff: { text: diff, cut: over.cut ?? false },
  })

test('a gate shows commit, paths, evidence, what to answer, and the change', () => {
  expect(asked('diff --git a/.npmrc b/.npmrc\n+registry=https://npm.example/\n'))
    .toMatchInlineSnapshot(`
    "@ana, this work is done, and it changes what only a person may let through. Nothing of it was pushed.

    - Commit: \`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\`, based on bbbbbbb
    - Protected: \`.npmrc\`
    - Protected: \`\`a\`b @bob\`\`
    - \`npm test\` passed on aaaaaaa in 1.2 s.

    - \`/approve aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\` pushes exactly this commit and opens the pull request.
    - \`/reject\` and why, if you like, ends it. The work is kept.
    - \`/revise\` and what should be different sends it back.

    Anyone with write access may say so. Another commit needs another yes.

    The protected part of the change, as git sees it:

    \`\`\`diff
    diff --git a/.npmrc b/.npmrc
    +registry=https://npm.example/
    \`\`\`"
  `)
})

test('nothing in the change or its paths reaches out of the comment', () => {
  const evil = '+```\n+@bob\n/merge\n+<!-- x -->\n+Fixes #12\n+![x](https://evil.example/a.png)\n'
  const comment = asked(evil, { paths: ['@bob', 'x`\n/merge', '<img src=x>', 'Fixes #12'] })
  expect(harms(comment.replace('@ana, ', ''))).toEqual([])
  expect(comment).toContain('````diff')
})

test('what cannot be seen is said, and so is what does not fit', () => {
  expect(asked('+registry=x\u200B\n')).toContain('**Characters that nobody sees')
  expect(asked('+plain\n')).not.toContain('nobody sees')
  expect(asked('+plain\n', { cut: true })).toContain('**This is not all of it:**')
  const many = asked('+x\n', { paths: Array.from({ length: 100 }, (_, n) => `.github/${n}`) })
  expect(many).toContain('- and 70 more')
  const long = asked(`${'+0123456789\n'.repeat(4_500)}`, { paths: ['.npmrc'] })
  expect(long.length).toBeLessThan(65_000)
  expect(long).toContain('+0123456789\n```')
})

const withheld = {
  head: shaOf('f'),
  paths: ['.github/workflows/ci.yml'],
  patch: '-on: push\n+on: [push]\n',
}
const handed = (over: Partial<typeof withheld> | { readonly patch: null }, alone = false) =>
  noticeComment(
    {
      kind: 'withheld',
      login: 'ana',
      withheld: { ...withheld, ...over },
      base: shaOf('b'),
      alone,
    },
    'bare',
  )

test('workflow files are handed over as a patch, letter by letter', () => {
  expect(handed({})).toMatchInlineSnapshot(`
    "@ana, a part of this work are workflow files. Yardmaster may not push workflow files, and does not ask for that permission, so that no agent can change what runs with your secrets. The rest goes its way without them, and was checked without them; this part is yours to apply.

    - \`.github/workflows/ci.yml\`

    Save it as \`workflows.patch\`, then \`git apply --index workflows.patch\` on a branch that holds \`bbbbbbb\`:

    \`\`\`diff
    -on: push
    +on: [push]
    \`\`\`"
  `)
  expect(handed({ patch: '+```\n+`` x\n' })).toContain('````diff\n+```\n+`` x\n````')
  expect(handed({}, true)).toContain(`- \`/approve ${shaOf('f')}\` when it is applied`)
})

test('a patch that cannot be shown whole is not shown', () => {
  for (const patch of [null, '+a\u202Eb\n']) {
    const comment = handed({ patch })
    expect(comment).not.toContain('git apply')
    expect(comment).toContain(`in commit \`${shaOf('f')}\` of the task’s outbox`)
  }
})
