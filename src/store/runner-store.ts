/** The part of the store that a runner needs, on a PostgreSQL server: no acts, no queue, and no migrating, which is the apps' to do. */
import pg from 'pg'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'
import type { AttemptId } from '../domain/ids.ts'
import { openAttempts } from './attempts.ts'
import { loadPostgresDriver } from './drizzle.ts'
import { guardRoom, translate } from './fault.ts'
import { announceOn, listenTo } from './listen.ts'
import { StoreTooNew, StoreTooOld, knownSchemas, lastApplied } from './migrate.ts'
import { createPokes } from './pokes.ts'
import { PATIENCE } from './postgres.ts'
import { touchSurfaces } from './projections.ts'
import { openRepositories } from './repositories.ts'
import { openRequests } from './requests.ts'
import { openRunners } from './runners.ts'
import { readTasks } from './tasks.ts'

export type RunnerStore = Pick<
  Store,
  | 'claim'
  | 'beat'
  | 'finish'
  | 'onAttempt'
  | 'register'
  | 'keep'
  | 'retire'
  | 'requests'
  | 'load'
  | 'snapshot'
  | 'bundle'
  | 'close'
> & {
  readonly repositories: Pick<Store['repositories'], 'get' | 'all'>
  readonly projections: Pick<Store['projections'], 'touch'>
}

/** Throws `StoreTooNew` or `StoreTooOld` when the apps' program is of another time, `WorldFault` when the server cannot be reached. */
export async function openRunnerStore(options: {
  readonly url: string
  readonly clock: Clock
  readonly log: Log
}): Promise<RunnerStore> {
  try {
    return await open(options)
  } catch (error) {
    throw translate('store.open', error)
  }
}

async function open({
  url,
  clock,
  log,
}: Parameters<typeof openRunnerStore>[0]): Promise<RunnerStore> {
  await using opening = new AsyncDisposableStack()
  const pool = new pg.Pool({ connectionString: url, max: 5, ...PATIENCE })
  opening.defer(() => pool.end())
  pool.on('error', (error) => log.warn({ err: error }, 'a database connection broke'))
  const db = loadPostgresDriver().drizzle(pool)
  const [applied, known] = [await lastApplied(db), Math.max(...knownSchemas())]
  if (applied === null || applied < known) throw new StoreTooOld()
  if (applied > known) throw new StoreTooNew()
  const pokes = createPokes()
  const ears = await listenTo({ url, pokes, log, decides: false })
  opening.defer(() => ears.close())
  const parts = { db, clock, log, pokes, announce: announceOn(ears.self) }
  const { claim, beat, finish, bundle } = guardRoom('store', openAttempts(parts))
  const { register, keep, retire } = guardRoom('store', openRunners(parts))
  const repositories = guardRoom('store.repositories', openRepositories(parts))
  const { load, snapshot } = guardRoom('store', readTasks(parts))
  const closing = opening.move()
  return {
    claim,
    beat,
    finish,
    bundle,
    onAttempt: (poke) => pokes.on('attempt', (id) => poke(id as AttemptId | null)),
    register,
    keep,
    retire,
    requests: {
      ...guardRoom('store.requests', openRequests(parts)),
      onRequest: (poke) => pokes.on('request', poke),
    },
    load,
    snapshot,
    repositories,
    projections: guardRoom('store.projections', {
      touch: (task, surfaces) => touchSurfaces(db, { task, surfaces }, parts),
    } satisfies Pick<Store['projections'], 'touch'>),
    close: () => closing.disposeAsync(),
  }
}
