import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../src/domain/ids.ts'
import type { Question } from '../../src/domain/question.ts'
import {
  answersGiven,
  howToAnswerComment,
  openQuestion,
  questionComment,
  reminderComment,
} from '../../src/render/question.ts'
import { harms } from './harms.ts'
import { hostileBody } from './hostile-bodies.ts'

const question: Question = {
  n: 7,
  about: 'work',
  text: 'Two routes greet people.\n\nWhich one stays?',
  options: ['`/hello`, the older one', '`/greet`'],
  recommended: 2,
  askedAt: instant(0),
  reminders: 1,
  hinted: false,
}

test('a question calls the one who asked for the work, with options, recommendation and what to type', () => {
  expect(questionComment('ana', question, 'bare')).toMatchInlineSnapshot(`
    "@ana, one decision is yours; other work goes on.

    **Q7**

    Two routes greet people.

    Which one stays?

    1. \`/hello\`, the older one
    2. \`/greet\` **(recommended)**

    Reply \`/answer 1\` or \`/answer 2\` (recommended), or \`/answer\` followed by your own words. The first answer by somebody with write access counts."
  `)
})

test('without options it asks for words', () => {
  expect(questionComment('ana', { ...question, options: [], recommended: null }, 'bare')).toContain(
    'Reply `/answer` followed by your words',
  )
})

test('where another bot owns the bare form, the prefixed one is shown', () => {
  for (const say of [questionComment, reminderComment, howToAnswerComment]) {
    expect(say('ana', question, 'prefixed')).toContain('`/yard answer 1`')
    expect(say('ana', question, 'prefixed')).not.toMatch(/`\/answer/)
  }
})

test('the reminder and the hint say what to do, and call at most one person', () => {
  expect(reminderComment('ana', question, 'bare')).toMatchInlineSnapshot(`
    "@ana, Q7 still waits for you; nothing happens here until somebody with write access answers it.

    > Two routes greet people.
    > 
    > Which one stays?

    Reply \`/answer 1\` or \`/answer 2\` (recommended), or \`/answer\` followed by your own words. The first answer by somebody with write access counts."
  `)
  expect(howToAnswerComment('bob', question, 'bare')).toMatchInlineSnapshot(`
    "Thank you, \`bob\`. I read only commands, so that nobody is obeyed by accident: Q7 is still open.

    Reply \`/answer 1\` or \`/answer 2\` (recommended), or \`/answer\` followed by your own words. The first answer by somebody with write access counts."
  `)
})

test('whatever an agent asks, it calls nobody else and commands nothing', () => {
  fc.assert(
    fc.property(hostileBody(400), (text) => {
      const asked = { ...question, text, options: [text.slice(0, 300), 'no'] }
      expect(harms(openQuestion(asked, 'bare'))).toEqual([])
      expect(harms(questionComment('ana', asked, 'bare').replace('@ana', 'ana'))).toEqual([])
      expect(harms(reminderComment('ana', asked, 'bare').replace('@ana', 'ana'))).toEqual([])
      const answer = { n: 1, question: text, text, choice: null, at: instant(0) }
      const by = { id: 1, login: 'ana', kind: 'person' } as const
      expect(harms(answersGiven([{ ...answer, by }]).join('\n'))).toEqual([])
    }),
    { numRuns: 500 },
  )
})
