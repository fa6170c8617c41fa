/**
 * Several Yardmasters on one database, of which one at a time is stopped and continued: it wakes up not knowing that
 * others went on without it. What it does then must come to nothing (F20).
 */
import { TIMING as PRODUCT } from '../../src/engine/timing.ts'
import type { Timing } from '../../src/engine/timing.ts'
import { findPostgres, startPostgres } from '../../test/support/postgres.ts'
import type { Lane } from './lane.ts'
import { createRandom } from './random.ts'
import { createStream, look } from './stream.ts'
import { openWorld } from './world.ts'

export interface PausesWanted {
  readonly pauses: number
  readonly seed: number
  readonly instances: number
  /** No further pause after that many. */
  readonly minutes: number
  readonly say: (line: string) => void
}

export interface PausesTold {
  readonly pauses: number
  readonly kills: number
  readonly tasks: number
  /** Attempts that were taken from a process which did not answer for too long. */
  readonly taken: number
  readonly seconds: number
  readonly violations: readonly string[]
}

/** Short, so that a pause of seconds outlives a lease. Milliseconds. */
const TIMING: Timing = { ...PRODUCT, lease: 2_000, heartbeat: 500, look: 300 }
/** As in the product five leases; no pause is longer, so that what a sleeper sends late is found before it is repeated. */
const SETTLE = 5 * TIMING.lease
const AT_ONCE = 8
const LOOK_EVERY = 50
/** One of so many is no pause but a kill. */
const KILL = 0.1

export async function pauseAtRandom(wanted: PausesWanted): Promise<PausesTold> {
  const began = performance.now()
  const random = createRandom(wanted.seed)
  const server = await startPostgres(findPostgres())
  const world = await openWorld()
  const lanes: Lane[] = []
  try {
    const databaseUrl = await server.createDatabase()
    for (let n = 1; n <= wanted.instances; n += 1)
      lanes.push(
        await world.lane({
          name: `instance-${n}`,
          databaseUrl,
          hears: n === 1,
          change: (settings) => ({ ...settings, timing: TIMING, settleMilliseconds: SETTLE }),
        }),
      )
    const stream = createStream(world, lanes, random)
    const violations: string[] = []
    let pauses = 0
    let kills = 0
    while (pauses < wanted.pauses && performance.now() - began < wanted.minutes * 60_000) {
      await stream.feed(AT_ONCE)
      const lane = random.pick(lanes)
      const other = lanes.find((one) => one !== lane) ?? lane
      await other.up()
      // GitHub tells whoever answers; what nobody answers is found by looking.
      other.hear()
      if (random.next() < KILL) {
        await lane.kill()
        kills += 1
      } else {
        lane.signal('SIGSTOP')
        await new Promise((resolve) => setTimeout(resolve, random.between(0, 2.5 * TIMING.lease)))
        lane.signal('SIGCONT')
      }
      pauses += 1
      await new Promise((resolve) => setTimeout(resolve, random.between(0, TIMING.lease)))
      if (pauses % LOOK_EVERY !== 0) continue
      violations.push(...(await look(world, lanes, stream.tasks, 'may-overlap')))
      wanted.say(`${pauses} pauses, ${stream.tasks.length} tasks, ${violations.length} violations`)
    }
    violations.push(...(await look(world, lanes, stream.tasks, 'may-overlap')))
    const [first] = lanes
    const seen = await first?.inspect()
    return {
      pauses,
      kills,
      tasks: stream.tasks.length,
      taken: (seen?.tasks ?? []).flatMap(({ attempts }) => attempts).filter((end) => end === 'lost')
        .length,
      seconds: Math.round((performance.now() - began) / 1000),
      violations: [...new Set(violations)],
    }
  } finally {
    await world.close()
    await server.stop()
  }
}
