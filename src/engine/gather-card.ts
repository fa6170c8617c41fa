/**
 * What must be known before a move is obeyed: where the card lies now, what its mover may do now, and for what starts
 * work, the issue as it is. The card is read again, because a webhook is only a hint.
 */
import { sameColumn } from '../domain/board.ts'
import type { IssueNow, Subject, World } from '../domain/decide/decision.ts'
import type { TaskFact } from '../domain/fact.ts'
import type { Repository } from '../domain/repository.ts'
import { WorldFault, isPassing } from '../ports/fault.ts'
import type { EngineDeps } from './deps.ts'
import { roleOf } from './gather-words.ts'
import type { Heads } from './heads.ts'
import { readWritten } from './surfaces/write-board.ts'

type Moved = Extract<TaskFact, { kind: 'card-moved' }>

export interface MovedCard extends Pick<World, 'permission' | 'card' | 'issue'> {
  readonly repository: Repository
}

/** GitHub tells moments in whole seconds, and its clock is not ours. Milliseconds; a judgement. */
const CLOCKS = 2_000

export async function gatherCard(
  subject: Subject,
  fact: Moved,
  row: Repository,
  { deps, heads }: { readonly deps: EngineDeps; readonly heads: Heads },
): Promise<MovedCard> {
  const nothing = { repository: row, permission: null, card: null, issue: null }
  const { actor } = fact
  const card = await meantPlace(subject, fact, row, deps)
  if (card === null) return nothing
  if (actor === null || actor.kind === 'bot') return { ...nothing, card }
  const [repository, permission, issue] = await Promise.all([
    heads.refresh(row),
    roleOf(row, actor, deps),
    issueNow(subject, fact, row, deps),
  ])
  return { repository, permission, card, issue }
}

/**
 * The column that was meant, if the card still lies there, or if it was ours to overwrite it: a move that comes between
 * our look at the card and our write is lost on the board, and counts all the same.
 */
async function meantPlace(
  { task }: Subject,
  { card: { owner, project, item }, to, at }: Moved,
  repo: Repository,
  { board, store }: EngineDeps,
): Promise<World['card']> {
  const card = await board.card({ owner, project, repo }, item).catch((error: unknown) => {
    if (!(error instanceof WorldFault) || isPassing(error)) throw error
    return null
  })
  if (card === null || card.archived) return null
  if (sameColumn(card.column, to)) return { column: to }
  const row = await store.projections.row(task.id, 'board')
  const written = readWritten(row?.written ?? null, task.wish)
  if (written === null || !sameColumn(card.column, written.column)) return null
  return at >= written.from - CLOCKS && at <= written.to + CLOCKS ? { column: to } : null
}

/** The text as it was when the card was moved, if it is as old as that. */
async function issueNow(
  { task }: Subject,
  fact: Moved,
  repository: Repository,
  { tracker }: EngineDeps,
): Promise<IssueNow | null> {
  const [present, edited] = await Promise.all([
    tracker.issue(repository, task.number),
    tracker.lastEdited(repository, task.number),
  ])
  if (present === null || present === 'gone') return null
  return { view: present.issue, editedSince: edited !== null && edited >= fact.at }
}
