/** Cards that people move on a simulated board, and what must be true of them in the end. */
import type { Actor } from '../src/domain/actor.ts'
import { COLUMN_NAMES, liesAside, liesRight } from '../src/domain/board.ts'
import { instant } from '../src/domain/ids.ts'
import type { LedgerEntry } from '../src/domain/ledger.ts'
import { isTerminal } from '../src/domain/task.ts'
import type { Task } from '../src/domain/task.ts'
import type { Post } from './deliveries.ts'
import { PROJECT, cardFor } from './github/board.ts'
import type { SimMove } from './github/board.ts'
import type { SimIssue, SimRepo } from './github/hub.ts'
import { BROKEN_CONFIG } from './settings.ts'
import type { World } from './world.ts'

/** The ones that mean something are moved to most. */
const PLACES = [
  COLUMN_NAMES.queued,
  COLUMN_NAMES.queued,
  COLUMN_NAMES.queued,
  COLUMN_NAMES.done,
  COLUMN_NAMES.backlog,
  COLUMN_NAMES.held,
  COLUMN_NAMES.working,
  COLUMN_NAMES['needs-review'],
  null,
] as const

export function moveCard(
  { hub, settings, tell }: World,
  post: Post,
  at: { readonly repo: SimRepo; readonly issue: SimIssue },
  deed: { readonly by: Actor; readonly to: number },
): void {
  const { repo, issue } = at
  if (settings.board !== true || issue.gone) return
  const to = PLACES[deed.to % PLACES.length] ?? null
  const card = cardFor(hub, repo, issue)
  if (card.column === to) return
  card.column = to
  card.updatedAt = hub.now()
  hub.board.moves.push({ card, by: deed.by, to, at: hub.now() })
  tell(`${deed.by.login} moves the card of ${repo.name}#${issue.number} to ${to ?? 'no column'}`)
  post.send({
    repo,
    issue: null,
    fact: {
      kind: 'card-nudged',
      card: { owner: repo.owner, project: PROJECT, item: card.id },
      to,
      actor: deed.by,
      at: instant(Math.floor(hub.now() / 1000) * 1000),
    },
  })
}

/** With the force of a label. */
export const isWish = ({ to, by }: Pick<SimMove, 'to' | 'by'>): boolean =>
  to === COLUMN_NAMES.queued && by.kind === 'person'

/** Nothing is obeyed that nobody with write access has moved, and in the end each card lies where its task stands. */
export function judgeCards(
  { hub, settings, writers }: World,
  { repo, issue }: { readonly repo: SimRepo; readonly issue: SimIssue },
  { task, ledger }: { readonly task: Task | null; readonly ledger: readonly LedgerEntry[] },
): readonly string[] {
  if (settings.board !== true || task === null) return []
  const wrong: string[] = []
  const moves = hub.board.moves.filter(({ card }) => card.issue === issue)
  for (const { data, by, event, why } of ledger) {
    if (data['route'] !== 'card') continue
    const meant = moves.filter((move) => move.by.login === by)
    if (meant.length === 0) wrong.push(`${event} (${why}) obeys a move that nobody made`)
    else if (!meant.some((move) => writers.has(`${repo.id} ${move.by.id}`)))
      wrong.push(`${event} (${why}) obeys a move of somebody who may not write`)
  }
  if (task.wish === null || issue.gone || repo.config === BROKEN_CONFIG) return wrong
  const card = [...hub.board.cards.values()].find((one) => one.issue === issue) ?? null
  const over = isTerminal(task.state)
  const board = { project: PROJECT, columns: COLUMN_NAMES }
  if (card === null) {
    if (!over) wrong.push(`it has no card, and the task is ${task.state.kind}`)
  } else if (!liesRight(task, card.column, board) && !(over && liesAside(card.column, board)))
    wrong.push(`its card lies in ${card.column ?? 'no column'}, and the task is ${task.state.kind}`)
  return wrong
}
