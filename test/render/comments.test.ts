import { expect, test } from 'vitest'
import type { PlainNotice as Notice } from '../../src/domain/notice.ts'
import { noticeComment } from '../../src/render/comments.ts'
import { harms } from './harms.ts'

const NOTICES: readonly Exclude<Notice, { kind: 'reply' }>[] = [
  { kind: 'refused', login: 'bob', why: 'reader' },
  { kind: 'refused', login: 'helper[bot]', why: 'bot' },
  { kind: 'refused', login: null, why: 'unknown-actor' },
  { kind: 'two-profiles', labels: ['yardmaster', 'yardmaster:claude'] },
  { kind: 'unknown-profile', name: 'gpt', known: ['claude', 'patch'], trigger: 'yardmaster' },
  { kind: 'breaker', login: null, held: false },
]

test('what is said once, courteously, with what to do next', () => {
  expect(NOTICES.map((notice) => noticeComment(notice, 'bare'))).toMatchInlineSnapshot(`
    [
      "Thank you for the nudge, \`bob\`. I start work only when a person with write access to this repository sets the label, so nothing was started. Anyone with write access can take the label off and set it again.",
      "The label was set by the bot \`helper[bot]\`. I start work only when a person with write access to this repository sets the label, so nothing was started. Anyone with write access can take the label off and set it again.",
      "Nobody can tell me who set the label. I start work only when a person with write access to this repository sets the label, so nothing was started. Anyone with write access can take the label off and set it again.",
      "This issue wears 2 labels that start work: \`yardmaster\`, \`yardmaster:claude\`. Each of them names another way to do it, so nothing was started.

    Keep one of them: take all of them off, then set the one that you want.",
      "There is no profile \`gpt\`, so nothing was started.

    Labels that I know: \`yardmaster\` for the default, or \`yardmaster:claude\`, \`yardmaster:patch\`. Take this one off and set one of those.",
      "I have written more than five comments here within ten minutes; perhaps I am answering another program. I answer nothing more here for a while.",
    ]
  `)
})

test('a failure calls the one who asked, and nobody else', () => {
  const comment = noticeComment(
    {
      kind: 'failed',
      login: 'ana',
      reason: 'setup: `npm ci` ended with exit code 1\n/merge @bob',
    },
    'bare',
  )
  expect(comment).toMatchInlineSnapshot(`
    "@ana, this task has failed, and I stop here.

    setup: \`npm ci\` ended with exit code 1
    \`/merge\` \`@bob\`

    The status comment above shows every attempt with its output. When the cause is gone, take the label off and set it again, and I start afresh."
  `)
  expect(harms(comment.replace('@ana', 'ana'))).toEqual([])
})

test.each(NOTICES)('$kind calls nobody and commands nothing', (notice) => {
  expect(harms(noticeComment(notice, 'bare'))).toEqual([])
})
