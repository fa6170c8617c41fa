/** The drain at its end: who waits for it to be idle is not kept waiting for facts that nobody here takes any more. */
import { expect, test } from 'vitest'
import { createDatabase } from '../../sim/store/database.ts'
import { openMemoryStore } from '../../sim/store/memory-store.ts'
import { createDrain } from '../../src/engine/drain.ts'
import { WorldFault } from '../../src/ports/fault.ts'
import { clock, log } from '../git/world.ts'
import { aFact, aStoredTask } from '../store/samples.ts'

/** A drain that is deciding a task's fact, and cannot go on before `release`; another fact of the task has come meanwhile. */
async function busyDrain() {
  const database = createDatabase(() => performance.now())
  const enter = (run: () => void): void => run()
  const store = openMemoryStore(database, { clock, process: 'app', kind: 'embedded', enter })
  const task = await aStoredTask(store)
  await store.append([aFact(task.id)], [])
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const sifted = { times: 0 }
  const watched: typeof store = {
    ...store,
    async sift(...args) {
      const found = await store.sift(...args)
      sifted.times += 1
      return found
    },
  }
  const drain = createDrain(
    { store: watched, clock, log },
    {
      async gather() {
        asked.resolve()
        await answer.promise
        throw new WorldFault('502', { kind: 'transient', applied: 'no', operation: 'read' })
      },
      drainRepository: async () => {},
      onDecided: () => {},
    },
  )
  drain.poke(`task:${task.id}`)
  await asked.promise
  drain.poke(`task:${task.id}`)
  await expect.poll(() => sifted.times).toBe(2)
  return { drain, release: answer.resolve }
}

test('that is stopped while facts wait is idle as soon as what was under way has ended', async () => {
  const { drain, release } = await busyDrain()
  const idle = drain.idle()
  const stopped = drain.stop()
  release()
  expect(await Promise.all([stopped, idle])).toHaveLength(2)
})
