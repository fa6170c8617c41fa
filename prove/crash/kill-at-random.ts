/** A stream of tasks under kill −9 at random moments. Which moments and which tasks follows from the seed; what meets what does not. */
import { findPostgres, startPostgres } from '../../test/support/postgres.ts'
import { createRandom } from './random.ts'
import { createStream, look } from './stream.ts'
import { openWorld } from './world.ts'

export interface KillsWanted {
  readonly kills: number
  readonly seed: number
  readonly store: 'embedded' | 'postgres'
  readonly jail: 'none' | 'auto'
  /** No further kill after that many. */
  readonly minutes: number
  readonly say: (line: string) => void
}

export interface KillsTold {
  readonly kills: number
  readonly tasks: number
  readonly agents: number
  readonly seconds: number
  readonly violations: readonly string[]
}

/** Tasks that are not known to have ended; more of them would only wait for each other. */
const AT_ONCE = 6
/** Rest, and a look at everything, after so many kills. */
const LOOK_EVERY = 50

export async function killAtRandom(wanted: KillsWanted): Promise<KillsTold> {
  const began = performance.now()
  const random = createRandom(wanted.seed)
  const server = wanted.store === 'postgres' ? await startPostgres(findPostgres()) : null
  const world = await openWorld({ jail: wanted.jail })
  try {
    const databaseUrl = await server?.createDatabase()
    const lane = await world.lane(databaseUrl === undefined ? {} : { databaseUrl })
    const stream = createStream(world, [lane], random)
    const violations: string[] = []
    let kills = 0
    while (kills < wanted.kills && performance.now() - began < wanted.minutes * 60_000) {
      await stream.feed(AT_ONCE)
      // From the moment of its start on: half of the deaths meet a start, half the work.
      if (random.next() < 0.5) await lane.up()
      await new Promise((resolve) => setTimeout(resolve, random.between(0, 2_500)))
      await lane.kill()
      kills += 1
      if (kills % LOOK_EVERY !== 0) continue
      violations.push(...(await look(world, [lane], stream.tasks)))
      wanted.say(`${kills} kills, ${stream.tasks.length} tasks, ${violations.length} violations`)
    }
    violations.push(...(await look(world, [lane], stream.tasks)))
    return {
      kills,
      tasks: stream.tasks.length,
      agents: world.agents.count(),
      seconds: Math.round((performance.now() - began) / 1000),
      violations: [...new Set(violations)],
    }
  } finally {
    await world.close()
    await server?.stop()
  }
}
