// The emulator's pages: what a person with no GitHub account clicks through. Rendered on the server,
// usable without script; every deed goes through the verbs as the person one acts as.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { etag } from 'hono/etag'
import { secureHeaders } from 'hono/secure-headers'
import { forbidden, Refusal } from '../world/refusal.ts'
import { actingRoutes, actingUser } from './acting-as.ts'
import { assetRoutes } from './assets/serve-assets.ts'
import { missingPage, refusedPage } from './refused.ts'
import { textOf, type PageEnv, type Site } from './visit.ts'
import { appLogRoutes } from './views/app-log.ts'
import { blobRoutes } from './views/blob.ts'
import { checkRunRoutes } from './views/check-run.ts'
import { codeRoutes } from './views/code.ts'
import { compareRoutes } from './views/compare.ts'
import { commitRoutes } from './views/commit.ts'
import { createRoutes } from './views/create.ts'
import { editFileRoutes } from './views/edit-file.ts'
import { issueDeedRoutes } from './views/issue-deeds.ts'
import { issueListRoutes } from './views/issue-lists.ts'
import { issueRoutes } from './views/issue.ts'
import { projectRoutes } from './views/projects.ts'
import { pullDeedRoutes } from './views/pull-deeds.ts'
import { pullRoutes } from './views/pull.ts'
import { repositoriesRoutes } from './views/repositories.ts'
import { settingsRoutes } from './views/settings.ts'

const MOST_BYTES = 4 * 1024 * 1024

/** To be mounted behind the server's guard, which refuses foreign hosts and origins. */
export function createPages(site: Site): Hono<PageEnv> {
  const app = new Hono<PageEnv>()
  // Another site can neither read this nor guess it, so a form that carries it is one of ours.
  const token = randomBytes(24).toString('base64url')
  app.use(secureHeaders(HEADERS))
  app.use(async (c, next) => {
    const { pathname, search } = new URL(c.req.url)
    const me = actingUser(site.world, c)
    c.set('visit', { site, me, token, path: `${pathname}${search}` })
    await next()
  })
  app.get('*', etag(), async (c, next) => {
    await next()
    c.header('cache-control', c.res.headers.get('cache-control') ?? 'private, no-cache')
  })
  app.post('*', bodyLimit({ maxSize: MOST_BYTES }), async (c, next) => {
    const form = await c.req.formData()
    c.set('form', form)
    if (!isSame(textOf(form, 'token'), token)) {
      throw forbidden(
        'This form is from before the emulator was started, or from somewhere else. Load its page again',
      )
    }
    // What a page says is what happens, even if another tab has switched to somebody else since.
    const shown = site.world.users.get(textOf(form, 'acting').toLowerCase())
    if (shown?.type === 'User') c.set('visit', { ...c.get('visit'), me: shown })
    await next()
  })
  assetRoutes(app)
  actingRoutes(app)
  // Fixed addresses before those that begin with an owner's name.
  appLogRoutes(app)
  createRoutes(app)
  projectRoutes(app)
  issueListRoutes(app)
  issueDeedRoutes(app)
  issueRoutes(app)
  pullDeedRoutes(app)
  pullRoutes(app)
  compareRoutes(app)
  checkRunRoutes(app)
  commitRoutes(app)
  blobRoutes(app)
  editFileRoutes(app)
  settingsRoutes(app)
  codeRoutes(app)
  repositoriesRoutes(app)
  app.notFound((c) => c.html(missingPage(c.get('visit')), 404))
  app.onError((error, c) => {
    // Anything else is our own bug; the server records it as a violation.
    if (!(error instanceof Refusal)) throw error
    const referrer = c.req.header('referer')
    const refused = { refusal: error, form: c.get('form') ?? null, referrer }
    return c.html(refusedPage(c.get('visit'), refused), statusOf(error))
  })
  return app
}

const HEADERS: Parameters<typeof secureHeaders>[0] = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    // Colours of labels, checked to be six hexadecimal digits.
    styleSrcAttr: ["'unsafe-inline'"],
    scriptSrc: ["'self'"],
    connectSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'same-origin',
  strictTransportSecurity: false,
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function statusOf({ status }: Refusal): 403 | 404 | 405 | 409 | 422 {
  return status === 403 || status === 404 || status === 405 || status === 409 ? status : 422
}
