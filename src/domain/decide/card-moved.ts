/**
 * A person moved a card. From somebody who may write it is a wish, with the force of a command; it wins and is
 * recorded. Any other move, and any that asks for nothing that can be done now, is written back.
 */
import { mayWrite } from '../actor.ts'
import { wishOfMove } from '../board.ts'
import type { BoardSettings, CardWish } from '../board.ts'
import type { TaskFact } from '../fact.ts'
import { MATTERS, obey } from './command/obey.ts'
import type { Order, Outcome } from './command/outcome.ts'
import { isOvertaken } from '../spoken.ts'
import { decision } from './decision.ts'
import type { Decision, Subject, World } from './decision.ts'
import { begin, fold, folded } from './fold.ts'

type Moved = Extract<TaskFact, { kind: 'card-moved' }>

/** Null: nothing of ours lies there, or something else has happened to the card since. */
export function decideCardMoved(subject: Subject, fact: Moved, world: World): Decision | null {
  const board = world.policy.kind === 'ready' ? world.policy.settings.board : null
  const { task } = subject
  const { actor } = fact
  if (board === null || board.project !== fact.card.project || world.card === null) return null
  const { column } = world.card
  const known = task.wish !== null
  if (actor === null || actor.kind === 'bot')
    return known ? writtenBack(subject, fact, { why: 'nobody who may', world }) : null
  if (world.permission === null || !mayWrite(world.permission)) {
    const why = `@${actor.login} has no write access (${world.permission ?? 'unknown'})`
    return known ? writtenBack(subject, fact, { why, world }) : null
  }
  const wish = wishOfMove(task, column, board)
  if (wish === 'stay') return known ? stays(subject, fact, { column, world }) : null
  if (wish === null)
    return writtenBack(subject, fact, { why: 'that column is for Yardmaster to fill', world })
  return carryOut(subject, fact, { wish, column, board, world })
}

interface Wished {
  readonly wish: CardWish
  readonly column: string | null
  readonly board: BoardSettings
  readonly world: World
}

function carryOut(subject: Subject, fact: Moved, { wish, column, world }: Wished): Decision {
  const { actor } = fact
  if (actor === null) throw new Error('a wish is of somebody')
  // A card has no comment's number: within one second the words count as the later ones.
  const word = { at: fact.at, id: 0 }
  const order: Order = {
    command: wish === 'cancel' || wish === 'hold' ? { kind: wish, reason: null } : { kind: wish },
    by: actor,
    word,
    route: 'card',
    spoken: null,
  }
  const outcome = overtaken(subject, order) ?? obey(subject, order, world)
  if ('refused' in outcome)
    return writtenBack(subject, fact, { why: outcome.refused.kind.replaceAll('-', ' '), world })
  const card = { column, at: fact.at, obeyed: true }
  const change = { ...outcome, next: { ...outcome.next, card } }
  const all = fold(begin(subject), { order, line: 0, change }, world)
  return folded(all, { acts: [], otherwise: change }, world)
}

function overtaken({ task }: Subject, { command, word }: Order): Outcome | null {
  const matter = MATTERS[command.kind]
  if (matter === undefined || !isOvertaken(word, task.heard[matter])) return null
  return { refused: { kind: 'nothing-here' } }
}

/** It lies where it may: nothing changes but that we know who put it there. */
const stays = (
  subject: Subject,
  fact: Moved,
  { column, world }: { readonly column: string | null; readonly world: World },
): Decision =>
  decision(subject, world, {
    event: 'card.moved',
    why: `@${fact.actor?.login ?? 'someone'} moved the card to ${nameOf(column)}`,
    by: fact.actor?.login ?? null,
    next: { card: { column, at: fact.at, obeyed: true } },
    surfaces: ['board'],
  })

const writtenBack = (
  subject: Subject,
  fact: Moved,
  { why, world }: { readonly why: string; readonly world: World },
): Decision =>
  decision(subject, world, {
    event: 'card.written-back',
    why: `@${fact.actor?.login ?? 'someone'} moved the card to ${nameOf(world.card?.column ?? null)}, and it goes back: ${why}`,
    by: fact.actor?.login ?? null,
    next: { card: { column: world.card?.column ?? null, at: fact.at, obeyed: false } },
    surfaces: ['board'],
  })

const nameOf = (column: string | null): string => (column === null ? 'no column' : `“${column}”`)
