/** git's own HTTP backend behind a small server that demands a credential and can be told to misbehave. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { onTestFinished } from 'vitest'
import type { GitRemote } from '../../src/ports/git.ts'
import { PATH } from './world.ts'

export interface HttpRemote {
  readonly origin: string
  readonly remote: GitRemote
  /** Tokens minted so far. */
  readonly minted: readonly string[]
  /** What every request carried, in order. */
  readonly requests: readonly { readonly url: string; readonly authorization: string | undefined }[]
  /** Answers each request with that status instead, until set back to null. */
  misbehave(how: Misbehaviour | null): void
}

export type Misbehaviour =
  | { readonly kind: 'status'; readonly status: number; readonly body: string }
  | { readonly kind: 'redirect'; readonly to: string }
  /** Lets the push through to the repository, and drops the connection before the answer. */
  | { readonly kind: 'lose-answer' }
  /** The first so many tokens are accepted no more. */
  | { readonly kind: 'revoke'; readonly first: number }
  | { readonly kind: 'drop' }
  | { readonly kind: 'stall' }

export async function httpRemote(repository: string): Promise<HttpRemote> {
  const minted: string[] = []
  const requests: { url: string; authorization: string | undefined }[] = []
  let how: Misbehaviour | null = null
  const server = createServer((request, response) => {
    const { authorization } = request.headers
    requests.push({ url: request.url ?? '', authorization })
    const expected = `Basic ${Buffer.from(`x-access-token:${minted.at(-1)}`).toString('base64')}`
    const pushes = request.method === 'POST' && request.url?.endsWith('/git-receive-pack') === true
    const revoked = how?.kind === 'revoke' && minted.length <= how.first
    if (how !== null && how.kind !== 'revoke' && (how.kind !== 'lose-answer' || pushes))
      return misbehave(how, request, response, repository)
    if (authorization !== expected || revoked) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end()
      return
    }
    backend(request, response, repository)
  })
  const origin = await listen(server)
  return {
    origin,
    minted,
    requests,
    misbehave: (next) => {
      how = next
    },
    remote: {
      url: () => `${origin}/shop.git`,
      credential: async (_, access) => {
        const token = `ghs_${access}_${crypto.randomUUID().replaceAll('-', '')}`
        minted.push(token)
        return await Promise.resolve({ username: 'x-access-token', password: token })
      },
      refused: async () => await Promise.resolve(how?.kind === 'revoke'),
    },
  }
}

export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function misbehave(
  how: Exclude<Misbehaviour, { kind: 'revoke' }>,
  request: IncomingMessage,
  response: ServerResponse,
  repository: string,
): void {
  switch (how.kind) {
    case 'status':
      response.writeHead(how.status, { 'Content-Type': 'text/plain' }).end(how.body)
      return
    case 'redirect':
      response.writeHead(302, { Location: `${how.to}${request.url ?? ''}` }).end()
      return
    case 'drop':
      request.socket.destroy()
      return
    case 'stall':
      return
    case 'lose-answer':
      backend(request, null, repository, () => request.socket.destroy())
  }
}

function backend(
  request: IncomingMessage,
  response: ServerResponse | null,
  repository: string,
  done: () => void = () => {},
): void {
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH,
      GIT_PROJECT_ROOT: dirname(repository),
      GIT_HTTP_EXPORT_ALL: '1',
      REMOTE_USER: 'app',
      PATH_INFO: path.replace('/shop.git', repository.slice(dirname(repository).length)),
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.on('error', () => {})
  request.pipe(child.stdin)
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.once('close', () => {
    const out = Buffer.concat(chunks)
    const end = out.indexOf('\r\n\r\n')
    for (const line of out.subarray(0, end).toString().split('\r\n')) {
      const [name = '', value = ''] = line.split(': ')
      if (name === 'Status') response?.writeHead(Number(value.slice(0, 3)))
      else if (name !== '' && response?.headersSent === false) response.setHeader(name, value)
    }
    response?.end(out.subarray(end + 4))
    done()
  })
}
