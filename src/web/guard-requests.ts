/** Keeps web pages away from a server on loopback (T41): by another name for it (DNS rebinding), or by a request across origins. */
import type { MiddlewareHandler } from 'hono'

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1', '[::1]'])

/**
 * `listening`: the host that the server binds to. On loopback only loopback names are answered, so that a name
 * which somebody points there is not. Whatever it binds to, nothing but reading is possible from another origin.
 */
export function guardRequests(listening: string): MiddlewareHandler {
  const local = LOOPBACK.has(listening)
  return async (c, next) => {
    const url = new URL(c.req.url)
    if (local && !LOOPBACK.has(url.hostname)) return c.text('Not by that name.\n', 403)
    const origin = c.req.header('origin')
    const foreign = origin !== undefined && !sameHost(origin, url.host)
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD'
    if (foreign && !reads) return c.text('Not from another page.\n', 403)
    return await next()
  }
}

const sameHost = (origin: string, host: string): boolean =>
  URL.canParse(origin) && new URL(origin).host === host
