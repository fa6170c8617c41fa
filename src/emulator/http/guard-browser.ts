// The emulator has no log-in, so a web page of somebody else's, open in the same browser, must not
// be able to press its buttons: an issue labelled that way would start the user's own agent.
import type { MiddlewareHandler } from 'hono'

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses names that are not loopback (DNS rebinding) and writes that a foreign page sent. A client
 * that is no browser sends neither header and passes.
 */
export const guardBrowser: MiddlewareHandler = async (c, next) => {
  const host = c.req.header('host') ?? ''
  if (!LOOPBACK.test(host)) return c.text(`This is not ${host}`, 421)
  if (!SAFE.has(c.req.method) && isForeign(c.req.header('origin'), host)) {
    // Probot's set-up page posts a manifest from its own address, to a page that only shows it.
    if (!c.req.path.endsWith('/settings/apps/new') || (await confirms(c.req.raw))) {
      return c.text('Refused: the request came from another site', 403)
    }
  }
  await next()
  c.header('x-frame-options', 'DENY')
  return undefined
}

function isForeign(origin: string | undefined, host: string): boolean {
  return origin !== undefined && origin !== `http://${host}`
}

async function confirms(request: Request): Promise<boolean> {
  const form = await request.clone().formData()
  return form.has('confirm')
}
