/** Several governors that write in one book: other processes, and later lives of the same one. */
import { describe, expect, test } from 'vitest'
import { installationId, instant } from '../../src/domain/ids.ts'
import { createGovernor, type Governor } from '../../src/github/governor.ts'
import { createMemoryBook } from '../../src/github/memory-book.ts'
import type { Ask } from '../../src/github/pace.ts'
import { WorldFault } from '../../src/ports/fault.ts'
import type { PaceBook } from '../../src/ports/pace-book.ts'
import type { Lane } from '../../src/ports/tracker.ts'
import { VirtualTime } from './day/virtual-clock.ts'
import { INSTALLATION, START, faultOf } from './support.ts'

const READ: Ask = { effect: 'read', lane: 'act', resource: 'core' }
const write = (lane: Lane = 'act', effect: 'edit' | 'create' = 'edit'): Ask => ({
  effect,
  lane,
  resource: 'core',
})
const nothing = (): Promise<void> => Promise.resolve()

function world(shared = true) {
  const time = new VirtualTime()
  const book = createMemoryBook(() => START + time.elapsed, shared)
  const calls = { loads: 0, commits: 0, away: false, slow: 0 }
  const reach = <T>(effect: () => Promise<T>): Promise<T> =>
    calls.away
      ? Promise.reject(
          new WorldFault('away', { kind: 'transient', applied: 'unknown', operation: 'store' }),
        )
      : effect()
  const counted: PaceBook = {
    ...book,
    load: (installation) => {
      calls.loads += 1
      return reach(() => book.load(installation))
    },
    compareAndSet: async (installation, version, state) => {
      calls.commits += 1
      if (calls.slow > 0) await time.sleep(calls.slow)
      return reach(() => book.compareAndSet(installation, version, state))
    },
  }
  let lives = 0
  const begin = (installation = INSTALLATION): Governor =>
    createGovernor({
      clock: {
        now: () => instant(START + time.elapsed),
        monotonic: () => time.elapsed,
        sleep: (milliseconds, signal) => time.sleep(milliseconds, signal),
      },
      book: counted,
      installation,
      instance: `life ${(lives += 1)}`,
      paceMilliseconds: 1_000,
      onHeldBack: () => undefined,
    })
  return { time, calls, begin }
}

describe('a later life', () => {
  test('obeys what a former one was told', async () => {
    const { time, begin } = world(false)
    await begin().refused('core', { 'retry-after': '90' }, 'secondary')
    time.elapsed = 80_000
    const fault = await faultOf(begin().run(READ, 'read', nothing))
    expect([fault.kind, fault.retryAt]).toEqual(['rate-limited', START + 90_000])
  })

  test('counts what a former one created, even in the moment before it died', async () => {
    const { time, begin } = world(false)
    const first = begin()
    void first.run(write('projection', 'create'), 'write', () => new Promise(() => undefined))
    await time.run(0)
    const second = begin()
    for (let n = 1; n < 56; n += 1) {
      const made = second.run(write('projection', 'create'), 'write', nothing)
      await time.run(n * 1_000)
      await made
    }
    const refused = faultOf(second.run(write('projection', 'create'), 'write', nothing))
    await time.run(56_000)
    expect((await refused).message).toContain('new content')
  })

  test('waits for no turn of a former one, but keeps the gap', async () => {
    const { time, begin } = world(false)
    void begin().run(write(), 'write', () => new Promise(() => undefined))
    await time.run(0)
    let at = -1
    void begin().run(write(), 'write', () => {
      at = time.elapsed
      return nothing()
    })
    await time.run(60_000)
    expect(at).toBe(1_000)
  })
})

test('whatever the book’s clock does, what this process knows holds', async () => {
  const time = new VirtualTime()
  let jump = 0
  const governor = createGovernor({
    clock: {
      now: () => instant(START + time.elapsed),
      monotonic: () => time.elapsed,
      sleep: (milliseconds, signal) => time.sleep(milliseconds, signal),
    },
    book: createMemoryBook(() => START + time.elapsed + jump, true),
    installation: INSTALLATION,
    instance: 'one',
    paceMilliseconds: 1_000,
    onHeldBack: () => undefined,
  })
  const went: number[] = []
  for (let n = 0; n < 4; n += 1)
    void governor.run(write(), 'write', () => {
      went.push(time.elapsed)
      jump += n % 2 === 0 ? 3_600_000 : -7_200_000
      return nothing()
    })
  await time.run(60_000)
  const gaps = went.map((at, n) => at - (went[n - 1] ?? -1_000))
  expect(went).toHaveLength(4)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000)
  await governor.refused('core', { 'retry-after': '300' }, 'secondary')
  const told = time.elapsed
  jump = 86_400_000
  time.elapsed += 10_000
  const fault = await faultOf(governor.run(READ, 'read', nothing))
  expect(fault.retryAt).toBe(START + told + 300_000)
})

describe('another process', () => {
  test('hears of a refusal before it asks', async () => {
    const { time, begin } = world()
    const [here, there] = [begin(), begin()]
    await there.run(READ, 'read', nothing)
    await here.refused('core', { 'retry-after': '90' }, 'secondary')
    await time.run(0)
    const fault = await faultOf(there.run(READ, 'read', nothing))
    expect(fault.retryAt).toBe(START + 90_000)
  })

  test('hears of a refusal at once when the store, which did not answer, does again', async () => {
    const { time, calls, begin } = world()
    const [first, second] = [begin(), begin()]
    await second.run(READ, 'read', nothing)
    calls.away = true
    await first.refused('core', { 'retry-after': '90' }, 'secondary')
    await time.run(30)
    calls.away = false
    await time.run(100)
    const fault = await faultOf(second.run(READ, 'read', nothing))
    expect([fault.kind, fault.retryAt]).toEqual(['rate-limited', START + 90_000])
  })

  test('hears of it within seconds of a longer outage too', async () => {
    const { time, calls, begin } = world()
    const [first, second] = [begin(), begin()]
    await second.run(READ, 'read', nothing)
    calls.away = true
    await first.refused('core', { 'retry-after': '90' }, 'secondary')
    await time.run(40_000)
    calls.away = false
    await time.run(41_100)
    const fault = await faultOf(second.run(READ, 'read', nothing))
    expect([fault.kind, fault.retryAt]).toEqual(['rate-limited', START + 90_000])
    // Not a hundred times a second: the store has enough to do.
    expect(calls.loads + calls.commits).toBeLessThan(120)
  })

  test('writes when the one before is answered, a second later', async () => {
    const { time, begin } = world()
    const [here, there] = [begin(), begin()]
    const went: string[] = []
    const slow = (who: string) => async (): Promise<void> => {
      went.push(`${who} from ${time.elapsed}`)
      await time.sleep(4_000)
      went.push(`${who} to ${time.elapsed}`)
    }
    void here.run(write(), 'write', slow('here'))
    void there.run(write(), 'write', slow('there'))
    await time.run(0)
    time.elapsed += 1
    void here.run(write(), 'write', slow('here'))
    await time.run(60_000)
    expect(went).toEqual([
      'here from 0',
      'here to 4000',
      'there from 5000',
      'there to 9000',
      'here from 10000',
      'here to 14000',
    ])
  })

  test('goes first with a person’s write, whatever waits here', async () => {
    const { time, begin } = world()
    const [here, there] = [begin(), begin()]
    const went: string[] = []
    const say = (word: string) => (): Promise<void> => {
      went.push(`${word} at ${time.elapsed}`)
      return nothing()
    }
    for (let n = 0; n < 10; n += 1) void here.run(write('projection'), 'write', say('projection'))
    await time.run(2_500)
    void there.run(write('people'), 'write', say('person'))
    await time.run(4_500)
    expect(went).toEqual([
      'projection at 0',
      'projection at 1000',
      'projection at 2000',
      'person at 3000',
      'projection at 4000',
    ])
  })

  test('takes over from one that died while it wrote, when its turn has run out', async () => {
    const { time, begin } = world()
    void begin().run(write(), 'write', () => new Promise(() => undefined))
    await time.run(0)
    let at = -1
    void begin().run(write(), 'write', () => {
      at = time.elapsed
      return nothing()
    })
    await time.run(60_000)
    expect(at).toBeGreaterThanOrEqual(15_000)
    expect(at).toBeLessThanOrEqual(20_000)
  })
})

describe('the store', () => {
  test('that is away lets no write go unaccounted, and only a few reads', async () => {
    const { time, calls, begin } = world(false)
    const governor = begin()
    await governor.run(READ, 'read', nothing)
    calls.away = true
    const fault = await faultOf(governor.run(write(), 'POST comment', nothing))
    expect([fault.kind, fault.applied]).toEqual(['transient', 'no'])
    let sent = 1
    const ends = await Promise.allSettled(
      Array.from({ length: 100 }, () =>
        governor.run(READ, 'read', () => {
          sent += 1
          return nothing()
        }),
      ),
    )
    expect(sent).toBe(30)
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(71)
    calls.away = false
    await governor.run(write(), 'write', nothing)
    await governor.run(READ, 'read', nothing)
    expect(time.elapsed).toBe(0)
  })

  test('is asked for one commit per write and per fifteen reads, and by no read in between', async () => {
    const { time, calls, begin } = world(false)
    const governor = begin()
    for (let n = 0; n < 150; n += 1) {
      await governor.run(READ, 'read', nothing)
      await time.run(time.elapsed)
    }
    expect(calls).toMatchObject({ loads: 1, commits: 10 })
    calls.commits = 0
    for (let n = 0; n < 10; n += 1) void governor.run(write('projection'), 'write', nothing)
    await time.run(60_000)
    expect(calls).toMatchObject({ loads: 1, commits: 10 })
  })

  test('that commits slower than a turn lasts sends nothing', async () => {
    const { time, calls, begin } = world(false)
    const governor = begin()
    await governor.run(READ, 'read', nothing)
    calls.slow = 10_000
    let sent = false
    const slow = governor.run(write(), 'POST comment', () => {
      sent = true
      return nothing()
    })
    void time.run(60_000)
    const fault = await faultOf(slow)
    expect([fault.kind, sent, calls.commits]).toEqual(['transient', false, 1])
  })
})

test('one installation that hangs or is limited keeps no other waiting', async () => {
  const { time, begin } = world()
  const [stuck, limited, well] = [1, 2, 3].map((id) => begin(installationId(id)))
  if (stuck === undefined || limited === undefined || well === undefined) throw new Error('three')
  void stuck.run(write(), 'write', () => new Promise(() => undefined))
  for (let n = 0; n < 30; n += 1) void stuck.run(READ, 'read', () => new Promise(() => undefined))
  await limited.refused('core', { 'retry-after': '900' }, 'secondary')
  const went: number[] = []
  for (let n = 0; n < 3; n += 1)
    void well.run(write(), 'write', async () => {
      went.push(time.elapsed)
      await well.run(READ, 'read', nothing)
    })
  await time.run(10_000)
  expect(went).toEqual([0, 1_000, 2_000])
})
