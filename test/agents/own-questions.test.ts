/** Questions of agents in the very forms in which the real programs sent them. */
import { describe, expect, it } from 'vitest'
import { ElicitationRequest, questionOf } from '../../src/agents/acp/question.ts'

const CHOICES = [
  { const: 'Good evening.', title: 'Good evening.', description: 'At dusk.' },
  { const: 'Good night.', title: 'Good night.', description: 'Later.' },
]
const asked = (request: object) => questionOf(ElicitationRequest.parse(request))

describe('a question that an agent asks its own way', () => {
  it('keeps its options when Claude adds room for other words (claude-agent-acp 0.100)', () => {
    const request = {
      mode: 'form',
      sessionId: 'c6ffeaab',
      toolCallId: 'toolu_19',
      message: 'Which greeting shall it be?',
      requestedSchema: {
        type: 'object',
        properties: {
          question_0: { type: 'string', title: 'Which', oneOf: CHOICES },
          question_0_custom: {
            type: 'string',
            title: 'Other',
            description: 'Type your own answer, or add a note to the option you chose above.',
            _meta: {
              _askUserQuestionCustomAnswer: { questionId: 'question_0', isCustomAnswer: true },
              jetbrains: { air: { version: 1, customAnswer: { questionId: 'question_0' } } },
            },
          },
        },
      },
    }
    expect(asked(request)).toEqual({
      text: 'Which greeting shall it be?',
      options: ['Good evening.', 'Good night.'],
      recommended: null,
    })
  })

  it('is the title of its field when Codex only says that it has one (codex-acp 2.6)', () => {
    const request = {
      mode: 'form',
      sessionId: '01a1f9b3',
      toolCallId: 'call_899',
      message: 'Codex needs your input to continue.',
      requestedSchema: {
        type: 'object',
        properties: {
          which: {
            title: 'Which greeting shall it be?',
            description: 'Greeting',
            _meta: { codex: { isOther: true, isSecret: false } },
            type: 'string',
            oneOf: CHOICES,
          },
          which_note: {
            type: 'string',
            title: 'Additional answer or note',
            _meta: {
              codex: { questionId: 'which', role: 'user_note' },
              _askUserQuestionCustomAnswer: true,
              jetbrains: { air: { version: 1, customAnswer: true } },
            },
          },
        },
        required: ['which'],
      },
    }
    expect(asked(request)).toEqual({
      text: 'Which greeting shall it be?\n\nGreeting',
      options: ['Good evening.', 'Good night.'],
      recommended: null,
    })
  })

  it('is told in words when it is several, without the room beside each', () => {
    const beside = { type: 'string', title: 'Other', _meta: { _askUserQuestionCustomAnswer: true } }
    const properties = {
      first: { type: 'string', title: 'Which?', oneOf: CHOICES },
      first_custom: beside,
      second: { type: 'string', title: 'When?' },
      second_custom: beside,
    }
    const { text, options } = asked({ message: 'Two things.', requestedSchema: { properties } })
    expect(options).toEqual([])
    expect(text).toBe('Two things.\n\nWhich?\n- Good evening.\n- Good night.\n\nWhen?')
  })
})
