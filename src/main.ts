/** The composition root: plain settings in, a running Yardmaster out. The only file that knows every room. */
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Probot, createNodeMiddleware } from 'probot'
import type { Logger } from 'pino'
import { createAgents } from './agents/create-agents.ts'
import { createApp } from './app.ts'
import type { OperatorSettings } from './domain/settings.ts'
import { startEngine } from './engine/engine.ts'
import type { Engine } from './engine/engine.ts'
import { createGit } from './git/create-git.ts'
import { createGitHub } from './github/create-github.ts'
import type { GitHub } from './github/create-github.ts'
import { createWebhookCounters, factsOf } from './github/webhook.ts'
import { chooseJail } from './jail/choose-jail.ts'
import type { Store } from './ports/store.ts'
import { openEmbedded } from './store/embedded.ts'
import { openPostgres } from './store/postgres.ts'
import { systemClock } from './system/clock.ts'
import { systemIds } from './system/ids.ts'
import { createWorkspace } from './workspace/create-workspace.ts'

export interface YardmasterSettings {
  readonly app: { readonly id: number; readonly privateKey: string; readonly webhookSecret: string }
  readonly apiUrl: string
  readonly webUrl: string
  readonly databaseUrl: string | null
  readonly dataFolder: string
  readonly operator: OperatorSettings
  readonly listen: { readonly host: string; readonly port: number }
  /** The operator's environment: profiles name what of it an agent may see. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: Logger
  readonly onAgentStarted?: (task: string, pid: number) => void
}

export interface Yardmaster {
  readonly url: string
  readonly webhookUrl: string
  readonly engine: Engine
  readonly store: Store
  readonly github: GitHub
  readonly jailKind: 'bwrap' | 'none'
  stop(): Promise<void>
}

/** GitHub waits ten seconds; a sender that needs longer than this for its headers or body is none (T39). Milliseconds. */
const SLOW_SENDER = 5_000
const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)))

/** Throws `FolderInUse`, `StoreTooNew` or `WorldFault` with a message for the operator when it cannot start. */
export async function startYardmaster(settings: YardmasterSettings): Promise<Yardmaster> {
  const { dataFolder, log, operator } = settings
  const clock = systemClock
  const ids = systemIds
  const folder = (name: string): string => join(dataFolder, name)
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })

  const store =
    settings.databaseUrl === null
      ? await openEmbedded({ folder: folder('store'), clock, log })
      : await openPostgres({ url: settings.databaseUrl, clock, log })
  try {
    const github = createGitHub({
      appId: settings.app.id,
      privateKey: settings.app.privateKey,
      baseUrl: settings.apiUrl,
      webUrl: settings.webUrl,
      clock,
      log,
      paceMilliseconds: operator.paceMilliseconds,
      allowed: operator.repositories,
    })
    const identity = await github.identity()
    const jail = await chooseJail({
      choice: operator.jail,
      folder: folder('jail'),
      path: settings.environment['PATH'] ?? '',
      clock,
      ids,
      log,
    })
    await jail.reap()
    const git = createGit({ folder: folder('git'), remote: github.gitRemote, log })
    const workspace = createWorkspace({
      folder: folder('work'),
      git,
      jail,
      clock,
      ids,
      log,
      network: operator.network,
    })
    const agents = createAgents({
      jail,
      clock,
      log,
      network: operator.network,
      environment: settings.environment,
      readable: [],
      builtinPatch: {
        argv: [process.execPath, join(PACKAGE, 'src/agents/builtin/patch/main.ts')],
        readable: [PACKAGE, dirname(dirname(process.execPath))],
      },
    })
    const engine = await startEngine({
      store,
      tracker: github.tracker,
      codeHost: github.codeHost,
      installations: github.installations,
      git,
      workspace,
      agents,
      clock,
      ids,
      log,
      operator,
      jailKind: jail.kind,
      runner:
        store.kind === 'embedded' ? 'embedded' : `${hostname()}:${process.pid}:${ids.unique()}`,
      identity: {
        name: `${identity.slug}[bot]`,
        email: `${identity.slug}[bot]@users.noreply.github.com`,
      },
      webUrl: settings.webUrl,
      ...(settings.onAgentStarted === undefined ? {} : { onAgentStarted: settings.onAgentStarted }),
    })
    const accept = async (delivery: {
      readonly id: string
      readonly name: string
      readonly payload: unknown
    }): Promise<void> => {
      const facts = await factsOf(delivery, { slug: identity.slug, findTask, counters })
      if (facts.length > 0) await engine.accept(facts)
    }
    const counters = createWebhookCounters()
    const findTask: Parameters<typeof factsOf>[1]['findTask'] = async (repo, number) =>
      (await store.find(repo, number))?.id ?? null
    const server = await listen(settings, accept)
    const { address, port } = server.address() as AddressInfo
    const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`
    return {
      url,
      webhookUrl: `${url}/api/github/webhooks`,
      engine,
      store,
      github,
      jailKind: jail.kind,
      async stop() {
        await closeServer(server)
        await engine.stop()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

async function listen(
  settings: YardmasterSettings,
  accept: Parameters<typeof createApp>[0],
): Promise<Server> {
  const probot = new Probot({
    appId: settings.app.id,
    privateKey: settings.app.privateKey,
    secret: settings.app.webhookSecret,
    baseUrl: settings.apiUrl,
    log: settings.log.child({ room: 'probot' }, { level: 'warn' }),
  })
  const middleware = await createNodeMiddleware(createApp(accept), { probot })
  const server = createServer(
    { headersTimeout: SLOW_SENDER, requestTimeout: SLOW_SENDER * 2 },
    (request, response) => {
      void middleware(request, response, () => {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('Nothing is here.\n')
      })
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.listen.port, settings.listen.host, resolve)
  })
  return server
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await closed
}
