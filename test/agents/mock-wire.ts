/** The stand-in's end of the protocol, by hand, and what it was told and asked for: one process plays one behaviour. */
import { writeSync } from 'node:fs'

export interface Message {
  readonly id?: unknown
  readonly method?: string
  readonly params?: Record<string, unknown>
  readonly result?: unknown
  readonly error?: unknown
}

/** What it does with the words of a prompt. */
type Behaviour = (text: string) => void | Promise<void>
export type Behaviours = Readonly<Record<string, Behaviour>>

export const [behaviour = 'good', extra = ''] = process.argv.slice(2)
export const SESSION = 'mock-1'
/** What the client told us before the prompt. */
export const told: Record<string, unknown> = { model: 'small' }
/** The prompt that is to be answered, and how many there were. */
export const prompted: { id: unknown; turns: number } = { id: null, turns: 0 }

export const send = (message: object): void => {
  writeSync(1, `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}
export const reply = (id: unknown, result: unknown): void => send({ id, result })
export const update = (body: object, sessionId = SESSION): void =>
  send({ method: 'session/update', params: { sessionId, update: body } })
export const say = (text: string): void =>
  update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } })
export const endTurn = (more: object = {}): void =>
  reply(prompted.id, { stopReason: 'end_turn', ...more })
export const failure = (category: string, title: string, more: object = {}): object => ({
  jetbrains: {
    air: { sessionFailure: { id: 'f', revision: 1, category, title, actions: [], ...more } },
  },
})

let nextId = 100
const waiting = new Map<unknown, (answer: Message) => void>()

export function request(method: string, params: object): Promise<Message> {
  const id = nextId++
  send({ id, method, params })
  return new Promise((resolve) => waiting.set(id, resolve))
}

export const answered = (message: Message): void => waiting.get(message.id)?.(message)

export const hang = (): void => {
  setInterval(() => {}, 1_000)
}
