/** The small readers of the protocol: whatever comes, they answer, and nothing of it reaches a screen raw. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  answerPermission,
  PermissionRequest,
  permissionQuestion,
  verdictOf,
} from '../../src/agents/acp/permission.ts'
import { ElicitationRequest, questionText } from '../../src/agents/acp/question.ts'
import { chooseMode, chooseModel } from '../../src/agents/acp/session-choice.ts'
import { readSessionFailure } from '../../src/agents/acp/session-failure.ts'
import { hearStory } from '../../src/agents/acp/story.ts'
import { readTurnNote } from '../../src/agents/acp/turn-note.ts'
import { readUpdate, type Update } from '../../src/agents/acp/update.ts'
import { plain } from '../../src/agents/plain.ts'
import { instant } from '../../src/domain/ids.ts'
import type { Answer } from '../../src/domain/question.ts'
import type { AgentNews } from '../../src/ports/agent.ts'

describe('a permission request', () => {
  const answer = (...kinds: readonly string[]) =>
    answerPermission(
      PermissionRequest.parse({ options: kinds.map((kind) => ({ optionId: `id-${kind}`, kind })) }),
    ).outcome
  it('is allowed once', () => {
    expect(answer('allow_always', 'reject_once', 'allow_once')).toEqual({
      outcome: 'selected',
      optionId: 'id-allow_once',
    })
  })
  it('is refused once where it could only be allowed for ever', () => {
    expect(answer('allow_always', 'reject_always', 'reject_once')).toMatchObject({
      optionId: 'id-reject_once',
    })
  })
  it('is cancelled where nothing fits', () => {
    expect(answer('allow_always', 'some_new_kind')).toEqual({ outcome: 'cancelled' })
    expect(answer()).toEqual({ outcome: 'cancelled' })
  })
})

describe('a yes to a permission', () => {
  const asked = (rawInput: object, title = 'Run it') =>
    PermissionRequest.parse({ toolCall: { title, kind: 'execute', rawInput }, options: [] })
  const input = { command: 'rm -rf build', env: { A: 1, B: 2 } }
  const question = permissionQuestion(asked(input))
  const yes: Answer = {
    n: 1,
    question: question.text,
    text: question.options[0] ?? '',
    choice: 1,
    by: { id: 1, login: 'ana', kind: 'person' },
    at: instant(0),
  }

  it('is good for the same tool and input, however its fields are ordered', () => {
    expect(verdictOf(asked({ env: { B: 2, A: 1 }, command: 'rm -rf build' }), yes)).toBe(true)
  })
  it('is good for nothing else', () => {
    expect(verdictOf(asked({ ...input, env: { A: 2, B: 1 } }), yes)).toBeNull()
    expect(verdictOf(asked({ ...input, command: `${' '.repeat(3_000)}rm -rf /` }), yes)).toBeNull()
    expect(verdictOf(asked(input, 'Run that'), yes)).toBeNull()
    expect(verdictOf(asked(input), null)).toBeNull()
  })
  it('is told of a long input by its hash, beyond what is shown', () => {
    const long = (end: string) => permissionQuestion(asked({ command: 'x'.repeat(9_000) + end }))
    expect(long('a').text).not.toBe(long('b').text)
    expect(long('a').text).toBe(long('a').text)
  })
})

describe('a question', () => {
  const text = (request: object): string => questionText(ElicitationRequest.parse(request))
  it('shows its message, fields and choices', () => {
    const properties = {
      color: { type: 'string', title: 'Colour', enum: ['red', 'blue'] },
      more: {
        type: 'array',
        description: 'Any of these',
        items: { anyOf: [{ const: 'a', title: 'First' }, { const: 'b' }] },
      },
    }
    expect(text({ message: 'Which?', requestedSchema: { properties } })).toBe(
      'Which?\n\nColour\n- red\n- blue\n\nmore: Any of these\n- First\n- b',
    )
  })
  it('shows the page that it wants opened', () => {
    expect(text({ mode: 'url', message: 'Log in', url: 'https://x.test/a' })).toContain('x.test/a')
  })
  it('never is silent', () => {
    expect(text({})).toBe('The agent asked without saying what.')
  })
})

describe('the model and the mode of a profile', () => {
  const configOptions = [
    {
      id: 'mode',
      type: 'select',
      currentValue: 'ask',
      options: [{ value: 'ask' }, { value: 'opus' }],
    },
    {
      id: 'm',
      type: 'select',
      category: 'model',
      currentValue: 'a',
      options: [{ options: [{ value: 'b', name: 'Bee' }] }, { value: 'a', name: 'Ay' }],
    },
  ]
  const models = { currentModelId: 'a', availableModels: [{ modelId: 'a' }, { modelId: 'b' }] }
  const modes = {
    currentModeId: 'ask',
    availableModes: [
      { id: 'ask', name: 'Ask' },
      { id: 'https://modes.test/auto', name: 'Auto' },
    ],
  }
  const asB = {
    kind: 'set',
    method: 'session/set_config_option',
    params: { configId: 'm', value: 'b' },
  }
  it('are chosen by value or by name, groups included', () => {
    expect(chooseModel({ configOptions }, 'b')).toEqual(asB)
    expect(chooseModel({ configOptions }, 'Bee')).toEqual(asB)
    expect(chooseMode({ modes }, 'Auto')).toEqual({
      kind: 'set',
      method: 'session/set_mode',
      params: { modeId: 'https://modes.test/auto' },
    })
  })
  it('are chosen in the way that the session has: an option where it has one, else a method of its own', () => {
    expect(chooseModel({ models }, 'b')).toEqual({
      kind: 'set',
      method: 'session/set_model',
      params: { modelId: 'b' },
    })
    expect(chooseModel({ models, configOptions }, 'b')).toEqual(asB)
    expect(chooseMode({ configOptions }, 'opus')).toEqual({
      kind: 'set',
      method: 'session/set_config_option',
      params: { configId: 'mode', value: 'opus' },
    })
    expect(chooseMode({ modes, configOptions }, 'Auto')).toMatchObject({
      method: 'session/set_mode',
    })
  })
  it('are left where they are set, none is wanted, or none can be chosen', () => {
    for (const left of [
      chooseModel({ configOptions }, 'a'),
      chooseModel({ configOptions }, 'Ay'),
      chooseModel({ configOptions }, null),
      chooseModel({}, 'b'),
      chooseMode({ modes }, 'ask'),
      chooseMode({}, 'plan'),
    ])
      expect(left).toEqual({ kind: 'leave' })
  })
  it('are named where they are missing', () => {
    expect(chooseModel({ configOptions }, 'z')).toMatchObject({
      words: 'it does not offer the model z; it offers b, a',
    })
    expect(chooseMode({ modes }, 'yolo')).toMatchObject({
      words: 'it does not offer the mode yolo; it offers ask, https://modes.test/auto',
    })
  })
})

describe('a failure on a result or an update', () => {
  const air = (sessionFailure: unknown) => ({ jetbrains: { air: { sessionFailure } } })
  it('is read with its title and details', () => {
    const record = {
      id: 'f',
      revision: 2,
      category: 'limit',
      title: 'T',
      details: 'D',
      actions: [],
    }
    expect(readSessionFailure(air(record))).toEqual({
      category: 'limit',
      text: 'T\nD',
      actions: [],
    })
  })
  it('that only warns is none', () => {
    expect(
      readSessionFailure(air({ severity: 'warning', category: 'service', title: 'R' })),
    ).toBeNull()
  })
  it('of a category of next year counts as unknown', () => {
    expect(readSessionFailure(air({ category: 'weather', title: 'Rain' }))).toMatchObject({
      category: 'unknown',
    })
  })
})

describe('whatever an agent sends', () => {
  it('is read without an error', () => {
    const kinds = fc.constantFrom('agent_message_chunk', 'plan', 'tool_call', 'usage_update', 'x')
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.dictionary(fc.string(), fc.jsonValue()),
        kinds,
        (body, more, kind) => {
          const update = { ...more, content: body, entries: body, sessionUpdate: kind }
          const read = (): unknown[] => [
            readUpdate({ sessionId: 's', update, _meta: body }, 's'),
            readUpdate(body, 's'),
            readSessionFailure(body),
            readTurnNote(body),
            chooseModel({ configOptions: body, models: body }, 'm'),
            chooseMode({ configOptions: body, modes: body }, 'm'),
          ]
          expect(read).not.toThrow()
        },
      ),
      { numRuns: 500 },
    )
  })

  const nasty = [
    'a',
    'é',
    '🚂',
    '\u001b',
    '[',
    ']',
    '31m',
    '\u0007',
    '\n',
    '\r',
    '\u202e',
    '\ud800',
    '\u009b',
    ' ',
  ]

  it('comes out without control characters, and no longer than allowed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...nasty), { maxLength: 200 }),
        fc.integer({ min: 3, max: 80 }),
        (parts, limit) => {
          const out = plain(parts.join(''), limit)
          expect(out).not.toMatch(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u)
          expect(out.length).toBeLessThanOrEqual(limit)
        },
      ),
    )
  })
})

describe('the story of a turn', () => {
  /** `rest` ends the pause between two tellings. */
  function listen() {
    const news: AgentNews[] = []
    const rests: (() => void)[] = []
    const story = hearStory(
      (item) => void news.push(item),
      () => new Promise((resolve) => rests.push(() => resolve())),
    )
    const hear = (...updates: readonly Update[]): void =>
      updates.forEach((update) => story.hear(update))
    const rest = async (): Promise<void> => {
      rests.shift()?.()
      await Promise.resolve()
      await Promise.resolve()
    }
    return { news, story, hear, rest }
  }
  const chunk = (text: string, id: string | null = null): Update => ({ kind: 'message', id, text })
  const tool = (title: string): Update => ({ kind: 'tool', title })

  it('ends with the last message, not with all of them', () => {
    const { story, hear } = listen()
    hear(chunk('I look.'), tool('Read a'), chunk('All '), chunk('done.'))
    expect(story.close().message).toBe('All done.')
  })

  it('keeps the last message when tools were used after it', () => {
    const { story, hear } = listen()
    hear(chunk('Done.'), tool('Clean up'))
    expect(story.close().message).toBe('Done.')
  })

  it('parts messages by their ids', () => {
    const { story, hear } = listen()
    hear(chunk('One.', 'a'), chunk('Two', 'b'), chunk('.', 'b'))
    expect(story.close().message).toBe('Two.')
  })

  it('tells the first line at once and the rest together, in order', async () => {
    const { news, hear, rest } = listen()
    hear(chunk('one\ntwo\nthr'), tool('Edit'), {
      kind: 'plan',
      items: [{ text: 'p', status: 'pending' }],
    })
    expect(news).toEqual([{ message: 'one' }])
    await rest()
    expect(news[1]).toEqual({ message: 'two\nthr\nEdit', plan: [{ text: 'p', status: 'pending' }] })
  })

  it('does not grow with what it hears', () => {
    const { news, story, hear } = listen()
    for (let n = 0; n < 5_000; n++) hear(chunk(`${'x'.repeat(100)}\n`))
    const { message } = story.close()
    expect(message.length).toBeLessThanOrEqual(8 * 1024)
    expect(JSON.stringify(news).length).toBeLessThan(10_000)
  })

  it('forgets a failure after which the work went on, and keeps one after which it did not', () => {
    const failure = { category: 'connection', text: 'lost', actions: [] } as const
    const went = listen()
    went.hear({ kind: 'failure', failure }, tool('Edit'))
    expect(went.story.close().failure).toBeNull()
    const stayed = listen()
    stayed.hear(tool('Edit'), { kind: 'failure', failure })
    expect(stayed.story.close().failure).toEqual(failure)
  })

  it('adds up what was used: the most tokens seen, then the sum that the result tells', () => {
    const { story, hear } = listen()
    hear(
      { kind: 'usage', tokens: 900, cost: 0.1, size: null },
      { kind: 'usage', tokens: 300, cost: null, size: null },
    )
    expect(story.close().usage).toEqual({ tokens: 900, cost: 0.1 })
    const counted = listen()
    counted.hear({ kind: 'usage', tokens: 900, cost: null, size: null })
    counted.story.countTokens({ tokens: 5_000 })
    expect(counted.story.close().usage).toEqual({ tokens: 5_000, cost: null })
  })
})
