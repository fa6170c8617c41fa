/** No webhook ever comes: what people did between two looks is found by two passes of the reconciler, and ends the same. */
import type { StateKind } from '../../src/domain/task.ts'
import { duplicatesIn } from '../rebuild/duplicates.ts'
import { chanceOf } from '../rebuild/random.ts'
import { MAINTAINER, STRANGER, openLosingWorld } from '../rebuild/world.ts'

/** Gives what is wrong after two passes for each of two rounds of changes, as sentences. */
export async function withoutWebhooks(seed: number): Promise<readonly string[]> {
  const world = await openLosingWorld()
  const { emulator } = world
  const chance = chanceOf(seed)
  const ends = new Map<number, StateKind>()
  const as = MAINTAINER
  try {
    const repo = await world.repository('shop')
    await emulator.whenIdle()
    emulator.webhooks.knobs.muted = true
    await world.until('the repository has been seen', async () => {
      const [row] = await world.running().store.repositories.all()
      return row !== undefined && row.cursor !== null
    })
    world.pass(2_000)
    const pullOf = (issue: number): number =>
      emulator.pulls(repo).find(({ pull }) => pull.head.ref === `yardmaster/${issue}`)?.number ?? 0
    const label = (name: string): void => {
      const body = `Please.\n\n\`\`\`txt path=${name}.txt\n${name}\n\`\`\`\n`
      const { number } = emulator.openIssue({ repo, as: STRANGER, title: name, body })
      emulator.label({ repo, number, as, label: 'yardmaster' })
      ends.set(number, 'in-review')
    }
    const twoPasses = async (): Promise<void> => {
      for (let pass = 0; pass < 2; pass += 1) await world.running().engine.reconcile()
      await world.until(`all is as it should be: ${JSON.stringify([...ends])}`, async () => {
        const { store } = world.running()
        const tasks = await store.list({})
        const right = tasks.filter((task) => ends.get(task.number) === task.state.kind)
        return right.length === ends.size && (await store.projections.stale(1)).length === 0
      })
    }

    for (let made = 0; made < 3 + chance.below(3); made += 1) label(`first-${made}`)
    await twoPasses()
    world.pass(2_000)
    for (const number of ends.keys()) {
      const pull = { repo, as, number: pullOf(number) }
      const what = chance.below(4)
      if (what === 0) await emulator.merge(pull)
      else if (what === 1) emulator.closePull(pull)
      else if (what === 2) emulator.unlabel({ repo, number, as, label: 'yardmaster' })
      ends.set(number, (['done', 'cancelled', 'cancelled', 'in-review'] as const)[what] ?? 'done')
    }
    label('second')
    await twoPasses()
    return [...duplicatesIn(emulator, repo), ...emulator.violations.map(({ detail }) => detail)]
  } finally {
    await world.close()
  }
}
