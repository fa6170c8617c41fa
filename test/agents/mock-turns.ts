/** How turns of the stand-in end: well, badly, and badly in the guise of well. */
import { writeFileSync, writeSync } from 'node:fs'
import { told, prompted, send, reply, update, say, endTurn, failure } from './mock-wire.ts'
import type { Behaviours } from './mock-wire.ts'

export const TURNS: Behaviours = {
  good(text) {
    update({
      sessionUpdate: 'plan',
      entries: [{ content: 'Read the code', status: 'in_progress', priority: 'high' }],
    })
    say('I will look at ')
    say('the code.\n')
    update({ sessionUpdate: 'tool_call', toolCallId: 't1', title: 'Edit src/a.js' })
    update({
      sessionUpdate: 'usage_update',
      used: 1200,
      size: 200_000,
      cost: { amount: 0.25, currency: 'USD' },
    })
    say(`Done: ${text}`)
    endTurn({ usage: { totalTokens: 3400, inputTokens: 3000, outputTokens: 400 } })
  },
  'no-output': () => endTurn(),
  'works-in-silence': () => {
    let n = 0
    const timer = setInterval(() => {
      writeFileSync('built.txt', String(n))
      if (++n < 60) return
      clearInterval(timer)
      say('Built.')
      endTurn()
    }, 50)
  },
  'result-failure': () => endTurn({ usage: null, _meta: failure('service', 'Overloaded (529)') }),
  'limit-failure': () =>
    endTurn({ _meta: failure('limit', 'You have hit your usage limit, try again in 20 minutes') }),
  'context-failure': () =>
    endTurn({ _meta: failure('limit', 'This session is full', { actions: ['new_session'] }) }),
  'update-failure': () => {
    update({
      sessionUpdate: 'session_info_update',
      _meta: failure('connection', 'The model is not reachable'),
    })
    endTurn()
  },
  'recovered-failure': () => {
    update({ sessionUpdate: 'session_info_update', _meta: failure('connection', 'Reconnecting') })
    say('Back again, and done.')
    endTurn()
  },
  'error-text': () => {
    say('API Error: 529 {"type":"overloaded_error"}')
    endTurn()
  },
  'auth-error': () =>
    send({ id: prompted.id, error: { code: -32000, message: 'Authentication required' } }),
  'internal-error': () =>
    send({
      id: prompted.id,
      error: { code: -32603, message: 'Internal error', data: { details: 'prompt is too long' } },
    }),
  refusal: () => reply(prompted.id, { stopReason: 'refusal' }),
  'max-tokens': () => reply(prompted.id, { stopReason: 'max_tokens' }),
  'max-requests': () => reply(prompted.id, { stopReason: 'max_turn_requests' }),
  'cancelled-unasked': () => reply(prompted.id, { stopReason: 'cancelled' }),
  'some-garbage': () => {
    writeSync(1, 'Loading model…\n{"jsonrpc":"2.0","id":"\u001b]0;x","result":1}\n[1,2]\n\n')
    say('Done in spite of it.')
    endTurn()
  },
  remembers: (text) => {
    say(`${String(told['session-how'])}: ${text}`)
    endTurn()
  },
  forgets: (text) => {
    say(`${String(told['session-how'])}: ${text}`)
    endTurn()
  },
  replays: () => {
    say('The answer of this turn.')
    update(
      { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: ' Not mine.' } },
      'other',
    )
    update({ sessionUpdate: 'a_kind_of_next_year', content: 5 })
    endTurn()
  },
  environment: () => {
    say(JSON.stringify(process.env))
    endTurn()
  },
  'last-word': () => {
    for (let n = 0; n < 200; n++) say(`${n} `)
    say('end.')
    endTurn()
  },
  capabilities: () => {
    say(JSON.stringify(told))
    endTurn()
  },
  'tell-model': () => {
    say([told['model'], told['mode'] ?? []].flat().join(', '))
    endTurn()
  },
  'only-loads': (text) => {
    say(`${String(told['session-how'])}: ${text}`)
    endTurn()
  },
  'lies-about-files': () => {
    update({ sessionUpdate: 'tool_call', toolCallId: 't1', title: 'Edit src/a.js' })
    say('I changed src/a.js, and all tests pass.')
    endTurn()
  },
}
