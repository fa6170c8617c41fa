/** A machine that stood still: what it goes on with when it wakes, as long as it has not heard of what it lost. */
import { expect, onTestFinished, test } from 'vitest'
import { createDatabase } from '../../sim/store/database.ts'
import { openMemoryStore } from '../../sim/store/memory-store.ts'
import { attemptId, instant } from '../../src/domain/ids.ts'
import type { Stop } from '../../src/engine/attempt-run.ts'
import { keepLease } from '../../src/engine/keep-lease.ts'
import { TIMING } from '../../src/engine/timing.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Store } from '../../src/ports/store.ts'
import { log } from '../git/world.ts'
import { aRunningTask, claim } from '../store/samples.ts'
import { TASK } from '../support/builders.ts'

/** An attempt that was asked of the store at 0, on a machine whose timers have not rung yet when it goes on. */
async function aHeldAttempt() {
  let time = 0
  const clock: Clock = {
    now: () => instant(time),
    monotonic: () => time,
    sleep: (_milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) resolve()
        else signal?.addEventListener('abort', () => resolve(), { once: true })
      }),
  }
  const database = createDatabase(() => time)
  const store = openMemoryStore(database, {
    clock,
    process: 'runner',
    kind: 'postgres',
    enter: (run) => run(),
  })
  const { task, attempt } = await aRunningTask(store)
  await claim(store, task, { runner: 'runner' })
  const standStill = (milliseconds: number): void => void (time += milliseconds)
  const keep = () => {
    const held = { id: attempt, epoch: task.epoch }
    const lease = keepLease(
      held,
      0,
      { store, clock, log, runner: 'runner', timing: TIMING },
      () => {},
    )
    onTestFinished(() => lease.release())
    return lease
  }
  return { keep, standStill }
}

test('no phase begins once the machine has stood still for as long as its lease', async () => {
  const { keep, standStill } = await aHeldAttempt()
  const lease = keep()
  standStill(TIMING.lease)
  lease.onPhase('agent')
  expect(lease.signal.aborted).toBe(true)
  expect((lease.signal.reason as Stop).cause).toBe('fenced')
})

test('what waited while the machine stood still hears that nothing more may begin', async () => {
  const { keep, standStill } = await aHeldAttempt()
  const lease = keep()
  expect(lease.stillHeld()).toBe(true)
  standStill(TIMING.lease)
  expect(lease.stillHeld()).toBe(false)
  expect((lease.signal.reason as Stop).cause).toBe('fenced')
})

test('a phase begins as long as the lease holds', async () => {
  const { keep, standStill } = await aHeldAttempt()
  const lease = keep()
  standStill(TIMING.lease - 1)
  lease.onPhase('agent')
  expect(lease.signal.aborted).toBe(false)
})

test('a lease counts from when the store was asked for the attempt, not from when the answer was heard', async () => {
  const { keep, standStill } = await aHeldAttempt()
  standStill(TIMING.lease)
  const lease = keep()
  lease.onPhase('preparing')
  expect(lease.signal.aborted).toBe(true)
})

test('a store that never answers ends the attempt when its lease is over, also when a timer rings a hair too early', async () => {
  let time = 0
  const clock: Clock = {
    now: () => instant(time),
    monotonic: () => time,
    sleep: async (milliseconds, signal) => {
      if (signal?.aborted !== true) time += Math.max(milliseconds - 0.4, 0.1)
      await Promise.resolve()
    },
  }
  const { promise: never, resolve: answer } =
    Promise.withResolvers<Awaited<ReturnType<Store['beat']>>>()
  const store = { beat: () => never } as unknown as Store
  const held = { id: attemptId(TASK, 1), epoch: 1 }
  const deps = { store, clock, log, runner: 'runner', timing: TIMING }
  const lease = keepLease(held, 0, deps, () => {})
  await expect.poll(() => lease.signal.aborted).toBe(true)
  expect((lease.signal.reason as Stop).cause).toBe('fenced')
  expect(time).toBeLessThan(TIMING.lease + 10)
  answer({ held: false, stop: null })
  await lease.release()
})
