/** Webhooks that nobody took are asked for again: all since the store first listened, and none from before. */
import { afterEach, expect, test } from 'vitest'
import { createDatabase } from '../../sim/store/database.ts'
import { openMemoryStore } from '../../sim/store/memory-store.ts'
import { instant, later } from '../../src/domain/ids.ts'
import type { Instant } from '../../src/domain/ids.ts'
import { beginListening, startRedelivery } from '../../src/engine/redeliver.ts'
import type { Loop } from '../../src/engine/loop.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { log } from '../git/world.ts'
import { NOW } from '../support/builders.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let now: Instant = NOW
/** Short rests pass at once; the one between two looks lasts until somebody pokes. */
const clock: Clock = {
  now: () => now,
  monotonic: () => now,
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (milliseconds < MINUTE || signal?.aborted === true) resolve()
      else signal?.addEventListener('abort', () => resolve(), { once: true })
    }),
}

/** GitHub, and a store that several lives in a row have. */
function createScene() {
  const store = openMemoryStore(
    createDatabase(() => now),
    { clock, process: 'app', kind: 'embedded', enter: (run) => run() },
  )
  const failed: { id: number; at: Instant }[] = []
  const asked: number[] = []
  const deliveries = {
    failed: async (since: Instant) => failed.filter(({ at }) => at >= since),
    redeliver: async (id: number) => {
      asked.push(id)
      failed.splice(
        failed.findIndex((each) => each.id === id),
        1,
      )
      return true
    },
  }
  return { store, failed, asked, deliveries, clock, log, operator: { paceMilliseconds: 0 } }
}

let loop: Loop | null = null
afterEach(async () => {
  await loop?.stop()
  now = NOW
})

/** A life that has looked once. */
async function live(scene: ReturnType<typeof createScene>): Promise<void> {
  await loop?.stop()
  await beginListening(scene)
  loop = startRedelivery(scene, () => true)
  await loop.turn()
}

test('a delivery that failed right after the very first start is asked for, though that life never got to look', async () => {
  const scene = createScene()
  await beginListening(scene)
  scene.failed.push({ id: 1, at: later(NOW, 500) })
  now = later(NOW, 2_000)
  await live(scene)
  expect(scene.asked).toEqual([1])
})

test('what failed before the store first listened is never asked for, because it would start what is only listed', async () => {
  const scene = createScene()
  scene.failed.push({ id: 1, at: later(NOW, -1) })
  await live(scene)
  now = later(NOW, MINUTE)
  await live(scene)
  expect(scene.asked).toEqual([])
})

test('after an outage all of it is asked for, each once', async () => {
  const scene = createScene()
  await live(scene)
  scene.failed.push({ id: 1, at: later(NOW, MINUTE) }, { id: 2, at: later(NOW, HOUR) })
  now = later(NOW, 2 * HOUR)
  await live(scene)
  await live(scene)
  expect(scene.asked).toEqual([1, 2])
})

test('a store of an earlier version asks for what failed while it was replaced', async () => {
  const scene = createScene()
  await scene.store.about.set('listened', NOW)
  scene.failed.push({ id: 1, at: instant(NOW + MINUTE) })
  now = later(NOW, HOUR)
  await live(scene)
  expect(scene.asked).toEqual([1])
})
