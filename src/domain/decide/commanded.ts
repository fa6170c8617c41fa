/**
 * A comment that may hold commands. Its commands are carried out line by line, all in one decision, so that each is
 * carried out exactly once. Who may give none is told so once, courteously; edited words are never obeyed (T6).
 */
import type { ActDetail, Reaction } from '../act.ts'
import { mayTriage } from '../actor.ts'
import type { Actor } from '../actor.ts'
import type { TaskFact } from '../fact.ts'
import type { Reply } from '../reply.ts'
import { isOvertaken } from '../spoken.ts'
import type { Spoken, SpokenRef } from '../spoken.ts'
import { MATTERS, obey } from './command/obey.ts'
import { saying } from './command/outcome.ts'
import type { Order, Outcome } from './command/outcome.ts'
import { decision, noted } from './decision.ts'
import type { Decision, Said, Subject, World } from './decision.ts'
import { begin, fold, foldRefusal, folded } from './fold.ts'
import type { Folding } from './fold.ts'
import { decideReplied } from './replied.ts'

type Commanded = Extract<TaskFact, { kind: 'commanded' }>

export function decideCommanded(subject: Subject, fact: Commanded, world: World): Decision | null {
  const { actor, spoken } = fact
  if (actor === null || actor.kind === 'bot') return null
  const { said } = world
  if (said === null) return decideReplied(subject, { ...fact, kind: 'replied' }, world)
  const may = world.permission !== null && mayTriage(world.permission)
  if (!may || isForbidden(said)) return forbid(subject, { actor, spoken, said }, world)
  if (world.genuine === 'gone')
    return subject.task.version === 0 ? null : gone(subject, { actor, spoken }, world)
  if (world.genuine !== 'same')
    return decision(subject, world, {
      event: 'command.edited',
      why: `the comment of @${actor.login} was edited before it was obeyed; nothing of it was done`,
      by: actor.login,
      data: { comment: spoken.id },
      surfaces: [],
      acts: answers({ actor, spoken }, ['confused'], [{ kind: 'edited' }]),
    })
  return carryOut(subject, { actor, spoken, said }, world)
}

interface Speaking {
  readonly actor: Actor
  readonly spoken: Spoken
  readonly said: Said
}

/** All that it says wants more than who wrote it has. */
const isForbidden = ({ commands, refused }: Said): boolean =>
  refused.length === 0 && commands.every(({ refusal }) => refusal?.kind === 'no-permission')

function carryOut(subject: Subject, { actor, spoken, said }: Speaking, world: World): Decision {
  const replies: Reply[] = said.refused.length === 0 ? [] : [{ kind: 'misread', reading: said }]
  let all: Folding = begin(subject)
  let well = replies.length === 0
  let confirmed = true
  for (const { command, refusal, line } of said.commands) {
    const order: Order = {
      command,
      by: actor,
      word: { at: spoken.at, id: spoken.id },
      route: 'comment',
      spoken,
    }
    if (refusal !== null) {
      replies.push({ kind: 'forbidden', refusal })
      all = foldRefusal(all, { order, line, why: 'they may not' }, world)
      well = false
      continue
    }
    const outcome = overtaken(all.subject, order) ?? obey(all.subject, order, world)
    if ('refused' in outcome) {
      replies.push({ kind: 'refused', name: command.kind, because: outcome.refused })
      all = foldRefusal(all, { order, line, why: outcome.refused.kind.replaceAll('-', ' ') }, world)
      well = false
      continue
    }
    if (outcome.reply !== undefined) replies.push(outcome.reply)
    if (outcome.unconfirmed === true) confirmed = false
    all = fold(all, { order, line, change: outcome }, world)
  }
  const verdict: readonly Reaction[] = well ? (confirmed ? ['+1'] : []) : ['confused']
  const acts = [
    ...answers({ actor, spoken }, ['eyes', ...verdict], replies),
    ...(well && !confirmed ? [reaction(spoken, ['+1'], 'nothing-runs')] : []),
  ]
  const otherwise = {
    event: 'command.misread',
    why: `@${actor.login} said something that was not understood`,
    by: actor.login,
    data: { comment: spoken.id },
    surfaces: [],
  }
  return folded(all, { acts, otherwise }, world)
}

/** Deliveries overtake each other: what a later word of the same kind has settled stays as it is. */
function overtaken({ task }: Subject, order: Order): Outcome | null {
  const matter = MATTERS[order.command.kind]
  if (matter === undefined || !isOvertaken(order.word, task.heard[matter])) return null
  return {
    event: 'command.overtaken',
    why: `${saying(order)}, and something else since, which stands`,
    by: order.by.login,
    surfaces: [],
  }
}

/** Told once per person and task; a stranger's further words leave no trace. */
function forbid(
  subject: Subject,
  { actor, spoken, said }: Speaking,
  world: World,
): Decision | null {
  const { task } = subject
  const refusals = said.commands.flatMap(({ refusal }) => (refusal === null ? [] : [refusal]))
  const [first] = refusals
  if (first === undefined || task.forbidden.includes(actor.id)) return null
  return decision(subject, world, {
    event: 'command.forbidden',
    why: `@${actor.login} may not give commands here (${world.permission ?? 'unknown'}); nothing was done`,
    by: actor.login,
    data: { comment: spoken.id },
    next: { forbidden: [...task.forbidden, actor.id] },
    surfaces: [],
    acts: answers({ actor, spoken }, [], [{ kind: 'forbidden', refusal: first }]),
  })
}

const gone = (
  subject: Subject,
  { actor, spoken }: Pick<Speaking, 'actor' | 'spoken'>,
  world: World,
): Decision =>
  noted(subject, world, {
    data: { comment: spoken.id },
    event: 'command.gone',
    why: `@${actor.login} deleted the comment before it was obeyed`,
    by: actor.login,
  })

function answers(
  { actor, spoken }: Pick<Speaking, 'actor' | 'spoken'>,
  contents: readonly Reaction[],
  replies: readonly Reply[],
): readonly ActDetail[] {
  const to = refOf(spoken)
  return [
    ...(contents.length === 0 ? [] : [reaction(spoken, contents, 'at-once')]),
    ...(replies.length === 0
      ? []
      : [
          {
            kind: 'comment',
            notice: { kind: 'reply', to, login: actor.login, replies },
            on: spoken.on === 'issue' ? null : spoken.number,
          } as const,
        ]),
  ]
}

const refOf = ({ id, on, number }: Spoken): SpokenRef => ({ id, on, number })

const reaction = (
  spoken: Spoken,
  contents: readonly Reaction[],
  when: 'at-once' | 'nothing-runs',
): ActDetail => ({ kind: 'react', to: refOf(spoken), contents, when })
