/**
 * Stands before Probot's receiver. What is not signed by GitHub byte for byte is refused; what is signed and yet makes
 * no sense is let go, because Probot's own code, which reads two fields before ours does, would end in a 500 on it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

export interface WebhookGuard {
  /** Such as `/api/github/webhooks`. */
  readonly path: string
  readonly secret: string
  /** A delivery that GitHub signed and that no event looks like. */
  readonly malformed: () => void
  readonly log: { warn(message: string): void }
}

/** GitHub sends at most 25 MB. */
const LARGEST = 25 * 1024 * 1024
const SIGNATURE = /^sha256=[0-9a-f]{64}$/

/** `next` gets what passes, with its body read; and every request to another address as it is. */
export function guardWebhooks(guard: WebhookGuard, next: RequestListener): RequestListener {
  return (request, response) => {
    const here = request.method === 'POST' && request.url?.split('?')[0] === guard.path
    if (!here) return next(request, response)
    receive(guard, request, response, next).catch(() => {
      // The sender hung up or fell silent in the middle: there is nobody to answer.
      response.destroy()
    })
  }
}

async function receive(
  guard: WebhookGuard,
  request: IncomingMessage,
  response: ServerResponse,
  next: RequestListener,
): Promise<void> {
  const body = await read(request)
  if (body === null) return answer(response, 413, 'The body is larger than GitHub sends.')
  if (!isSigned(body, request.headers['x-hub-signature-256'], guard.secret)) {
    guard.log.warn('a webhook was refused: its signature does not match the secret')
    return answer(response, 400, 'The signature does not match.')
  }
  const text = body.toString()
  const payload = parse(text)
  if (payload === undefined) return answer(response, 400, 'The body is no JSON.')
  if (!isAddressed(payload)) {
    guard.malformed()
    return answer(response, 200, 'It makes no sense, and was let go.')
  }
  // Where Probot looks before it reads the request itself.
  next(Object.assign(request, { body: text }), response)
}

async function read(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Over the bytes as they came. The length is compared first, the rest in constant time (T37). */
function isSigned(body: Buffer, given: string | readonly string[] | undefined, secret: string) {
  if (typeof given !== 'string' || !SIGNATURE.test(given)) return false
  const right = createHmac('sha256', secret).update(body).digest()
  return timingSafeEqual(right, Buffer.from(given.slice('sha256='.length), 'hex'))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Probot makes an event's name of `action` and a number of `installation.id`, whatever they are. */
function isAddressed(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return false
  const { action, installation } = payload as { action?: unknown; installation?: unknown }
  if (action !== undefined && action !== null && typeof action !== 'string') return false
  if (installation === undefined || installation === null) return true
  if (typeof installation !== 'object' || !('id' in installation)) return false
  return Number.isSafeInteger(installation.id) && Number(installation.id) > 0
}

function answer(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${words}\n`)
}
