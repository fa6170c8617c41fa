/**
 * The control socket: how CLI verbs reach a live process, whose embedded store nobody else may open. They read, have a
 * backup written, and pause and resume work; nothing else can be changed through it.
 * HTTP over a Unix socket that only the owner can reach, so there is neither a port nor a token.
 */
import { chmodSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import type { Context } from 'hono'
import type { Log } from '../ports/log.ts'
import type { BoardSync } from '../ports/board-sync.ts'
import type { PauseWish, Pausing } from '../ports/pausing.ts'
import type { ReviewedWish, Reviewing } from '../ports/reviewing.ts'
import type { TaskHead, Upkeep } from '../ports/upkeep.ts'
import { controlPath, makePrivateFolder } from './control-path.ts'
import type { IssueName } from './issue-name.ts'
import { parseIssueName } from './issue-name.ts'
import type { Prompting, Reading, StatusView } from './view-types.ts'

export interface ControlOptions {
  readonly dataFolder: string
  readonly reading: Reading
  readonly upkeep: Upkeep
  readonly pausing: Pausing
  readonly reviewing: Reviewing
  readonly boards: BoardSync
  readonly prompting: Prompting
  readonly status: () => StatusView
  readonly log: Log
}

export interface Control {
  readonly path: string
  close(): Promise<void>
}

/** The caller holds the lock of the data folder: a socket that is there already was left behind by a dead process. */
export async function startControl(options: ControlOptions): Promise<Control> {
  const { dataFolder, log } = options
  const path = controlPath(dataFolder)
  makePrivateFolder(path)
  rmSync(path, { force: true })

  const listener = getRequestListener(routes(options).fetch, { overrideGlobalObjects: false })
  const server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  server.on('error', (error) => log.warn({ error }, 'the control socket failed'))
  chmodSync(path, 0o600)
  return {
    path,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

/** Answers carry our version, so that a CLI of another version says so instead of misreading them. */
function routes({
  reading,
  upkeep,
  pausing,
  reviewing,
  boards,
  prompting,
  status,
  log,
}: ControlOptions): Hono {
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    c.header('x-yardmaster-version', status().version)
  })
  app.onError((error, c) => {
    log.warn({ error }, 'a question on the control socket failed')
    return c.json({ message: error.message }, 500)
  })
  app.get('/v1/status', (c) => c.json(status()))
  app.get('/v1/queue', async (c) =>
    c.json(await reading.queue({ all: c.req.query('all') === '1' })),
  )
  app.get('/v1/reviews', async (c) => c.json(await reading.reviews()))
  app.post('/v1/reviewed', async (c) =>
    c.json(await reviewing.done(await c.req.json<ReviewedWish>())),
  )
  app.get('/v1/task', async (c) => {
    const name = nameOf(c)
    return name === null ? c.json(UNREADABLE, 400) : c.json(await reading.task(name))
  })
  app.get('/v1/ledger', async (c) => {
    const name = nameOf(c)
    return name === null ? c.json(UNREADABLE, 400) : c.json(await reading.ledger(name))
  })
  app.get('/v1/prompt', async (c) => {
    const name = nameOf(c)
    return name === null ? c.json(UNREADABLE, 400) : c.json(await prompting.preview(name))
  })
  app.post('/v1/backup', async (c) => {
    const { file } = await c.req.json<BackupWish>()
    if (upkeep.backup === null) return c.json(WITH_ITS_OWN_TOOLS, 409)
    return c.json(await upkeep.backup(file))
  })
  app.post('/v1/verify', async (c) => {
    const { anchored } = await c.req.json<VerifyWish>()
    return c.json(await upkeep.verifyLedgers(anchored))
  })
  app.post('/v1/pause', async (c) => c.json(await pausing.pause(await c.req.json<PauseWish>())))
  app.post('/v1/resume', async (c) =>
    c.json(await pausing.resume(await c.req.json<Pick<PauseWish, 'repository'>>())),
  )
  app.post('/v1/boards', async (c) =>
    c.json(await boards.sync((await c.req.json<BoardsWish>()).repository)),
  )
  app.get('/v1/heads', async (c) => c.json(await upkeep.ledgerHeads()))
  return app
}

/** Asked by our own program, as the same user. */
export interface BackupWish {
  /** Absolute. */
  readonly file: string
}
export interface BoardsWish {
  readonly repository: string | null
}
export interface VerifyWish {
  readonly anchored: readonly TaskHead[]
}

const WITH_ITS_OWN_TOOLS = {
  message: 'The store is a PostgreSQL server: back it up with pg_dump, which works while it runs.',
}

const UNREADABLE = { message: 'The issue is named as owner/repo#12.' }
const nameOf = (c: Context): IssueName | null => parseIssueName(c.req.query('issue') ?? '')
