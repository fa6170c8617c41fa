// The emulator's one HTTP server: git, the REST and GraphQL APIs, set-up pages, and whatever pages
// are mounted besides. Bound to loopback only.
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { gitAsk, serveGit } from '../git/smart-http.ts'
import { serveGraphql } from '../graphql/serve-graphql.ts'
import type { NodeEnv } from './answer-fault.ts'
import type { Deps } from './deps.ts'
import { guardBrowser } from './guard-browser.ts'
import { serveRest } from './serve-rest.ts'
import { setupPages } from './serve-setup.ts'

export type Running = {
  readonly port: number
  /** Asked for every address that is neither API, git nor set-up. */
  readonly mountPages: (pages: Hono) => void
  readonly close: () => Promise<void>
}

/** `port` 0 takes a free one. */
export async function listen(deps: Deps, port: number): Promise<Running> {
  const app = new Hono<NodeEnv>()
  app.use(guardBrowser)
  app.post('/api/graphql', async (c) => serveGraphql(deps, c))
  app.all('/api/v3', async (c) => serveRest(deps, c))
  app.all('/api/v3/*', async (c) => serveRest(deps, c))
  app.route('/', setupPages(deps.world))
  let pages: Hono | null = null
  // Routes cannot be added once Hono has served a request, so pages are asked at the end of all.
  app.all('*', async (c) => pages?.fetch(c.req.raw, c.env) ?? c.text('Not Found', 404))
  app.onError((error, c) => {
    // Our own bug: loud on both ends.
    deps.world.violate('response', `${c.req.method} ${c.req.path}`, error.stack ?? String(error))
    return c.json({ message: `The emulator failed: ${error.message}` }, 500)
  })
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const server = createServer((req, res) => {
    const ask = gitAsk(req.url ?? '/')
    if (ask === null) {
      void listener(req, res)
      return
    }
    serveGit(deps, ask, { req, res }).catch((error: unknown) => {
      deps.world.violate('response', `git ${req.url ?? ''}`, String(error))
      res.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: portOf(server),
    mountPages: (given) => {
      pages = given
    },
    close: async () => closeServer(server),
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
