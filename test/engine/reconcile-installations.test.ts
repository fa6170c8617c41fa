import { createSecretKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSecrets } from '../../src/policy/secrets/secrets.ts'
import { createDatabase } from '../../sim/store/database.ts'
import { openMemoryStore } from '../../sim/store/memory-store.ts'
import { installationId, repoId } from '../../src/domain/ids.ts'
import { startReconciler } from '../../src/engine/reconcile.ts'
import { createTracker } from '../../src/github/create-tracker.ts'
import { WorldFault } from '../../src/ports/fault.ts'
import { clock, log } from '../git/world.ts'
import { aRepository } from '../store/samples.ts'

test('an installation whose GitHub hangs keeps the repositories of no other waiting', async () => {
  const database = createDatabase(() => performance.now())
  const store = openMemoryStore(database, {
    clock,
    process: 'app',
    kind: 'embedded',
    enter: (run) => run(),
  })
  const [stuck, well] = [installationId(1), installationId(2)]
  for (const [id, installation] of [
    [1, stuck],
    [2, stuck],
    [3, well],
    [4, well],
  ] as const)
    await store.repositories.save({ ...aRepository(repoId(id)), installation }, [])
  const looked: number[] = []
  let release = (): void => undefined
  const hang = new Promise<void>((resolve) => {
    release = resolve
  })
  const nobody = (): never => {
    throw new Error('nothing is asked of GitHub here')
  }
  const reconciler = startReconciler(
    {
      store,
      clock,
      log,
      slug: 'yardmaster',
      tracker: createTracker({
        secrets: createSecrets(),
        client: { on: nobody, write: nobody, within: nobody },
        clock,
        appId: 1,
        markerKey: createSecretKey(Buffer.alloc(32)),
        permissionCacheMilliseconds: 0,
        settleMilliseconds: 0,
      }),
      installations: {
        list: nobody,
        repositories: nobody,
        serves: () => true,
      },
    },
    {
      leads: () => true,
      policyOf: nobody,
      onRead: nobody,
      heads: {
        async refresh({ id, installation }) {
          looked.push(id)
          if (installation === stuck) await hang
          throw new WorldFault('502', { kind: 'transient', applied: 'no', operation: 'read' })
        },
      },
    },
  )
  try {
    await expect.poll(() => looked.toSorted((a, b) => a - b)).toEqual([1, 3, 4])
  } finally {
    release()
    await reconciler.stop()
  }
})
