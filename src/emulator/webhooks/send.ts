// Sends one webhook over HTTP as GitHub's hookshot does: signed, with a deadline of ten seconds.
import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { request as requestTls } from 'node:https'

// GitHub gives up on a delivery after ten seconds.
const TIMEOUT_MS = 10_000
const MAX_RESPONSE = 64 * 1024

export type Reply = {
  /** 0 when nothing answered. */
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly seconds: number
}

export function sign(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** Never rejects: a dead receiver is a delivery of status 0, kept in the log. */
export async function send(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Reply> {
  const started = performance.now()
  return new Promise((resolve) => {
    const end = (status: number, text: string, rest: Partial<Reply> = {}): void => {
      const seconds = Math.round(performance.now() - started) / 1000
      resolve({ status, text, headers: {}, body: '', ...rest, seconds })
    }
    const open = url.startsWith('https:') ? requestTls : request
    let call
    try {
      call = open(url, {
        method: 'POST',
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
    } catch (error) {
      end(0, `invalid url: ${String(error)}`)
      return
    }
    call.on('error', (error) => {
      end(
        0,
        error.name === 'TimeoutError' || error.name === 'AbortError'
          ? 'timed out'
          : 'failed to connect',
      )
    })
    call.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= MAX_RESPONSE) chunks.push(chunk)
      })
      response.on('error', () => end(0, 'timed out'))
      response.on('end', () => {
        const status = response.statusCode ?? 0
        const shown = Object.entries(response.headers).map(([key, value]) => [key, String(value)])
        end(status, status >= 200 && status < 300 ? 'OK' : (response.statusMessage ?? ''), {
          headers: Object.fromEntries(shown),
          body: Buffer.concat(chunks).toString(),
        })
      })
    })
    call.end(body)
  })
}
