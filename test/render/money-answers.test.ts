/** What was answered about money stays between people: an agent is told what its own question was answered. */
import { expect, it } from 'vitest'
import type { Answer } from '../../src/domain/question.ts'
import { answerOf, answerSections } from '../../src/render/prompt-answers.ts'
import { NOW, ana, report, task } from '../support/builders.ts'

const answer = (n: number, over: Partial<Answer> = {}): Answer => ({
  n,
  question: 'Which greeting?',
  text: 'Hello',
  choice: 1,
  by: ana,
  at: NOW,
  ...over,
})
const money = (n: number): Answer =>
  answer(n, { question: 'As much again?', text: 'Allow as much again', about: 'budget' })
const resume = { attempt: '1-2.1' as never, base: null, head: null, session: 's' }
const parked = report({ end: { kind: 'parked' } })

it('is its answer, although a question about money came and was answered in between', () => {
  const answers = [answer(1), money(2), money(3)]
  expect(answerOf(task({ resume, report: parked, answers, asked: 3 }))).toMatchObject({ n: 1 })
})

it('is none, where only money was talked about since it asked', () => {
  expect(answerOf(task({ resume, report: parked, answers: [money(2)], asked: 2 }))).toBeNull()
})

it('holds no word of money', () => {
  expect(answerSections([money(1)])).toEqual([])
  expect(answerSections([answer(1), money(2)]).join('\n')).not.toContain('As much again')
})
