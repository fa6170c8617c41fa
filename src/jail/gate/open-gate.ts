/**
 * The proxy through which a jail with no network of its own reaches the few places that it may: on a unix socket that
 * only this jail sees. CONNECT and plain requests are judged by the list and by the address; a request to the proxy
 * itself is one to the model. It believes nothing that is said to it and keeps no request to itself.
 */
import { request as requestHttp, createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { pipeline, type Duplex } from 'node:stream'
import type { Gate } from '../../ports/jail.ts'
import { askModel } from './ask-model.ts'
import { keepDenials } from './denials.ts'
import { forward, say } from './forward.ts'
import { handedOn } from './headers.ts'
import { addressOf, systemResolve, type Resolve } from './resolve.ts'
import { allowList, sayTarget, targetOf, type Target } from './targets.ts'

export interface OpenGate {
  /** Holds the socket and nothing else. */
  readonly folder: string
  readonly socket: string
  readonly denied: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Of one jail at a time: npm opens 50, a browser test some more; each costs us two sockets and no more than 128 KiB. */
const CONNECTIONS = 256

/**
 * An agent asks its model again when its tools are done, which takes minutes; a connection that is closed in the moment
 * in which it is used again looks like a failure of the provider. Milliseconds.
 */
const KEEP_ALIVE = 600_000

type Way =
  | { readonly kind: 'open'; readonly address: string; readonly target: Target }
  | { readonly kind: 'closed'; readonly status: 403 | 502; readonly why: string }

/** `within`: a folder whose path is short (a socket's own may have 103 characters). Throws what the system says. */
export async function openGate(
  within: string,
  { allow, model }: Gate,
  resolve: Resolve = systemResolve,
): Promise<OpenGate> {
  const judge = allowList(allow)
  const denials = keepDenials()
  const sockets = new Set<Duplex>()
  const keep = <Stream extends Duplex>(socket: Stream): Stream => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    return socket
  }

  async function wayTo(target: Target | null, asked: string): Promise<Way> {
    if (target === null) return deny(asked)
    const { allowed, written } = judge(target)
    if (!allowed) return deny(sayTarget(target))
    const found = await addressOf(target, written, resolve)
    if (found.kind === 'found') return { kind: 'open', address: found.address, target }
    return found.kind === 'private'
      ? deny(sayTarget(target))
      : { kind: 'closed', status: 502, why: `${target.host} has no address` }
  }

  function deny(where: string): Way {
    denials.add(where)
    return { kind: 'closed', status: 403, why: 'not let through by the network policy' }
  }

  async function tunnel(asked: string, socket: Duplex, head: Buffer): Promise<void> {
    const way = await wayTo(targetOf(asked), asked)
    if (way.kind === 'closed') {
      socket.end(refusal(way.status, way.why))
      return
    }
    const upstream = keep(
      connect({ host: way.address, port: way.target.port, allowHalfOpen: true }),
    )
    const failed = (error: Error): void => void socket.end(refusal(502, error.message))
    socket.once('close', () => upstream.destroy())
    upstream.once('error', failed).once('connect', () => {
      upstream.off('error', failed)
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.write(head)
      pipeline(socket, upstream, () => {})
      pipeline(upstream, socket, () => {})
    })
  }

  async function plain(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = request.url ?? ''
    if (asked.startsWith('/')) {
      if (model === null) say(response, 404, 'a proxy; there is nothing here')
      else askModel(model, request, response)
      return
    }
    const url = URL.parse(asked)
    const target =
      url?.protocol === 'http:' ? targetOf(`${url.hostname}:${url.port || '80'}`) : null
    const way = await wayTo(target, url?.host ?? asked)
    if (way.kind === 'closed' || url === null) {
      if (way.kind === 'closed') say(response, way.status, way.why)
      return
    }
    const outgoing = requestHttp({
      host: way.address,
      port: way.target.port,
      path: url.pathname + url.search,
      method: request.method,
      // What was judged is what is asked for, whatever the request's own Host says.
      headers: { ...handedOn(request.headers), host: url.host },
      agent: false,
    })
    forward(request, outgoing, response)
  }

  // No limit on the time of a request: a model thinks for minutes, and what hangs takes one place of its own jail's.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE })
  server.maxConnections = CONNECTIONS
  server.on('connection', (socket: Socket) => void keep(socket))
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    tunnel(request.url ?? '', socket, head).catch(() => socket.destroy())
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    plain(request, response).catch(() => response.destroy())
  })
  const folder = await mkdtemp(join(within, 'gate-'))
  const socket = join(folder, 'gate')
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(socket, resolve)
    })
    await chmod(socket, 0o600)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return {
    folder,
    socket,
    denied: denials.list,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const each of sockets) each.destroy()
      await closed
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const refusal = (status: number, why: string): string =>
  `HTTP/1.1 ${status} Closed\r\nconnection: close\r\n\r\n${why}\n`
