// Runs `git http-backend` (a CGI program) for one request, streaming the request to it.
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { IncomingMessage } from 'node:http'
import type { Readable, Writable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { GIT_ENV } from './run-git.ts'

const TIME_LIMIT_MS = 300_000
const MAX_HEAD = 16 * 1024

export type Backend = {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  /** What came with the head; the rest follows on `stream`. */
  readonly first: Buffer
  readonly stream: Readable
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
}

export async function startBackend(
  req: IncomingMessage,
  given: {
    readonly gitDir: string
    /** After the repository, such as `/info/refs`. */
    readonly service: string
    readonly query: string
    readonly user: string | null
    readonly env: Readonly<Record<string, string>>
  },
): Promise<Backend> {
  const { headers } = req
  const gzipped = headers['content-encoding'] === 'gzip'
  const child = spawn('git', ['http-backend'], {
    env: {
      ...GIT_ENV,
      ...given.env,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROJECT_ROOT: given.gitDir,
      PATH_INFO: given.service,
      QUERY_STRING: given.query,
      REQUEST_METHOD: req.method ?? 'GET',
      CONTENT_TYPE: headers['content-type'] ?? '',
      ...(gzipped ? {} : { CONTENT_LENGTH: headers['content-length'] ?? '' }),
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      REMOTE_USER: given.user ?? '',
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: TIME_LIMIT_MS,
  })
  child.stdin.on('error', () => {})
  child.stderr.resume()
  if (gzipped) {
    const unzip = createGunzip()
    unzip.on('error', () => child.kill())
    req.pipe(unzip).pipe(child.stdin)
  } else req.pipe(child.stdin)
  req.on('aborted', () => child.kill())
  return readHead(child)
}

async function readHead(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
): Promise<Backend> {
  return new Promise((resolve, reject) => {
    let data = Buffer.alloc(0)
    const fail = (why: string): void => {
      child.kill()
      reject(new Error(`git http-backend: ${why}`))
    }
    const onEnd = (): void => fail('ended without an answer')
    const onData = (chunk: Buffer): void => {
      data = Buffer.concat([data, chunk])
      const end = data.indexOf('\r\n\r\n')
      if (end < 0) {
        if (data.length > MAX_HEAD) fail('its head is too long')
        return
      }
      child.stdout.off('data', onData)
      child.stdout.off('end', onEnd)
      child.stdout.pause()
      const lines = data.toString('latin1', 0, end).split('\r\n')
      const headers = lines.map((line): readonly [string, string] => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon), line.slice(colon + 1).trim()]
      })
      const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? '200'
      resolve({
        status: Number.parseInt(status, 10),
        headers: headers.filter(([name]) => name.toLowerCase() !== 'status'),
        first: data.subarray(end + 4),
        stream: child.stdout,
        child,
      })
    }
    child.on('error', reject)
    child.stdout.on('data', onData)
    child.stdout.on('end', onEnd)
  })
}
