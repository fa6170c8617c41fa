import { describe, expect, test } from 'vitest'
import { createBreaker, type Health } from '../../src/github/breaker.ts'
import { isPassing } from '../../src/ports/fault.ts'
import { FakeClock, INSTALLATION, MemoryLog, START, faultOf } from './support.ts'

const WELL: Health = { kind: 'well' }
const DOWN: Health = { kind: 'outage', why: '502: Bad Gateway' }
const REFUSED: Health = { kind: 'credentials', why: '401: Bad credentials' }

function world() {
  const clock = new FakeClock()
  const log = new MemoryLog()
  const counted = { opened: 0, refused: 0 }
  const breaker = createBreaker({
    clock,
    log,
    installation: INSTALLATION,
    onOpened: () => {
      counted.opened += 1
    },
    onRefused: () => {
      counted.refused += 1
    },
  })
  const sent: number[] = []
  const call = (health: Health | null): Promise<string> =>
    breaker.run('GET /x', (report) => {
      sent.push(clock.elapsed)
      if (health !== null) report(health)
      return Promise.resolve('answer')
    })
  const times = async (count: number, health: Health): Promise<void> => {
    for (let n = 0; n < count; n += 1) await call(health)
  }
  return { clock, log, counted, breaker, sent, call, times }
}

describe('a door', () => {
  test('stays open through failures with good answers between them', async () => {
    const { breaker, times } = world()
    for (let n = 0; n < 5; n += 1) {
      await times(4, DOWN)
      await times(1, WELL)
    }
    expect(breaker.down()).toBeNull()
  })

  test('shuts at the fifth failure in a row, and says since when, why, and when it looks again', async () => {
    const { breaker, clock, log, counted, sent, call, times } = world()
    await times(5, DOWN)
    clock.elapsed = 1_000
    const fault = await faultOf(call(WELL))
    expect(isPassing(fault)).toBe(true)
    expect([fault.applied, fault.retryAt]).toEqual(['no', START + 5_000])
    expect(fault.message).toBe(
      'GitHub has been out of reach for this installation since 2026-03-01 12:00:00 UTC (502: Bad Gateway); it is asked again at 2026-03-01 12:00:05 UTC, and GET /x waits for that.',
    )
    expect(breaker.down()).toEqual({
      since: START,
      why: '502: Bad Gateway',
      nextProbe: START + 5_000,
    })
    expect([sent.length, counted.opened, counted.refused]).toEqual([5, 1, 1])
    expect(log.lines).toHaveLength(1)
  })

  test('lets one call through at a time to see, ever more rarely, and opens at its success', async () => {
    const { breaker, clock, log, sent, call, times } = world()
    await times(5, DOWN)
    sent.length = 0
    while (clock.elapsed < 600_000) {
      await call(DOWN).catch(() => null)
      clock.elapsed += 500
    }
    const gaps = sent.map((at, n) => at - (sent[n - 1] ?? 0))
    expect(gaps).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 120_000, 120_000, 120_000])
    clock.elapsed += 120_000
    let open = (): void => undefined
    const probe = breaker.run('probe', async (report) => {
      await new Promise<void>((resolve) => {
        open = resolve
      })
      report(WELL)
    })
    // While it is under way, others wait a little.
    const fault = await faultOf(call(WELL))
    expect(fault.retryAt).toBe(START + clock.elapsed + 5_000)
    open()
    await probe
    expect(breaker.down()).toBeNull()
    await expect(call(WELL)).resolves.toBe('answer')
    expect(log.lines.at(-1)).toContain('answers for this installation again')
  })

  test('shuts at once for refused credentials, and looks once a minute', async () => {
    const { clock, sent, call } = world()
    while (clock.elapsed < 600_000) {
      await call(REFUSED).catch(() => null)
      clock.elapsed += 1_000
    }
    expect(sent).toEqual(Array.from({ length: 10 }, (_, n) => n * 60_000))
  })

  test('a probe that never came to ask leaves the place to the next', async () => {
    const { breaker, clock, call, times } = world()
    await times(5, DOWN)
    clock.elapsed = 5_000
    await call(null)
    expect(breaker.down()).not.toBeNull()
    await call(WELL)
    expect(breaker.down()).toBeNull()
  })

  test('what was under way when it shut neither opens it nor keeps it shut longer', async () => {
    const { breaker, clock, times } = world()
    let open = (): void => undefined
    const slow = breaker.run('slow', async (report) => {
      await new Promise<void>((resolve) => {
        open = resolve
      })
      report(WELL)
    })
    await times(5, DOWN)
    open()
    await slow
    expect(breaker.down()?.nextProbe).toBe(START + 5_000)
    clock.elapsed = 5_000
    expect(breaker.down()).not.toBeNull()
  })
})
