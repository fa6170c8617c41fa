/** Composes what a rebuild needs: the store, and GitHub to read. No agent, no git, no server. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { OperatorSettings } from '../domain/settings.ts'
import { rebuild } from '../engine/rebuild/rebuild.ts'
import type { RebuildProgress, RebuiltRepository } from '../engine/rebuild/rebuild.ts'
import { createGitHub } from '../github/create-github.ts'
import { createMemoryBook } from '../github/memory-book.ts'
import { systemClock } from '../system/clock.ts'
import { secrets } from './known-secrets.ts'
import type { Environment } from './environment.ts'

export interface RebuildSettings extends Pick<
  Environment,
  'apiUrl' | 'webUrl' | 'databaseUrl' | 'dataFolder'
> {
  readonly app: NonNullable<Environment['app']>
  readonly operator: OperatorSettings
  readonly log: Logger
}

/** Throws `StoreInUse`, `FolderInUse`, `RecordTooNew` and `WorldFault`, each with words for the operator. */
export async function rebuildStore(
  settings: RebuildSettings,
  onProgress: (progress: RebuildProgress) => void,
): Promise<readonly RebuiltRepository[]> {
  const { app, apiUrl: baseUrl, webUrl, operator, log } = settings
  const github = createGitHub({
    appId: app.id,
    privateKey: app.privateKey,
    baseUrl,
    webUrl,
    secrets,
    clock: systemClock,
    log,
    paceMilliseconds: operator.paceMilliseconds,
    // The store is empty or not there yet, so nobody else writes through these installations.
    book: createMemoryBook(() => systemClock.now()),
    instance: 'rebuild',
    allowed: operator.repositories,
  })
  // First, so that wrong credentials are refused before a store is made.
  const { createdAt: since } = await github.identity()
  const { tracker, codeHost, installations } = github
  const store = await openOrMake(settings)
  try {
    const deps = { store, tracker, codeHost, installations, clock: systemClock, webUrl }
    return await rebuild({ ...deps, since, onProgress })
  } finally {
    await store.close()
  }
}

async function openOrMake({ databaseUrl, dataFolder, log }: RebuildSettings) {
  if (databaseUrl !== null) {
    const { openPostgres } = await import('../store/postgres.ts')
    return await openPostgres({ url: databaseUrl, clock: systemClock, log })
  }
  const { openEmbedded } = await import('../store/embedded.ts')
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  return await openEmbedded({ folder: join(dataFolder, 'store'), clock: systemClock, log })
}
