/** A stand-in for a coding agent: speaks ACP by hand, so that it can also speak it wrongly. Its first argument names what it does. */
import { spawn } from 'node:child_process'
import { closeSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { flood } from './mock-flood.ts'
import { MODELS, MODES } from './mock-offers.ts'
import { startTools, useTools } from './mock-tools.ts'

type Message = {
  id?: unknown
  method?: string
  params?: Record<string, unknown>
  result?: unknown
  error?: unknown
}

const [behaviour = 'good', extra = ''] = process.argv.slice(2)
const SESSION = 'mock-1'
let promptId: unknown = null
/** What the client told us before the prompt. */
const told: Record<string, unknown> = { model: 'small' }

const send = (message: object): void => {
  writeSync(1, `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}
const reply = (id: unknown, result: unknown): void => send({ id, result })
const update = (body: object, sessionId = SESSION): void =>
  send({ method: 'session/update', params: { sessionId, update: body } })
const say = (text: string): void =>
  update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } })
const endTurn = (more: object = {}): void => reply(promptId, { stopReason: 'end_turn', ...more })
const failure = (category: string, title: string, more: object = {}): object => ({
  jetbrains: {
    air: { sessionFailure: { id: 'f', revision: 1, category, title, actions: [], ...more } },
  },
})

let nextId = 100
const waiting = new Map<unknown, (answer: Message) => void>()
function request(method: string, params: object): Promise<Message> {
  const id = nextId++
  send({ id, method, params })
  return new Promise((resolve) => waiting.set(id, resolve))
}

const ABILITIES: Record<string, object> = {
  remembers: { loadSession: true, sessionCapabilities: { resume: {} } },
  'remembers-and-asks': { loadSession: true },
  forgets: { loadSession: true, sessionCapabilities: { resume: {} } },
}

const hang = (): void => {
  setInterval(() => {}, 1_000)
}

const onPrompt: Record<string, (text: string) => void | Promise<void>> = {
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
  'hang-after-first': () => say('Thinking…\n'),
  'crash-mid-prompt': () => {
    say('Half way\n')
    writeSync(2, 'panic: \u001b[31mout of cheese\u001b[0m\nat mock:1\n')
    process.exit(3)
  },
  'close-output': () => {
    closeSync(1)
    hang()
  },
  'leaves-output-open': () => {
    const sleeper = ['-e', 'setInterval(() => {}, 1000)']
    spawn(process.execPath, sleeper, { detached: true, stdio: ['ignore', 'inherit', 'ignore'] })
    process.exit(5)
  },
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
    send({ id: promptId, error: { code: -32000, message: 'Authentication required' } }),
  'internal-error': () =>
    send({
      id: promptId,
      error: { code: -32603, message: 'Internal error', data: { details: 'prompt is too long' } },
    }),
  refusal: () => reply(promptId, { stopReason: 'refusal' }),
  'max-tokens': () => reply(promptId, { stopReason: 'max_tokens' }),
  'max-requests': () => reply(promptId, { stopReason: 'max_turn_requests' }),
  'cancelled-unasked': () => reply(promptId, { stopReason: 'cancelled' }),
  'flood-stdout': () => flood(1, 'x'.repeat(1_000_000)),
  'flood-messages': () => {
    const line = `${JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params: {} })}\n`
    flood(1, line.repeat(2_000))
  },
  'flood-requests': () => {
    process.stdin.pause()
    const line = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x/y', params: { pad: 'x'.repeat(2_000) } })}\n`
    flood(1, line.repeat(500))
  },
  'flood-stderr': () => flood(2, `${'e'.repeat(99)}\n`.repeat(10_000)),
  garbage: () => flood(1, 'npm WARN this is no protocol\n', 1_000),
  'some-garbage': () => {
    writeSync(1, 'Loading model…\n{"jsonrpc":"2.0","id":"\u001b]0;x","result":1}\n[1,2]\n\n')
    say('Done in spite of it.')
    endTurn()
  },
  'ignores-sigterm': () => {
    process.on('SIGTERM', () => {})
    hang()
  },
  'double-fork': () => {
    const sleeper = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(()=>{},1000)'], { detached: true, stdio: 'ignore' }).unref(); process.exit(0)`
    const child = spawn(process.execPath, ['-e', sleeper], { detached: true, stdio: 'ignore' })
    child.once('exit', () => {
      say('Left something running.')
      endTurn()
    })
  },
  async permission() {
    const options = [
      { optionId: 'zz-9', name: 'Always', kind: 'allow_always' },
      { optionId: 'proceed_once', name: 'Yes', kind: 'allow_once' },
      { optionId: 'nope', name: 'No', kind: 'reject_once' },
    ]
    const once = await request('session/request_permission', {
      sessionId: SESSION,
      toolCall: { toolCallId: 't' },
      options,
    })
    const always = await request('session/request_permission', {
      sessionId: SESSION,
      toolCall: { toolCallId: 't' },
      options: options.filter(({ kind }) => kind === 'allow_always'),
    })
    say(JSON.stringify([once.result, always.result]))
    endTurn()
  },
  async 'wants-permission'() {
    const options = [
      { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
      { optionId: 'no', name: 'No', kind: 'reject_once' },
    ]
    const asks = async (toolCall: object): Promise<unknown> =>
      (await request('session/request_permission', { sessionId: SESSION, toolCall, options }))
        .result
    const tool = { toolCallId: 't', title: 'Run rm -rf build', kind: 'execute' }
    say(JSON.stringify(await asks({ ...tool, rawInput: { command: `rm -rf ${extra}` } })))
    if (extra === 'twice') await asks({ ...tool, rawInput: { command: `rm -rf ${extra}` } })
    endTurn()
  },
  async unknown() {
    send({ method: 'some/notification', params: { a: 1 } })
    send({ method: '_x/y' })
    const answers = [
      await request('terminal/create', { sessionId: SESSION, command: 'ls' }),
      await request('x/y', {}),
    ]
    say(JSON.stringify(answers.map(({ error }) => (error as { code: number }).code)))
    endTurn()
  },
  async 'fs-write'() {
    const path = join(process.cwd(), 'through-client.txt')
    const answer = await request('fs/write_text_file', { sessionId: SESSION, path, content: 'x' })
    say(JSON.stringify(answer.error))
    endTurn()
  },
  async elicitation() {
    say('Before I go on:\n')
    const answer = await request('elicitation/create', {
      sessionId: SESSION,
      mode: 'form',
      message: 'Which database shall it be?',
      requestedSchema: {
        type: 'object',
        properties: {
          db: {
            type: 'string',
            title: 'Database',
            oneOf: [
              { const: 'pg', title: 'PostgreSQL' },
              { const: 'my', title: 'MySQL' },
            ],
          },
        },
      },
    })
    writeFileSync('answer.json', JSON.stringify(answer.result))
    say('This is said after the question and must not count.')
  },
  'tool-ask': () =>
    void useTools(told['session'], async (call) => {
      await call('progress', { message: 'Looking at the routes' })
      await call('ask', {
        text: 'Keep the old route?',
        options: ['Keep it', 'Drop it'],
        recommended: 2,
      })
      say('This is said after the question and must not count.')
    }),
  'tool-report': () =>
    void useTools(told['session'], async (call, tools) => {
      const wrong = await call('report', { summary: 5 })
      await call('report', { summary: 'Through the tool.', decisions: ['Kept the name.'] })
      say(JSON.stringify({ tools, refused: wrong }))
      endTurn()
    }),
  'tool-line-without-end': () => {
    const server = startTools(told['session'])
    server.stdout?.resume()
    flood(server, 'x'.repeat(1_000_000))
    server.on('exit', (code) => {
      say(`The bridge ended with ${code}.`)
      endTurn()
    })
  },
  remembers: (text) => {
    say(`${String(told['session-how'])}: ${text}`)
    endTurn()
  },
  'remembers-and-asks': () => endTurn({ _meta: { yardmaster: { needs: 'One or two?' } } }),
  forgets: (text) => {
    say(`${String(told['session-how'])}: ${text}`)
    endTurn()
  },
  'exits-75': () => {
    say('Which of the two?\n')
    setTimeout(() => process.exit(75), 50)
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
  'writes-outside': () => {
    try {
      writeFileSync(extra, 'escaped')
      say('wrote outside')
    } catch (error) {
      say(`refused: ${(error as NodeJS.ErrnoException).code}`)
    }
    endTurn()
  },
  report: () => {
    writeFileSync(
      join(extra, 'report.json'),
      JSON.stringify({ summary: 'From the report.', decisions: ['Kept the old name.'] }),
    )
    say('From the message.')
    endTurn()
  },
  'report-question': () => {
    writeFileSync(
      join(extra, 'report.json'),
      JSON.stringify({ summary: 'Half done.', question: 'Keep the old API?' }),
    )
    endTurn()
  },
  'report-broken': () => {
    writeFileSync(join(extra, 'report.json'), '{"summary":')
    say('From the message.')
    endTurn()
  },
  environment: () => {
    say(JSON.stringify(process.env))
    endTurn()
  },
  'waits-for-cancel': () => say('Working…\n'),
  'ignores-cancel': () => say('Working…\n'),
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
  'note-needs': () => endTurn({ _meta: { yardmaster: { needs: 'One or two?' } } }),
}

if (behaviour === 'exit-nothing') process.exit(0)
if (behaviour === 'auth-at-start') {
  writeSync(2, 'Error: Invalid API key. Please run /login\n')
  process.exit(1)
}
if (behaviour === 'hang-before-initialize') hang()
else
  createInterface({ input: process.stdin }).on('line', (line) => {
    const message = JSON.parse(line) as Message
    if (message.method === undefined) return waiting.get(message.id)?.(message)
    switch (message.method) {
      case 'initialize':
        if (behaviour === 'bad-initialize') return reply(message.id, 'hello')
        if (behaviour === 'version-9') return reply(message.id, { protocolVersion: 9 })
        told['initialize'] = message.params
        return reply(message.id, {
          protocolVersion: 1,
          agentCapabilities: ABILITIES[behaviour] ?? {},
        })
      case 'session/resume':
      case 'session/load':
        told['session'] = message.params
        told['session-how'] = message.method
        if (behaviour === 'forgets')
          return send({ id: message.id, error: { code: -32602, message: 'Session not found' } })
        if (message.method === 'session/load') say('An old answer. ')
        return reply(message.id, { configOptions: [MODELS] })
      case 'session/new':
        told['session'] = message.params
        told['session-how'] = 'session/new'
        if (behaviour === 'replays') say('An old answer. ')
        reply(message.id, { sessionId: SESSION, configOptions: [MODELS], modes: MODES })
        if (behaviour === 'replays') {
          say('Another old answer. ')
          writeFileSync('replayed.txt', '')
        }
        return
      case 'session/set_mode':
        told['mode'] = message.params?.['modeId']
        return reply(message.id, {})
      case 'session/set_config_option':
        told['model'] = message.params?.['value']
        return reply(message.id, { configOptions: [] })
      case 'session/cancel':
        writeFileSync('cancelled.txt', '')
        if (behaviour !== 'ignores-cancel') reply(promptId, { stopReason: 'cancelled' })
        return
      case 'session/prompt': {
        promptId = message.id
        const prompt = message.params?.['prompt'] as { text: string }[]
        const act = onPrompt[behaviour] ?? onPrompt['good']
        return void act?.(prompt[0]?.text ?? '')
      }
      default:
        if (message.id !== undefined)
          send({ id: message.id, error: { code: -32601, message: 'Method not found' } })
    }
  })
process.stdin.on('end', () => {
  if (!['ignores-sigterm', 'ignores-cancel', 'hang-before-initialize'].includes(behaviour))
    process.exit(0)
})
