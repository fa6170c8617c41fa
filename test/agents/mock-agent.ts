/** A stand-in for a coding agent: speaks ACP by hand, so that it can also speak it wrongly. Its first argument names what it does. */
import { writeFileSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { ASKS } from './mock-asks.ts'
import { FULL } from './mock-full.ts'
import { HARM } from './mock-harm.ts'
import { MODELS, MODES } from './mock-offers.ts'
import { TURNS } from './mock-turns.ts'
import {
  answered,
  behaviour,
  hang,
  prompted,
  reply,
  say,
  send,
  SESSION,
  told,
} from './mock-wire.ts'
import type { Behaviours, Message } from './mock-wire.ts'

const BEHAVIOURS: Behaviours = { ...TURNS, ...ASKS, ...HARM, ...FULL }

/** These hear of no cancel. */
const DEAF = ['ignores-cancel', 'never-speaks', 'fills-context-and-goes-on']

const ABILITIES: Record<string, object> = {
  remembers: { loadSession: true, sessionCapabilities: { resume: {} } },
  'remembers-and-asks': { loadSession: true },
  'only-loads': { loadSession: true },
  'limited-once': { loadSession: true },
  forgets: { loadSession: true, sessionCapabilities: { resume: {} } },
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
    if (message.method === undefined) return answered(message)
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
        if (!DEAF.includes(behaviour)) reply(prompted.id, { stopReason: 'cancelled' })
        return
      case 'session/prompt': {
        prompted.id = message.id
        prompted.turns += 1
        const prompt = message.params?.['prompt'] as { text: string }[]
        const act = BEHAVIOURS[behaviour] ?? TURNS['good']
        return void act?.(prompt[0]?.text ?? '')
      }
      default:
        if (message.id !== undefined)
          send({ id: message.id, error: { code: -32601, message: 'Method not found' } })
    }
  })
process.stdin.on('end', () => {
  if (![...DEAF, 'ignores-sigterm', 'hang-before-initialize'].includes(behaviour)) process.exit(0)
})
