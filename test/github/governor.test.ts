import { describe, expect, test } from 'vitest'
import { createGovernor } from '../../src/github/governor.ts'
import { createMemoryBook } from '../../src/github/memory-book.ts'
import type { Ask } from '../../src/github/pace.ts'
import { WorldFault } from '../../src/ports/fault.ts'
import type { Lane } from '../../src/ports/tracker.ts'
import { FakeClock, INSTALLATION, START, faultOf } from './support.ts'

function world(paceMilliseconds = 1_000) {
  const clock = new FakeClock()
  const held = { count: 0 }
  const governor = createGovernor({
    clock,
    book: createMemoryBook(clock.now),
    installation: INSTALLATION,
    instance: 'one',
    paceMilliseconds,
    onHeldBack: () => {
      held.count += 1
    },
  })
  return { clock, governor, held }
}

const write = (lane: Lane, effect: 'edit' | 'create' = 'edit'): Ask => ({
  effect,
  lane,
  resource: 'core',
})
const READ: Ask = { effect: 'read', lane: 'act', resource: 'core' }

/** A request that ends when it is told to. */
function gate() {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

describe('writes', () => {
  test('go one at a time, a second apart, people first, then acts, then projections', async () => {
    const { clock, governor } = world()
    const order: string[] = []
    const started = (lane: Lane, n: number) =>
      governor.run(write(lane), 'write', async () => {
        order.push(`${lane} ${n} at ${clock.elapsed}`)
      })
    await Promise.all([
      started('projection', 1),
      started('projection', 2),
      started('act', 1),
      started('people', 1),
      started('act', 2),
    ])
    expect(order).toEqual([
      'people 1 at 0',
      'act 1 at 1000',
      'act 2 at 2000',
      'projection 1 at 3000',
      'projection 2 at 4000',
    ])
  })

  test('never overlap, even when one takes long', async () => {
    const { governor } = world()
    let [running, worst] = [0, 0]
    const slow = () =>
      governor.run(write('act'), 'write', async () => {
        running += 1
        worst = Math.max(worst, running)
        await Promise.resolve()
        running -= 1
      })
    await Promise.all([slow(), slow(), slow(), slow()])
    expect(worst).toBe(1)
  })

  test('one that fails does not hold up the next', async () => {
    const { governor } = world()
    const bad = governor.run(write('act'), 'write', () => Promise.reject(new Error('boom')))
    const good = governor.run(write('act'), 'write', () => Promise.resolve('done'))
    await expect(bad).rejects.toThrow('boom')
    await expect(good).resolves.toBe('done')
  })

  test('a wait for a used-up window is handed back with the moment to come again', async () => {
    const { clock, governor, held } = world(0)
    for (let n = 0; n < 56; n += 1)
      await governor.run(write('projection', 'create'), 'write', () => Promise.resolve())
    clock.slept.length = 0
    const fault = await faultOf(
      governor.run(write('projection', 'create'), 'POST comment', () => Promise.resolve()),
    )
    expect([fault.kind, fault.applied, fault.operation]).toEqual([
      'rate-limited',
      'no',
      'POST comment',
    ])
    expect(fault.retryAt).toBe(START + 61_000)
    expect(held.count).toBe(1)
    expect(clock.slept).toEqual([])
    // An act has room left where projections have none.
    await governor.run(write('act', 'create'), 'POST comment', () => Promise.resolve())
  })

  test('an operator’s slow pace is sat out, however slow', async () => {
    const { clock, governor } = world(60_000)
    for (let n = 0; n < 3; n += 1)
      await governor.run(write('act'), 'write', () => Promise.resolve())
    expect(clock.elapsed).toBe(120_000)
  })

  test('of acts only a few wait here: those who perform them have other installations to serve', async () => {
    const { governor } = world()
    const slow = gate()
    const first = governor.run(write('act'), 'write', () => slow.opened)
    await expect.poll(() => governor.run(READ, 'read', () => Promise.resolve(1))).toBe(1)
    const more = Array.from({ length: 6 }, () =>
      governor.run(write('act'), 'POST comment', () => Promise.resolve()),
    )
    const fault = await faultOf(Promise.all(more))
    expect([fault.kind, fault.applied, fault.retryAt]).toEqual([
      'rate-limited',
      'no',
      START + 5_000,
    ])
    // A person always waits here, and goes first.
    const person = governor.run(write('people'), 'write', () => Promise.resolve('person'))
    slow.open()
    await first
    await expect(person).resolves.toBe('person')
    const ends = await Promise.allSettled(more)
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
  })

  test('a short wait is sat out', async () => {
    const { clock, governor } = world()
    await governor.refused('core', { 'retry-after': '4' }, 'secondary')
    await governor.run(write('act'), 'write', () => Promise.resolve())
    expect(clock.elapsed).toBe(4_000)
  })
})

describe('reads', () => {
  test('never wait for a write', async () => {
    const { governor } = world()
    const slow = gate()
    const writing = governor.run(write('people'), 'write', () => slow.opened)
    await expect(governor.run(READ, 'read', () => Promise.resolve('read'))).resolves.toBe('read')
    slow.open()
    await writing
  })

  test('run side by side, twenty at once', async () => {
    const { governor } = world()
    const slow = gate()
    let [running, worst] = [0, 0]
    const reads = Array.from({ length: 50 }, () =>
      governor.run(READ, 'read', async () => {
        running += 1
        worst = Math.max(worst, running)
        await slow.opened
        running -= 1
      }),
    )
    await expect.poll(() => running).toBe(20)
    slow.open()
    await Promise.all(reads)
    expect([running, worst]).toEqual([0, 20])
  })

  test('give their place back when they fail', async () => {
    const { governor } = world()
    const failing = Array.from({ length: 45 }, () =>
      governor.run(READ, 'read', () => Promise.reject(new Error('boom'))),
    )
    const ends = await Promise.allSettled(failing)
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true)
    await expect(governor.run(READ, 'read', () => Promise.resolve(1))).resolves.toBe(1)
  })
})

describe('what GitHub tells', () => {
  const told = async (limit: 'primary' | 'secondary', headers: Record<string, string>) => {
    const { governor } = world()
    const retryAt = await governor.refused('core', headers, limit)
    const fault = await faultOf(governor.run(READ, 'read', () => Promise.resolve()))
    expect(fault.retryAt).toBe(retryAt)
    return retryAt - START
  }

  test('retry-after is obeyed', async () => {
    expect(await told('secondary', { 'retry-after': '90' })).toBe(90_000)
  })

  test('else the reset, with a second for its rounding', async () => {
    const reset = String(START / 1_000 + 600)
    expect(await told('primary', { 'x-ratelimit-reset': reset })).toBe(601_000)
  })

  test('else a minute', async () => {
    expect(await told('secondary', {})).toBe(60_000)
    expect(await told('primary', {})).toBe(60_000)
  })

  test('a reset far in the past or future is not believed', async () => {
    expect(await told('primary', { 'x-ratelimit-reset': '99999999999' })).toBe(3_600_000)
    expect(await told('primary', { 'x-ratelimit-reset': '5' })).toBe(60_000)
  })

  test('the reset is reckoned by GitHub’s clock, not by ours', async () => {
    const hourAhead = new Date(START + 3_600_000)
    const reset = String(hourAhead.getTime() / 1_000 + 600)
    expect(
      await told('primary', { 'x-ratelimit-reset': reset, date: hourAhead.toUTCString() }),
    ).toBe(601_000)
  })

  test('a jump of the wall clock opens no forbidden window', async () => {
    const { clock, governor } = world()
    await governor.refused('core', { 'retry-after': '90' }, 'secondary')
    const now = clock.now
    clock.now = () => (now() + 86_400_000) as ReturnType<typeof now>
    await expect(governor.run(READ, 'read', () => Promise.resolve())).rejects.toThrow(WorldFault)
  })

  test('the budget in the headers is remembered', async () => {
    const { governor } = world()
    const reset = String(START / 1_000 + 600)
    const spent = {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': reset,
    }
    governor.answered('core', spent)
    const fault = await faultOf(governor.run(READ, 'read', () => Promise.resolve()))
    expect(fault.retryAt).toBe(START + 601_000)
    const graphql: Ask = { ...READ, resource: 'graphql' }
    await expect(governor.run(graphql, 'read', () => Promise.resolve(1))).resolves.toBe(1)
  })
})
