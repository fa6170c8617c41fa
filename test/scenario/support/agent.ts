/**
 * An agent that does what its first argument says, step by step, and speaks ACP by hand. It stands alone, so that a
 * repository of a story can hold it: what a jail shows of the machine is then enough to run it.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

export type Step =
  | { readonly write: string; readonly text: string }
  /** Appends the prompt to a file. */
  | { readonly note: string }
  /** Appends to `seen.txt` what stands in a file, or that there is none. */
  | { readonly see: string }
  /** Waits for a file. */
  | { readonly until: string }
  | { readonly crash: number }
  /** Never comes to an end, and says so all the time; not where that file stood as it began. */
  | { readonly talk: true; readonly unless?: string }
  /** Tells what the conversation has cost so far, in US dollars; not where that file stood as it began. */
  | { readonly spend: number; readonly unless?: string }
  /** Ends the turn with a question; in the session that is taken up again it goes on behind it. */
  | {
      readonly ask: {
        readonly text: string
        readonly options?: readonly string[]
        readonly recommended?: number
      }
      /** Its HOME does not hold the session any more when it is looked for. */
      readonly forgets?: true
    }
  /** From here on it outlives the end of its input and a polite signal. */
  | { readonly stay: true }

type Message = { readonly id?: unknown; readonly method?: string; readonly params?: Prompt }
type Prompt = { readonly prompt?: readonly { readonly text?: string }[] }

const steps = JSON.parse(process.argv[2] ?? '[]') as readonly Step[]
let stays = false
let loaded = false
const MEMORY = join(process.env['HOME'] ?? '', 'session')

const found = new Set(readdirSync('.'))

const send = (message: object): void =>
  void writeSync(1, `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const say = (text: string): void =>
  send({
    method: 'session/update',
    params: {
      sessionId: 's',
      update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
    },
  })

/** What the turn ends with, beside its end. */
async function work(prompt: string): Promise<object> {
  const asks = steps.findIndex((step) => 'ask' in step)
  const asking = steps[asks]
  const forgets = asking !== undefined && 'forgets' in asking
  // A recap tells as much as a memory.
  const knows = loaded || (prompt.includes('<answer to=') && !forgets)
  for (const step of knows ? steps.slice(asks + 1) : steps) {
    if ('ask' in step) {
      if (step.forgets !== true) writeFileSync(MEMORY, '')
      return { _meta: { yardmaster: { needs: step.ask } } }
    }
    if ('write' in step) write(step.write, step.text)
    else if ('note' in step) appendFileSync(step.note, `${prompt}\n`)
    else if ('see' in step) see(step.see)
    else if ('until' in step) while (!existsSync(step.until)) await tick()
    else if ('crash' in step) process.exit(step.crash)
    else if ('unless' in step && found.has(step.unless ?? '')) continue
    else if ('spend' in step) spend(step.spend)
    else if ('talk' in step) for (;;) await tick().then(() => say('On and on.\n'))
    else {
      stays = true
      process.on('SIGTERM', () => {})
    }
  }
  return {}
}

const spend = (amount: number): void =>
  send({
    method: 'session/update',
    params: {
      sessionId: 's',
      update: {
        sessionUpdate: 'usage_update',
        used: 1_000,
        size: 200_000,
        cost: { amount, currency: 'USD' },
      },
    },
  })

const see = (path: string): void =>
  appendFileSync(
    'seen.txt',
    `${path}: ${existsSync(path) ? readFileSync(path, 'utf8').trim() : 'absent'}\n`,
  )

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    say(`Wrote ${path}.\n`)
  } catch (error) {
    say(`Could not write ${path}: ${(error as NodeJS.ErrnoException).code}.\n`)
  }
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, method, params } = JSON.parse(line) as Message
    const reply = (result: object): void => send({ id, result })
    if (method === 'initialize')
      reply({ protocolVersion: 1, agentCapabilities: { loadSession: true } })
    else if (method === 'session/load') {
      loaded = existsSync(MEMORY)
      if (loaded) reply({})
      else send({ id, error: { code: -32602, message: 'Session not found' } })
    } else if (method === 'session/new') reply({ sessionId: 's' })
    else if (method === 'session/prompt') {
      const prompt = (params?.prompt ?? []).map((part) => part.text ?? '').join('\n')
      void work(prompt).then((more) => reply({ stopReason: 'end_turn', ...more }))
    }
  })
  .on('close', () => {
    if (!stays) process.exit(0)
  })
