/**
 * A model on loopback that does what a script says, in the dialects that coding agents speak. It keeps nothing between
 * two requests: an agent sends the whole conversation each time, so what a script knows is what the agent remembers.
 */
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { anthropic } from './anthropic.ts'
import { chat } from './chat.ts'
import type { Conversation, Script, Step } from './conversation.ts'
import type { Dialect, Reply } from './dialect.ts'
import { gemini } from './gemini.ts'
import { fields } from './json.ts'
import { responses } from './responses.ts'

const DIALECTS: readonly Dialect[] = [anthropic, responses, chat, gemini]

interface Heard {
  readonly path: string
  readonly conversation: Conversation | null
  readonly step: Step | null
  /** The names of the headers by which it said who pays, with their values. */
  readonly credentials: Readonly<Record<string, string>>
  readonly body: string
}

export interface Model {
  /** Without a slash at its end. */
  readonly url: string
  readonly heard: readonly Heard[]
  close(): Promise<void>
}

const CREDENTIALS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key']

export async function serveModel(script: Script): Promise<Model> {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.stderr.write(`the scripted model failed: ${String(error)}\n`)
      response.destroy()
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const body = await text(request)
    const dialect = DIALECTS.find((each) => each.serves(pathname))
    const parsed = { ...fields(body === '' ? {} : JSON.parse(body)) }
    if (pathname.endsWith(':streamGenerateContent') || searchParams.get('alt') === 'sse')
      parsed['stream'] = true
    const conversation = request.method === 'POST' ? (dialect?.read(parsed) ?? null) : null
    const step = conversation === null ? null : script(conversation)
    heard.push({ path: pathname, conversation, step, credentials: credentialsOf(request), body })
    if (dialect === undefined || step === null) {
      const error = { type: 'not_found_error', message: `nothing at ${pathname}` }
      response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
      return
    }
    send(response, dialect.answer(step, parsed, `${heard.length}`))
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.kind === 'json') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  for (const event of reply.events) {
    const name = 'type' in event ? `event: ${String(event.type)}\n` : ''
    response.write(`${name}data: ${JSON.stringify(event)}\n\n`)
  }
  response.end(reply.done === undefined ? '' : `data: ${reply.done}\n\n`)
}

const credentialsOf = ({ headers }: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    CREDENTIALS.flatMap((name) => {
      const value = headers[name]
      return value === undefined ? [] : [[name, String(value)]]
    }),
  )
