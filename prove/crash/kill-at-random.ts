/** A stream of tasks under kill −9 at random moments. Which moments and which tasks follows from the seed; what meets what does not. */
import { findPostgres, startPostgres } from '../../test/support/postgres.ts'
import type { Inspection } from './inspect.ts'
import type { Lane } from './lane.ts'
import { createRandom } from './random.ts'
import type { Random } from './random.ts'
import { until } from './until.ts'
import { leftovers, violationsOf } from './violations.ts'
import { WATCHED, openWorld } from './world.ts'
import type { TaskAt, World } from './world.ts'

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
/** What a task whose process died three times says of itself: set aside, and rightly so. */
const SET_ASIDE = /died \d+ times/

export async function killAtRandom(wanted: KillsWanted): Promise<KillsTold> {
  const began = performance.now()
  const random = createRandom(wanted.seed)
  const server = wanted.store === 'postgres' ? await startPostgres(findPostgres()) : null
  const world = await openWorld({ jail: wanted.jail })
  try {
    const databaseUrl = await server?.createDatabase()
    const lane = await world.lane(databaseUrl === undefined ? {} : { databaseUrl })
    const stream = createStream(world, lane, random)
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
      violations.push(...(await look(world, lane, stream.tasks)))
      wanted.say(`${kills} kills, ${stream.tasks.length} tasks, ${violations.length} violations`)
    }
    violations.push(...(await look(world, lane, stream.tasks)))
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

interface Stream {
  readonly tasks: readonly TaskAt[]
  /** Opens issues until that many are under way. */
  feed(atOnce: number): Promise<void>
}

function createStream(world: World, lane: Lane, random: Random): Stream {
  const tasks: TaskAt[] = []
  const repositories: string[] = []
  const isOver = (at: TaskAt): boolean =>
    world.comments(at).some((body) => /waits for review|^### (Done|Failed|Withdrawn)/.test(body))
  return {
    tasks,
    async feed(atOnce) {
      const open = tasks.filter((at) => !isOver(at)).length
      for (let missing = atOnce - open; missing > 0; missing -= 1) {
        const name = `task-${tasks.length + 1}`
        // What was there before the App came is listed and never started (rule): the App comes first.
        if (repositories.length === 0 || (repositories.length < 8 && random.next() < 0.1)) {
          const fresh = await world.repository(`${name}-shop`)
          await lane.knows(fresh)
          repositories.push(fresh)
        }
        const repo = random.pick(repositories)
        tasks.push(
          await world.task(
            random.next() < 0.3
              ? { name, repo }
              : {
                  name,
                  repo,
                  orders: {
                    milliseconds: Math.round(random.between(0, 1_500)),
                    file: `${name}.txt`,
                    stay: random.next() < 0.3,
                    crashes: random.next() < 0.2 ? 1 : 0,
                  },
                  label: WATCHED,
                },
          ),
        )
      }
    },
  }
}

/** Waits until all has come to rest, then asks for every promise. */
async function look(
  world: World,
  lane: Lane,
  tasks: readonly TaskAt[],
): Promise<readonly string[]> {
  let seen: Inspection | null = null
  const ended = await until(
    () => `all tasks have ended: ${seen?.why} ${JSON.stringify(unended(seen, tasks.length))}`,
    async () => {
      // As minutes would pass: what no webhook told of is found by the reconciler.
      await lane.reconcile()
      seen = await lane.inspect()
      return seen.quiet && unended(seen, tasks.length).length === 0 && seen
    },
    END_BY,
  ).catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
  if (typeof ended === 'string') return [ended]
  return [
    ...tasks.flatMap((at) => violationsOf(at, world, ended)),
    ...ended.tasks
      .filter(({ state, reason }) => state === 'failed' && !SET_ASIDE.test(reason ?? ''))
      .map(({ repo, number, reason }) => `${repo}#${number} failed: ${reason}`),
    ...(await leftovers(world, [lane.settings.dataFolder])),
  ]
}

/** On PostgreSQL a lease and a job's heartbeat run out first. Milliseconds. */
const END_BY = 180_000

const unended = (seen: Inspection | null, expected: number): readonly string[] => [
  ...(seen?.tasks ?? [])
    .filter(({ state }) => state !== 'in-review' && state !== 'failed')
    .map(({ repo, number, state }) => `${repo}#${number} is ${state}`),
  ...(seen?.tasks.length === expected ? [] : [`${seen?.tasks.length} of ${expected} are known`]),
]
