/**
 * The way to the model. Whatever key the request carries is thrown away and the operator's is put in: so the agent
 * need not hold it, and cannot send anything to somebody else's account at the same model either.
 */
import { request as requestHttp } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { ModelDoor } from '../../ports/jail.ts'
import { forward } from './forward.ts'
import { handedOn } from './headers.ts'

/** Every way to say who pays that a model's API is known to take. */
const CREDENTIALS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie']

export function askModel(
  { upstream, header, secret }: ModelDoor,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const base = new URL(upstream)
  const send = base.protocol === 'https:' ? requestHttps : requestHttp
  const outgoing = send({
    hostname: base.hostname.replace(/^\[|\]$/g, ''),
    port: base.port,
    path: base.pathname.replace(/\/$/, '') + pathOf(request.url ?? '/', secret),
    method: request.method,
    headers: {
      ...handedOn(request.headers, secret === null ? [] : CREDENTIALS),
      host: base.host,
      ...(secret === null
        ? {}
        : { [header]: header === 'authorization' ? `Bearer ${secret}` : secret }),
    },
    // One connection for each request: what an agent leaves half-sent is nobody else's beginning.
    agent: false,
  })
  forward(request, outgoing, response)
}

/** Google's API also takes a key in the query. */
function pathOf(path: string, secret: string | null): string {
  if (secret === null) return path
  const [before = '', query] = path.split(/\?(.*)/s, 2)
  if (query === undefined) return path
  const kept = query.split('&').filter((part) => !/^(key|api_key|access_token)=/i.test(part))
  return kept.length === 0 ? before : `${before}?${kept.join('&')}`
}
