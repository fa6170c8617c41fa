/** One `yardmaster start` of a simulated world: the real engine over the real GitHub adapters, on played parts. */
import { createDesk } from '../src/engine/desk.ts'
import { startEngine } from '../src/engine/engine.ts'
import type { Engine } from '../src/engine/engine.ts'
import type { EngineDeps } from '../src/engine/deps.ts'
import { TIMING } from '../src/engine/timing.ts'
import { createBoard } from '../src/github/board/create-board.ts'
import { createTracker } from '../src/github/create-tracker.ts'
import { createFiles } from '../src/github/files.ts'
import { createGovernor } from '../src/github/governor.ts'
import type { Governor } from '../src/github/governor.ts'
import { createSecrets } from '../src/policy/secrets/secrets.ts'
import { createPulls } from '../src/github/pulls.ts'
import { parse } from '../src/commands/parse.ts'
import { visibleText } from '../src/render/visible.ts'
import { installationId, instant, repoId } from '../src/domain/ids.ts'
import type { RepoRef } from '../src/domain/repository.ts'
import { OLDEST_RUNNER } from '../src/domain/runner.ts'
import type { Log } from '../src/ports/log.ts'
import { playAgents } from './agents.ts'
import { behindDoors } from './doors.ts'
import { playGit } from './git.ts'
import { createSimClient } from './github/client.ts'
import { APP_ID, MARKER_KEY } from './github/hub.ts'
import type { SimRepo } from './github/hub.ts'
import { createProcess } from './process.ts'
import type { SimProcess } from './process.ts'
import { OPERATOR } from './settings.ts'
import { releaseJobs } from './store/database.ts'
import { openMemoryStore } from './store/memory-store.ts'
import { EPOCH } from './world.ts'
import { watchStarts } from './watch-starts.ts'
import type { World } from './world.ts'

export interface App {
  readonly name: string
  readonly process: SimProcess
  /** Null until it has started. */
  engine: Engine | null
}

/** A queue finds out that a process died by its missing heartbeat: 10 s, looked for each 5. Milliseconds. */
const JOBS_FREE = 15_000

export const addressOf = (repo: SimRepo): RepoRef => ({
  id: repoId(repo.id),
  owner: repo.owner,
  name: repo.name,
  installation: installationId(repo.installation),
  defaultBranch: 'main',
})

export function startApp(world: World, name: string): App {
  const { scheduler, settings, weather, random } = world
  const process = createProcess({
    name,
    scheduler,
    epoch: EPOCH,
    lateness: (milliseconds) =>
      milliseconds < 1_000 ? 0 : random.next() * (weather.stormy ? settings.lateness : 2_000),
  })
  const app: App = { name, process, engine: null }
  world.tell(`${name} starts`)
  void startEngine(depsOf(world, process, settings.apps === 1 ? 'embedded' : 'postgres')).then(
    (engine) => {
      app.engine = engine
    },
    (error: unknown) => {
      world.tell(`${name} could not start: ${String(error)}`)
      process.kill()
    },
  )
  return app
}

export function killed(world: World, app: App): void {
  world.tell(`${app.name} is killed`)
  app.process.kill()
  forget(world, app)
}

/** What remains of a process that is gone. */
export function forget(world: World, app: App): void {
  for (const agent of world.agents) if (agent.process === app.process) world.agents.delete(agent)
  world.scheduler.after(JOBS_FREE, () => releaseJobs(world.database, app.name))
}

function depsOf(world: World, process: SimProcess, kind: 'embedded' | 'postgres'): EngineDeps {
  const { clock } = process
  const { hub, network, limitsOf, tell } = world
  // The embedded store has one user: whatever is held, its former life held.
  if (kind === 'embedded') releaseAll(world)
  const store = openMemoryStore(world.database, {
    clock,
    process: process.name,
    kind,
    enter: (run) => process.enter(run),
  })
  const guarded = behindDoors(store, process, world)
  const governors = new Map<number, Governor>()
  const governorOf = (installation: number): Governor => {
    const known = governors.get(installation) ?? governor(installation)
    governors.set(installation, known)
    return known
  }
  const governor = (installation: number): Governor =>
    createGovernor({
      clock,
      book: guarded.pace,
      installation: installationId(installation),
      instance: process.name,
      paceMilliseconds: OPERATOR.paceMilliseconds,
      onHeldBack: () => {},
    })
  const client = createSimClient({ hub, network, process, governorOf, limitsOf, tell })
  let ids = 0
  const settling = {
    client,
    clock,
    appId: APP_ID,
    markerKey: MARKER_KEY,
    secrets: createSecrets(),
    settleMilliseconds: 60_000,
  }
  const tracker = createTracker({ ...settling, permissionCacheMilliseconds: 60_000 })
  const log = logOf(world, process)
  return {
    secrets: settling.secrets,
    store: { ...guarded, admission: watchStarts(guarded.admission, clock, world) },
    tracker,
    desk: createDesk({
      store: guarded,
      tracker,
      gitRemote: { credential: async () => ({ username: '', password: '' }) },
      author: { name: 'yardmaster[bot]', email: 'yardmaster[bot]@github.test' },
      clock,
      log,
    }),
    envelope: { seal: (_publicKey, text) => text },
    board: createBoard({ client, personal: null, clock }),
    codeHost: { ...createPulls(settling), ...createFiles(client) },
    commands: { read: async (body, listening) => parse(body, listening, visibleText) },
    slug: 'yardmaster',
    installations: {
      list: async () => [1, 2].map((id) => ({ id: installationId(id), suspended: false })),
      repositories: async (installation) =>
        [...hub.repos.values()].filter((repo) => repo.installation === installation).map(addressOf),
      serves: () => true,
    },
    deliveries: {
      failed: async (since) =>
        [...world.failed]
          .filter(([, { at }]) => at >= since)
          .map(([id, { at }]) => ({ id, at: instant(at) })),
      async redeliver(id) {
        const known = world.failed.get(id)
        world.failed.delete(id)
        if (known !== undefined) world.scheduler.after(100, known.again)
        return known !== undefined
      },
    },
    git: playGit(world, process),
    ...playAgents(world, process),
    clock,
    ids: { unique: () => `${process.name}-${(ids += 1)}` },
    log,
    operator: OPERATOR,
    timing: TIMING,
    jailKind: 'none',
    noJail: null,
    version: OLDEST_RUNNER,
    runner: kind === 'embedded' ? 'embedded' : process.name,
    webUrl: 'https://github.test',
  }
}

function releaseAll(world: World): void {
  for (const record of world.database.acts.values()) record.heldBy = null
}

/** Our own bugs are told as errors; in a simulated world each is a violation. */
function logOf(world: World, process: SimProcess): Log {
  const tell = (fields: object, message: string): void => {
    const { error } = fields as { readonly error?: unknown }
    const why = error instanceof Error ? ` (${error.name}: ${error.message})` : ''
    world.tell(`${process.name}: ${message}${why}`)
  }
  return {
    debug: tell,
    info: tell,
    warn: tell,
    error(fields, message) {
      tell(fields, message)
      const { error } = fields as { readonly error?: unknown }
      const fault = error instanceof Error && error.name === 'WorldFault'
      if (!fault)
        world.violations.push(
          `an error of ours: ${message} (${error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(fields)})`,
        )
    },
  }
}
