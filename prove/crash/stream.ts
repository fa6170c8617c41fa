/** Tasks that come in for as long as something is being done to Yardmaster, and the question whether all of them ended well. */
import type { Inspection } from './inspect.ts'
import type { Lane } from './lane.ts'
import type { Random } from './random.ts'
import { until } from './until.ts'
import { leftovers, twoAtOnce, violationsOf } from './violations.ts'
import { WATCHED } from './world.ts'
import type { TaskAt, World } from './world.ts'

export interface Stream {
  readonly tasks: readonly TaskAt[]
  /** Opens issues until that many are under way. */
  feed(atOnce: number): Promise<void>
}

export function createStream(world: World, lanes: readonly Lane[], random: Random): Stream {
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
          await lanes[0]?.knows(fresh)
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

/**
 * Waits until all has come to rest, then asks for every promise. `may-overlap`: a process that is stopped cannot end
 * its agent when it loses the lease, so two may live side by side until it wakes; only their effects may not.
 */
export async function look(
  world: World,
  lanes: readonly Lane[],
  tasks: readonly TaskAt[],
  agents: 'never-two' | 'may-overlap' = 'never-two',
): Promise<readonly string[]> {
  let seen: Inspection | null = null
  const ended = await until(
    () => `all tasks have ended: ${seen?.why} ${JSON.stringify(unended(seen, tasks.length))}`,
    async () => {
      // As minutes would pass: what no webhook told of is found by the reconciler.
      for (const lane of lanes) await lane.reconcile()
      seen = await quietest(lanes)
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
    ...(await leftovers(
      world,
      lanes.map((lane) => lane.settings.dataFolder),
    )),
    ...(agents === 'never-two' ? twoAtOnce(world) : []),
  ]
}

/** All of them must be at rest; what they tell comes from one store. */
async function quietest(lanes: readonly Lane[]): Promise<Inspection> {
  const all = await Promise.all(lanes.map((lane) => lane.inspect()))
  const found = all.find(({ quiet }) => !quiet) ?? all[0]
  if (found === undefined) throw new Error('there is no lane')
  return found
}

/** What a task whose process died three times says of itself: set aside, and rightly so. */
const SET_ASIDE = /died \d+ times/

/** On PostgreSQL a lease and a job's heartbeat run out first. Milliseconds. */
const END_BY = 180_000

const unended = (seen: Inspection | null, expected: number): readonly string[] => [
  ...(seen?.tasks ?? [])
    .filter(({ state }) => state !== 'in-review' && state !== 'failed')
    .map(({ repo, number, state }) => `${repo}#${number} is ${state}`),
  ...(seen?.tasks.length === expected ? [] : [`${seen?.tasks.length} of ${expected} are known`]),
]
