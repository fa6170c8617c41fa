/**
 * Yardmaster is down while people go on: labels, withdrawals, closings, merges, edits. It comes back to what GitHub
 * still delivers (three days' worth) and to a full look, and nothing may have been missed or done twice.
 */
import type { StateKind } from '../../src/domain/task.ts'
import { duplicatesIn } from '../rebuild/duplicates.ts'
import { chanceOf } from '../rebuild/random.ts'
import { MAINTAINER, STRANGER, openLosingWorld } from '../rebuild/world.ts'
import type { LosingWorld } from '../rebuild/world.ts'

export interface Outage {
  readonly milliseconds: number
  readonly changes: number
  readonly seed: number
}

export interface OutageOutcome {
  readonly wrong: readonly string[]
  /** Deliveries that failed while it was down, those of them that GitHub was asked for again, and how often in all. */
  readonly failed: number
  readonly redelivered: number
  readonly asked: number
}

export async function outage(given: Outage): Promise<OutageOutcome> {
  const world = await openLosingWorld()
  const { emulator } = world
  const chance = chanceOf(given.seed)
  const ends = new Map<number, StateKind | null>()
  try {
    const repo = await world.repository('shop')
    await emulator.whenIdle()
    await listening(world)
    const label = (number: number) =>
      emulator.label({ repo, number, as: MAINTAINER, label: 'yardmaster' })
    for (let made = 0; made < 4; made += 1) {
      const number = open(world, repo, `before-${made}`)
      label(number)
      ends.set(number, 'in-review')
    }
    await world.until('all wait for review', async () => {
      const { store } = world.running()
      const known = await store.list({ states: ['in-review'] })
      return known.length === ends.size && (await store.projections.stale(1)).length === 0
    })
    await world.stop()
    const before = emulator.webhooks.deliveries.length
    const waiting = [...ends.keys()]
    for (let change = 0; change < given.changes; change += 1) {
      world.pass(given.milliseconds / given.changes)
      const [first] = waiting
      const kind = chance.below(10)
      if (kind === 0 && first !== undefined) {
        waiting.shift()
        await emulator.merge({ repo, as: MAINTAINER, number: pullOf(world, repo, first) })
        ends.set(first, 'done')
      } else if (kind === 1 && first !== undefined) {
        waiting.shift()
        emulator.closePull({ repo, as: MAINTAINER, number: pullOf(world, repo, first) })
        ends.set(first, 'cancelled')
      } else if (kind < 4) {
        const number = open(world, repo, `during-${change}`)
        label(number)
        ends.set(number, 'in-review')
        if (kind === 3 && chance.often(0.5)) {
          world.pass(2_000)
          if (chance.often(0.5)) emulator.closeIssue({ repo, number, as: MAINTAINER })
          else emulator.unlabel({ repo, number, as: MAINTAINER, label: 'yardmaster' })
          // Whether it was ever known matters to nobody: no work may be left of it.
          ends.set(number, null)
        }
      } else {
        const number = chance.pick([...ends.keys()])
        emulator.comment({ repo, number, as: STRANGER, body: `Any news? ${change}` })
        const other = open(world, repo, `talk-${change}`)
        emulator.closeIssue({ repo, number: other, as: STRANGER })
      }
    }
    await emulator.whenIdle()
    const last = await world.start().then(() => world.running().store.about.get('listened'))
    await world.until('it has listened', async () => settled(world, repo, ends))
    await world.until(
      'what failed has been asked for again',
      async () => (await world.running().store.about.get('listened')) !== last,
    )
    await emulator.whenIdle()
    for (let pass = 0; pass < 2; pass += 1) await world.running().engine.reconcile()
    await world.until('all is at rest', async () => settled(world, repo, ends))
    const tries = emulator.webhooks.deliveries.slice(before)
    const lost = new Set(tries.filter(failed).map(({ guid }) => guid))
    const again = tries.filter(({ redelivery }) => redelivery)
    return {
      wrong: [...(await wrongIn(world, repo, ends)), ...duplicatesIn(emulator, repo)],
      failed: lost.size,
      redelivered: new Set(again.map(({ guid }) => guid)).size,
      asked: again.length,
    }
  } finally {
    await world.close()
  }
}

/** From then on a failed delivery is known to be missed. */
async function listening(world: LosingWorld): Promise<void> {
  await world.until(
    'it has looked for failed deliveries',
    async () => (await world.running().store.about.get('listened')) !== null,
  )
}

const failed = ({ reply, redelivery }: { reply: { status: number } | null; redelivery: boolean }) =>
  !redelivery && (reply === null || reply.status === 0)

function open(world: LosingWorld, repo: string, name: string): number {
  const body = `Please.\n\n\`\`\`txt path=${name}.txt\n${name}\n\`\`\`\n`
  return world.emulator.openIssue({ repo, as: STRANGER, title: name, body }).number
}

function pullOf(world: LosingWorld, repo: string, issue: number): number {
  const pulls = world.emulator.pulls(repo)
  return pulls.find(({ pull }) => pull.head.ref === `yardmaster/${issue}`)?.number ?? 0
}

async function settled(
  world: LosingWorld,
  repo: string,
  ends: ReadonlyMap<number, StateKind | null>,
): Promise<boolean> {
  const { store } = world.running()
  if ((await wrongIn(world, repo, ends)).length > 0) return false
  return (await store.projections.stale(1)).length === 0 && (await store.pending(1)).length === 0
}

async function wrongIn(
  world: LosingWorld,
  repo: string,
  ends: ReadonlyMap<number, StateKind | null>,
): Promise<readonly string[]> {
  const states = new Map(
    (await world.running().store.list({})).map((task) => [task.number, task.state.kind]),
  )
  const branches = world.emulator.branches(repo)
  return [...ends].flatMap(([number, end]) => {
    const state = states.get(number) ?? null
    if (end !== null) return state === end ? [] : [`#${number} is ${state} and not ${end}`]
    const left = state !== null && state !== 'cancelled'
    return left || branches.has(`yardmaster/${number}`)
      ? [`#${number} was withdrawn and is ${state}`]
      : []
  })
}
