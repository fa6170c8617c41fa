/** Carries one HTTP exchange through: request to where it goes, answer back, as the bytes come; whichever side breaks ends both. */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { handedOn } from './headers.ts'

export function forward(
  request: IncomingMessage,
  outgoing: ClientRequest,
  response: ServerResponse,
): void {
  response.on('close', () => outgoing.destroy())
  response.on('error', () => outgoing.destroy())
  outgoing.on('error', (error) => {
    if (response.headersSent) response.destroy()
    else say(response, 502, error.message)
  })
  outgoing.on('response', (answer) => {
    // At once: a model's answer comes word by word, and each is evidence that it lives.
    response.writeHead(answer.statusCode ?? 502, handedOn(answer.headers, ['transfer-encoding']))
    response.flushHeaders()
    pipeline(answer, response, () => {})
  })
  pipeline(request, outgoing, () => {})
}

export function say(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' })
  response.end(`${words}\n`)
}
