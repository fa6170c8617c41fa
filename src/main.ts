/** The composition root: plain settings in, a running Yardmaster out. The only file that knows every room. */
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Probot, createNodeMiddleware } from 'probot'
import { createApp } from './app.ts'
import type { Accept } from './app.ts'
import { openExecution } from './compose/execution.ts'
import type { ExecutionSettings } from './compose/execution.ts'
import { blessedWords, createDesk } from './engine/desk.ts'
import { later } from './domain/ids.ts'
import type { TaskId } from './domain/ids.ts'
import { inEffect, isOfYard } from './domain/pause.ts'
import type { JailKind } from './domain/settings.ts'
import { isTerminal } from './domain/task.ts'
import { boardOf } from './engine/boards.ts'
import { createPolicyReader } from './engine/deps.ts'
import type { EngineDeps } from './engine/deps.ts'
import { startEngine } from './engine/engine.ts'
import { ALONE, TIMING } from './engine/timing.ts'
import type { Timing } from './engine/timing.ts'
import type { Engine } from './engine/engine.ts'
import { startPruningOutboxes } from './git/prune-outboxes.ts'
import { createGitHub } from './github/create-github.ts'
import type { GitHub } from './github/create-github.ts'
import { createWebhookCounters, factsOf } from './github/webhook.ts'
import { registerEnvironment } from './policy/secrets/of-environment.ts'
import { createSecrets } from './policy/secrets/secrets.ts'
import type { Secrets } from './policy/secrets/secrets.ts'
import type { Clock } from './ports/clock.ts'
import { WorldFault } from './ports/fault.ts'
import type { Programs } from './ports/programs.ts'
import type { Store } from './ports/store.ts'
import type { Upkeep } from './ports/upkeep.ts'
import { openEmbedded } from './store/embedded.ts'
import { startAnchoring } from './store/anchor.ts'
import { lockFolder } from './store/folder-lock.ts'
import { openPostgres } from './store/postgres.ts'
import { KEEP_WORK } from './store/prune.ts'
import type { StoreWithUpkeep } from './store/upkeep.ts'
import { systemClock } from './system/clock.ts'
import { openCommandReader } from './system/command-reader.ts'
import { envelope } from './system/envelope.ts'
import { systemIds } from './system/ids.ts'
import { createKillSwitch } from './system/kill-switch.ts'
import { probotLog } from './system/log.ts'
import { hasRoom } from './system/room.ts'
import { VERSION } from './system/version.ts'
import { startControl } from './web/control.ts'
import { createMetrics } from './web/gather-metrics.ts'
import { guardWebhooks } from './web/guard-webhooks.ts'
import { createHealth } from './web/health.ts'
import { createReviewing } from './engine/reviewing.ts'
import { createPrompting } from './web/preview-prompt.ts'
import { createReading } from './web/reading.ts'
import { ROLE_FILE } from './render/prompt-role.ts'

export interface YardmasterSettings extends ExecutionSettings {
  readonly app: {
    readonly id: number
    readonly privateKey: string
    /** Null only where nothing is listened to. */
    readonly webhookSecret: string | null
  }
  readonly apiUrl: string
  readonly webUrl: string
  readonly databaseUrl: string | null
  /** A person's classic token for boards of people's accounts. */
  readonly boardToken?: string | null
  /** What must not leave this process; the log and the terminal may share it. By default one of its own. */
  readonly secrets?: Secrets
  /** Null: no port is opened, and GitHub is looked at instead of listened to. */
  readonly listen: { readonly host: string; readonly port: number } | null
  /** How long an answer about somebody's permission holds; a minute unless given (T13). */
  readonly permissionCacheMilliseconds?: number
  /** How long a write whose answer was lost may still show; a minute unless given. */
  readonly settleMilliseconds?: number
  /** Leases and looks; a test may want them short. */
  readonly timing?: Timing
  readonly onAgentStarted?: (task: string, pid: number) => void
  /** Stands between the engine and its ports: for whoever proves what a death at any effect leaves behind. */
  readonly around?: (deps: EngineDeps) => EngineDeps
}

export interface Yardmaster {
  /** Both null where nothing is listened to. */
  readonly url: string | null
  readonly webhookUrl: string | null
  readonly engine: Engine
  readonly store: Store
  readonly upkeep: Upkeep
  readonly github: GitHub
  readonly programs: Programs
  readonly jailKind: JailKind
  stop(): Promise<void>
}

/** GitHub waits ten seconds; a sender that needs longer than this for its headers or body is none (T39). Milliseconds. */
const SLOW_SENDER = 5_000
/** GitHub waits ten seconds, Probot nine. Milliseconds. */
const ACCEPT_WITHIN = 8_500
const WEBHOOK_PATH = '/api/github/webhooks'

/** Throws `FolderInUse`, `StoreTooNew` or `WorldFault` with a message for the operator when it cannot start. */
export async function startYardmaster(settings: YardmasterSettings): Promise<Yardmaster> {
  const { dataFolder, log, operator, secrets = createSecrets() } = settings
  const clock = systemClock
  const ids = systemIds
  const given = settings.timing ?? TIMING
  const timing = { ...given, settle: settings.settleMilliseconds ?? given.settle }
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  registerOwn(secrets, settings)

  // What has been started; stopped in reverse, on request or when the rest cannot start.
  const started = new AsyncDisposableStack()
  try {
    const store = await openStore(settings)
    started.defer(() => store.close())
    await refuseHalfRebuilt(store)
    // The embedded store holds a lock of its own; on PostgreSQL the mirrors and worktrees still belong to one process.
    if (store.kind === 'postgres') {
      const lock = await lockFolder(dataFolder, clock, log)
      started.defer(() => lock.release())
    }
    const github = createGitHub({
      appId: settings.app.id,
      privateKey: settings.app.privateKey,
      baseUrl: settings.apiUrl,
      webUrl: settings.webUrl,
      secrets,
      clock,
      log,
      paceMilliseconds: operator.paceMilliseconds,
      book: store.pace,
      instance: ids.unique(),
      allowed: operator.repositories,
      boardToken: settings.boardToken ?? null,
      ...(settings.permissionCacheMilliseconds === undefined
        ? {}
        : { permissionCacheMilliseconds: settings.permissionCacheMilliseconds }),
      settleMilliseconds: timing.settle,
    })
    started.defer(async () => github.close())
    const identity = await github.identity()
    const author = {
      name: `${identity.slug}[bot]`,
      // With the account's number GitHub links the commits to the App.
      email: `${identity.botUserId === undefined ? '' : `${identity.botUserId}+`}${identity.slug}[bot]@users.noreply.github.com`,
    }
    const execution = await openExecution(settings, { remote: github.gitRemote, author }, started)
    const { jailKind } = execution
    const isOver = async (id: TaskId): Promise<boolean> => {
      const { task } = await store.load(id)
      const since = later(clock.now(), -KEEP_WORK)
      return task !== null && isTerminal(task.state) && task.changedAt < since
    }
    started.defer(startPruningOutboxes({ folder: join(dataFolder, 'git'), isOver }, clock, log))
    const { tracker, gitRemote } = github
    const reader = openCommandReader()
    started.defer(() => reader.close())
    const deps: EngineDeps = {
      store,
      tracker,
      desk: createDesk({ store, tracker, gitRemote, author, clock, log }),
      envelope,
      board: github.board,
      codeHost: github.codeHost,
      digests: github.digests,
      commands: reader,
      slug: identity.slug,
      installations: github.installations,
      deliveries: github.deliveries,
      ...execution,
      secrets,
      clock,
      ids,
      log,
      operator,
      timing: store.kind === 'embedded' ? { ...timing, registration: ALONE } : timing,
      version: VERSION,
      runner: store.kind === 'embedded' ? 'embedded' : `${hostname()}#${ids.unique()}`,
      webUrl: settings.webUrl,
      hasRoom: () => hasRoom(dataFolder),
      killSwitch: createKillSwitch(dataFolder),
      poll: settings.listen === null,
      ...(settings.onAgentStarted === undefined ? {} : { onAgentStarted: settings.onAgentStarted }),
    }
    const engine = await startEngine(settings.around?.(deps) ?? deps)
    started.defer(() => engine.stop())
    const accept = async (delivery: {
      readonly id: string
      readonly name: string
      readonly payload: unknown
    }): Promise<void> => {
      const facts = await factsOf(delivery, {
        slug: identity.slug,
        findTask,
        findBoard,
        counters,
      })
      if (facts.length > 0) await engine.accept(facts)
    }
    const counters = createWebhookCounters()
    const findTask: Parameters<typeof factsOf>[1]['findTask'] = async (repo, by, number) =>
      (await (by === 'issue' ? store.find(repo, number) : store.findByPull(repo, number)))?.id ??
      null
    const policyOf = createPolicyReader()
    const findBoard: Parameters<typeof factsOf>[1]['findBoard'] = async (installation, board) => {
      const ofOwner = (await store.repositories.all()).filter(
        (one) =>
          one.gone === null &&
          one.installation === installation &&
          one.owner.toLowerCase() === board.owner.toLowerCase(),
      )
      const named = ofOwner.find(
        (one) => boardOf(one, policyOf(one.config))?.at.project === board.project,
      )
      // What has not been read yet may name it.
      return named ?? ofOwner.find(({ head }) => head === null) ?? null
    }
    const serve = async (at: Address): Promise<string> => {
      const health = createHealth({
        host: at.host,
        clock,
        ping: () => store.ping(),
        hasRoom: () => hasRoom(dataFolder),
        isPaused: async () =>
          (await store.admission.pauses()).some(
            (one) => isOfYard(one) && inEffect(one, clock.now()),
          ),
        metrics: createMetrics({
          store,
          running: engine.running,
          reconciled: engine.reconciled,
          github: () => ({ ...github.counters }),
          down: () => github.down().size,
          webhooks: () => ({ ...counters }),
          version: VERSION,
        }),
      })
      const server = await listen(settings, at, {
        accept: inTime(accept, clock),
        malformed: () => void (counters.malformed += 1),
        otherwise: health,
      })
      started.defer(() => closeServer(server))
      const { address, port } = server.address() as AddressInfo
      return `http://${address.includes(':') ? `[${address}]` : address}:${port}`
    }
    const url = settings.listen === null ? null : await serve(settings.listen)
    const { webUrl } = settings
    const control = await startControl({
      dataFolder,
      reading: createReading({
        store,
        waits: () => engine.waits(),
        operator: () => operator,
        clock,
        webUrl,
        secrets,
      }),
      upkeep: store.upkeep,
      pausing: engine.pausing,
      reviewing: createReviewing({ store, clock, ids }),
      boards: engine.boards,
      prompting: createPrompting({
        store,
        policyOf,
        operator: () => operator,
        sources: {
          comments: (task, repository) => blessedWords(task, repository, { tracker, clock, log }),
          role: (repository, commit) =>
            execution.git.fileAt(repository, { commit, path: ROLE_FILE }),
        },
      }),
      status: () => ({
        pid: process.pid,
        version: VERSION,
        url,
        store: store.kind,
        jail: jailKind,
        running: engine.running(),
      }),
      log,
    })
    started.defer(() => control.close())
    started.defer(
      startAnchoring({ upkeep: store.upkeep, about: store.about, dataFolder, clock, log }),
    )
    return {
      url,
      webhookUrl: url === null ? null : `${url}${WEBHOOK_PATH}`,
      engine,
      store,
      upkeep: store.upkeep,
      github,
      programs: execution.programs,
      jailKind,
      stop: () => started.disposeAsync(),
    }
  } catch (error) {
    await started.disposeAsync()
    throw error
  }
}

/** The App's key and the tokens minted by it are registered where they are used. */
function registerOwn(secrets: Secrets, settings: YardmasterSettings): void {
  const { app, databaseUrl, boardToken, environment } = settings
  registerEnvironment(secrets, environment)
  if (databaseUrl !== null) registerEnvironment(secrets, { DATABASE_URL: databaseUrl })
  if (app.webhookSecret !== null) secrets.register('the webhook secret', app.webhookSecret)
  if (typeof boardToken === 'string') secrets.register('the token for boards', boardToken)
}

function openStore({ databaseUrl, dataFolder, log }: YardmasterSettings): Promise<StoreWithUpkeep> {
  return databaseUrl === null
    ? openEmbedded({ folder: join(dataFolder, 'store'), clock: systemClock, log })
    : openPostgres({ url: databaseUrl, clock: systemClock, log })
}

/** What an interrupted rebuild has not read yet would be taken for new. */
async function refuseHalfRebuilt(store: Store): Promise<void> {
  if ((await store.about.get('rebuilding')) === null) return
  throw new WorldFault(
    'A rebuild of this store was cut off before its end. Run `yardmaster rebuild` again: it goes on where it stopped.',
    { kind: 'local', applied: 'no', operation: 'start' },
  )
}

/** Probot answers 202 after nine seconds, whatever became of it; but a 2xx means that it is on the disk. */
function inTime(accept: Accept, clock: Clock): Accept {
  return async (delivery) => {
    const done = new AbortController()
    const late = clock.sleep(ACCEPT_WITHIN, done.signal).then(() => {
      if (!done.signal.aborted)
        throw new WorldFault(`a webhook was not durable within ${ACCEPT_WITHIN} ms`, {
          kind: 'transient',
          applied: 'unknown',
          operation: 'webhook',
        })
    })
    try {
      await Promise.race([accept(delivery), late])
    } finally {
      done.abort()
    }
  }
}

type Address = NonNullable<YardmasterSettings['listen']>

interface Edge {
  readonly accept: Accept
  readonly malformed: () => void
  readonly otherwise: RequestListener
}

async function listen(settings: YardmasterSettings, at: Address, edge: Edge): Promise<Server> {
  const secret = settings.app.webhookSecret
  if (secret === null) throw new Error('webhooks need a secret')
  const probot = new Probot({
    appId: settings.app.id,
    privateKey: settings.app.privateKey,
    secret,
    baseUrl: settings.apiUrl,
    log: probotLog(settings.log),
  })
  const middleware = await createNodeMiddleware(createApp(edge.accept), { probot })
  const server = createServer(
    { headersTimeout: SLOW_SENDER, requestTimeout: SLOW_SENDER * 2 },
    guardWebhooks(
      {
        path: WEBHOOK_PATH,
        secret,
        malformed: edge.malformed,
        log: settings.log,
      },
      (request, response) => {
        void middleware(request, response, () => edge.otherwise(request, response))
      },
    ),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(at.port, at.host, resolve)
  })
  return server
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await closed
}
