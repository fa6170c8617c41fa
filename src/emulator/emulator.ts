// Our stand-in for GitHub on loopback: REST, GraphQL, webhooks and git over real bare repositories,
// held to GitHub's own schemas. Stateful and strict; the state is in memory, git is in `dataDir`.
import { mkdir } from 'node:fs/promises'
import { Hono } from 'hono'
import { createUser } from './change/accounts.ts'
import { Faults } from './http/faults.ts'
import { Journal, type RequestEntry } from './http/journal.ts'
import { Limits } from './http/limits.ts'
import { listen } from './http/server.ts'
import type { PageEnv, Site } from './pages/visit.ts'
import { operationSchemas } from './schema/document.ts'
import { allVerbs, type Verbs } from './verbs/verbs.ts'
import { Webhooks } from './webhooks/dispatcher.ts'
import type { App } from './world/app.ts'
import { World, type Clock, type Violation } from './world/world.ts'

export type { App, Permissions } from './world/app.ts'
export type { Installation } from './world/installation.ts'
export type { BranchRules } from './world/branch-rules.ts'
export type { CheckRun } from './world/check.ts'
export type { CommitStatus } from './world/status.ts'
export type { PullIssue } from './world/issue.ts'
export type { Review } from './world/issue.ts'
export type { ReviewComment, ReviewThread } from './world/issue.ts'
export type { Comment, Issue, IssueEvent, Label, Repository } from './world/issue.ts'
export type { Project, ProjectField, ProjectItem } from './world/project.ts'
export type { Role, User } from './world/people.ts'
export type { Violation } from './world/world.ts'
export type { Fault } from './http/faults.ts'
export type { Counters, RequestEntry } from './http/journal.ts'
export type { Delivery } from './webhooks/delivery.ts'
export { Refusal } from './world/refusal.ts'

export type EmulatorOptions = {
  /** 0, the default, takes a free port. Always on 127.0.0.1. */
  readonly port?: number
  /** Where bare repositories are kept; made if missing, never deleted. */
  readonly dataDir: string
  /** The App's manifest: a path or an object; by default this package's app.yml. */
  readonly manifest?: string | URL | object
  /** Registers an App at once. Left out: none, as on a GitHub where the set-up is still to come. */
  readonly app?: {
    readonly webhookUrl: string | null
    readonly webhookSecret: string
    readonly privateKey?: string
  }
  /** Milliseconds since the epoch; the machine's clock by default. */
  readonly clock?: Clock
  /** Whether rate limits are enforced; `true` by default. They are counted in any case. */
  readonly limits?: boolean
}

export type Emulator = Verbs & {
  /** `http://127.0.0.1:PORT`, also the root of git and html addresses. */
  readonly url: string
  /** `…/api/v3`, Octokit's `baseUrl`. */
  readonly apiUrl: string
  readonly graphqlUrl: string
  /** The App registered by the options; throws when there is none. */
  readonly app: App
  /** Live state, to read. */
  readonly world: World
  readonly webhooks: Webhooks
  readonly faults: Faults
  readonly limits: Limits
  /** Log of requests and counters (token mints, creations, points), with `reset` for benches. */
  readonly journal: Journal
  /** What was asked, newest last; bounded. */
  readonly requests: readonly RequestEntry[]
  /** Wrong uses of the API and breaches of the nevers; empty after a good test. */
  readonly violations: readonly Violation[]
  /** Other pages than our own, for every address that is neither API, git nor set-up. */
  readonly mountPages: (pages: Hono) => void
  readonly close: () => Promise<void>
}

/** Loaded by the first who looks: most tests never do. */
function lazyPages(site: Site): Hono {
  let loaded: Promise<Hono<PageEnv>> | null = null
  return new Hono().all('*', async (c) => {
    loaded ??= import('./pages/pages.ts').then(({ createPages }) => createPages(site))
    return (await loaded).fetch(c.req.raw, c.env)
  })
}

const APP_YML = new URL('../../app.yml', import.meta.url)

export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  await mkdir(options.dataDir, { recursive: true })
  const clock = options.clock ?? { now: () => Date.now() }
  const world = new World({ clock, dataDir: options.dataDir })
  const webhooks = new Webhooks(world)
  const limits = new Limits(clock, options.limits ?? true)
  const faults = new Faults()
  const journal = new Journal()
  // Read now (about 90 ms, once a process), so that no first request or webhook waits for it.
  operationSchemas()
  const running = await listen({ world, webhooks, limits, faults, journal }, options.port ?? 0)
  world.url = `http://127.0.0.1:${running.port}`
  const context = { world, webhooks }
  const verbs = allVerbs(context)
  createUser(world, { login: 'app-owner', name: 'Owner of the App' })
  const manifest = options.manifest ?? APP_YML
  const app = options.app === undefined ? null : await verbs.createApp({ manifest, ...options.app })
  running.mountPages(lazyPages({ ...verbs, world, webhooks, journal }))
  return {
    ...verbs,
    url: world.url,
    apiUrl: `${world.url}/api/v3`,
    graphqlUrl: `${world.url}/api/graphql`,
    get app() {
      if (app === null) throw new Error('the emulator was started without an App')
      return app
    },
    world,
    webhooks,
    faults,
    limits,
    journal,
    requests: journal.entries,
    violations: world.violations,
    mountPages: running.mountPages,
    close: async () => {
      webhooks.close()
      faults.close()
      await running.close()
    },
  }
}
