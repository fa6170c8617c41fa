/**
 * Looks at boards every few minutes: a card that lies wrong, and of which no webhook told, is marked for writing. Nobody
 * knows who put it there, so it starts nothing. Each look is paid from a twentieth of what GitHub grants in an hour.
 */
import { keyOf, liesAside, liesRight, sameColumn } from '../domain/board.ts'
import type { BoardSettings } from '../domain/board.ts'
import { TERMINAL } from '../domain/task.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import type { Repository } from '../domain/repository.ts'
import type { BoardAt, Card } from '../ports/board.ts'
import { WorldFault } from '../ports/fault.ts'
import type { WatchedTask } from '../ports/store.ts'
import { boardRest } from './board-pace.ts'
import { boardOf } from './boards.ts'
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'

export interface BoardWatchHooks {
  readonly policyOf: (config: string | null) => RepoPolicy
  readonly leads: () => boolean
  readonly onTouched: () => void
}

interface Shared {
  readonly at: BoardAt
  readonly homes: readonly { readonly repository: Repository; readonly settings: BoardSettings }[]
}

export function startBoardWatch(
  deps: Pick<EngineDeps, 'store' | 'board' | 'installations' | 'clock' | 'log'>,
  { policyOf, leads, onTouched }: BoardWatchHooks,
): Loop {
  const { store, clock, log } = deps
  let rest = boardRest([])

  async function boards(): Promise<readonly Shared[]> {
    const homes = (await store.repositories.all()).flatMap((repository) => {
      if (repository.gone !== null || !deps.installations.serves(repository.id)) return []
      const board = boardOf(repository, policyOf(repository.config))
      return board === null ? [] : [{ repository, ...board }]
    })
    const groups = Map.groupBy(homes, ({ at }) => `${at.owner.toLowerCase()}/${at.project}`)
    return [...groups.values()].flatMap((group) => {
      const [first] = group
      return first === undefined ? [] : [{ at: first.at, homes: group }]
    })
  }

  async function turn(signal: AbortSignal): Promise<void> {
    const costs = []
    for (const one of await boards()) {
      if (signal.aborted || !leads()) return
      const requests = await look(one, deps).catch((error: unknown) => {
        if (!(error instanceof WorldFault)) throw error
        log.info(
          { error: error.message, project: one.at.project },
          'a board could not be looked at',
        )
        return 1
      })
      costs.push({ installation: one.at.repo.installation, requests })
    }
    rest = boardRest(costs)
    onTouched()
  }

  return startLoop({ name: 'boards', clock, log, every: () => rest }, async (signal) => {
    if (leads()) await turn(signal)
  })
}

/** Gives what it cost, in requests. */
async function look(
  { at, homes }: Shared,
  { store, board }: Pick<EngineDeps, 'store' | 'board'>,
): Promise<number> {
  const shape = await board.shape(at, 'fresh')
  // What is done stays where it is: the longest column of an old board is not read at all.
  const done = homes[0]?.settings.columns.done ?? ''
  const column = [...(shape.status?.options.keys() ?? [])].find((name) => sameColumn(name, done))
  const { cards, requests, more } = await board.cards(at, column ?? null)
  let touched = 0
  for (const { repository, settings } of homes) {
    const isThere = (name: string): boolean =>
      [...(shape.status?.options.keys() ?? [])].some((one) => sameColumn(one, name))
    const lying = new Map(
      cards.flatMap((card) => (liesHere(card, repository) ? [[card.issue.number, card]] : [])),
    )
    const open = await store.watched(repository.id, 'open')
    const others = await store.watched(
      repository.id,
      [...lying.keys()].filter((number) => !open.some((task) => task.number === number)),
    )
    for (const task of [...open, ...others])
      if (isAstray(task, lying.get(task.number) ?? null, { settings, more, isThere })) {
        await store.projections.touch(task.id, ['board'])
        touched += 1
      }
  }
  // Each is read once more before anything is written.
  return requests + touched + 1
}

type OfIssue = Card & { readonly issue: NonNullable<Card['issue']> }

const liesHere = (card: Card, { owner, name }: Repository): card is OfIssue =>
  card.issue !== null &&
  card.issue.owner.toLowerCase() === owner.toLowerCase() &&
  card.issue.repository.toLowerCase() === name.toLowerCase()

/** Whether it is worth a look of its own, which knows of people's moves. */
function isAstray(
  task: WatchedTask,
  card: Card | null,
  {
    settings,
    more,
    isThere,
  }: {
    readonly settings: BoardSettings
    readonly more: boolean
    readonly isThere: (name: string) => boolean
  },
): boolean {
  if (task.wish === null) return false
  const over = TERMINAL.has(task.state.kind)
  if (card === null) return !more && !over
  if (liesRight({ state: task.state, card: null }, card.column, settings)) return false
  // Probably put aside by a person.
  if (over && liesAside(card.column, settings)) return false
  const key = keyOf(task.state)
  return key === 'backlog' || isThere(settings.columns[key])
}
