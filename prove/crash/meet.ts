/** Meets a failpoint, or several in a row: a story until the kill, the next life, the story's end, and then every promise. */
import type { Lane } from './lane.ts'
import type { Point } from './points.ts'
import type { Told } from './stories.ts'
import { until } from './until.ts'
import { leftovers, twoAtOnce, violationsOf } from './violations.ts'
import type { TaskAt, World } from './world.ts'

/** Makes names unique, also when a point is met again. */
let told = 0

/** Gives what is wrong, as sentences. */
export async function meet(
  { point, story, refused, further = [] }: Point,
  { world, lane }: { readonly world: World; readonly lane: Lane },
): Promise<readonly string[]> {
  const name = `${(told += 1)}-${point.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}`
  await lane.up()
  const before = lane.deaths()
  lane.follow(further)
  const tale = await story({
    world,
    lane,
    name,
    point,
    ...(refused === undefined ? {} : { refused }),
  })
  const wrong: string[] = []
  const seen = await lane.quiet()
  wrong.push(...(await endsSo(tale, world)))
  const missed = [point, ...further].slice(lane.deaths() - before)
  for (const one of missed) wrong.push(`${one} was never passed`)
  lane.follow([])
  const state = seen.tasks.find(({ number, repo }) => isAt(tale, world, repo, number))?.state
  if (state !== tale.ends.state) wrong.push(`the task is ${state} instead of ${tale.ends.state}`)
  return [
    ...wrong,
    ...violationsOf(tale.at, world, seen),
    ...(await leftovers(world, [lane.settings.dataFolder])),
    ...twoAtOnce(world),
  ]
}

const isAt = ({ at }: Told, { emulator }: World, repo: number, number: number): boolean =>
  emulator.repository(at.repo).id === repo && at.number === number

/** Null: there is no card. Of two it is both, which no story wants. */
function columnsOf(
  at: TaskAt,
  card: Told['ends']['card'],
  emulator: World['emulator'],
): string | null {
  if (card === undefined) return null
  const { items } = emulator.project(card.board)
  if (items.length !== 1) return items.length === 0 ? null : `${items.length} cards`
  return emulator.cardValue({ ...card.board, card: at }, 'Status')
}

/** Exactly what the story should leave, once. */
async function endsSo({ at, ends }: Told, world: World): Promise<readonly string[]> {
  const { emulator } = world
  const wanted = {
    comments: ends.comments,
    pulls: ends.pulls,
    checks: ends.checks,
    label: ends.label,
    card: ends.card?.column ?? null,
  }
  const look = () => ({
    comments: world.comments(at).length,
    pulls: emulator.pulls(at.repo).length,
    checks: emulator.checks(at.repo).length,
    label: emulator.labels(at).find((label) => label.startsWith('yard:')) ?? null,
    card: columnsOf(at, ends.card, emulator),
  })
  const same = (): boolean => JSON.stringify(look()) === JSON.stringify(wanted)
  await until(() => 'all is there', same, 5_000).catch(() => {})
  return same()
    ? []
    : [`there should be ${JSON.stringify(wanted)}, and there is ${JSON.stringify(look())}`]
}
