/** A label was set: whether that starts work, and whose wish it then is. */
import { mayWrite } from '../actor.ts'
import type { TaskFact } from '../fact.ts'
import type { Notice } from '../notice.ts'
import { later } from '../ids.ts'
import { snapshotHash } from '../snapshot.ts'
import { UNSTEERED, isTerminal, labelledAt } from '../task.ts'
import type { Task, Wish } from '../task.ts'
import { parseTriggerLabel, wishOf } from '../trigger.ts'
import { decision, noted, terminal } from './decision.ts'
import type { Decision, Subject, World } from './decision.ts'

type LabelAdded = Extract<TaskFact, { kind: 'label-added' }>

/**
 * A webhook tells a label's time by the issue's last change, the reconciler by the label's own event; they differ by
 * little. A wish that the reconciler found counts as that much later: its webhook may still come. Milliseconds.
 */
export const SAME_LABEL = 5_000

/** The word that starts work here; the default while the repository has no readable settings. */
export const triggerOf = (world: World): string =>
  world.policy.kind === 'ready' ? world.policy.settings.trigger : 'yardmaster'

/** Guards in the order in which they can be known: is it our label, is work live, who asks, what is asked. */
export function decideWish(subject: Subject, fact: LabelAdded, world: World): Decision | null {
  const trigger = triggerOf(world)
  if (parseTriggerLabel(fact.label, trigger).kind === 'none') return null
  const { task } = subject
  const by = fact.actor?.login ?? null
  if (task.version > 0 && !isTerminal(task.state)) {
    return noted(subject, world, {
      event: 'wish.repeated',
      why: `the label \`${fact.label}\` was set while work is live; that changes nothing`,
      by,
      next: setAgain(task, fact),
    })
  }
  if (task.wish !== null && task.wish.at + (fact.via === 'reconcile' ? SAME_LABEL : 0) >= fact.at) {
    return noted(subject, world, { event: 'wish.old', why: 'this label was already obeyed', by })
  }
  const { wish: word } = task.heard
  if (word !== undefined && fact.at < word.at) {
    const why = 'the label was set before the last word on this issue'
    return noted(subject, world, { event: 'wish.overtaken', why, by })
  }
  if (!fact.issue.open || world.withdrawn === 'closed') {
    const why = 'the issue is closed; a closed issue starts nothing'
    return noted(subject, world, { event: 'wish.closed', why, by, next: unstarted(subject, why) })
  }
  if (world.withdrawn === 'gone' || world.withdrawn === 'unlabelled') {
    const why =
      world.withdrawn === 'gone'
        ? 'the issue was deleted or moved away before its label was looked at'
        : 'the label was taken off again before it was looked at'
    return noted(subject, world, { event: 'wish.gone', why, by, next: unstarted(subject, why) })
  }
  return refuse(subject, fact, world) ?? grant(subject, fact, world)
}

/** By the same person: what was taken off before that may still be told of, and takes nothing back. Of anybody else it is no wish. */
function setAgain({ wish }: Task, fact: LabelAdded): Partial<Task> {
  if (wish === null || fact.via === 'reconcile' || fact.actor?.id !== wish.by.id) return {}
  if (fact.at <= labelledAt(wish)) return {}
  return { wish: { ...wish, again: fact.at } }
}

/** No authority, no start: bots and unknown actors have none, and a person's is what GitHub says now. */
function refuse(subject: Subject, fact: LabelAdded, world: World): Decision | null {
  const { actor } = fact
  const login = actor?.login ?? null
  if (actor === null) {
    return refusal(subject, world, fact, {
      notice: { kind: 'refused', login: null, why: 'unknown-actor' },
      why: 'nobody can say who set the label; nothing was started',
    })
  }
  if (actor.kind === 'bot') {
    return refusal(subject, world, fact, {
      notice: { kind: 'refused', login, why: 'bot' },
      why: `the label was set by the bot ${actor.login}; bots start nothing`,
    })
  }
  if (world.permission === null || !mayWrite(world.permission)) {
    return refusal(subject, world, fact, {
      notice: { kind: 'refused', login, why: 'reader' },
      why: `@${actor.login} has no write access (${world.permission ?? 'unknown'}); nothing was started`,
    })
  }
  const wish = wishOf(fact.issue.labels, triggerOf(world), Object.keys(world.operator.profiles))
  switch (wish.kind) {
    case 'several':
      return refusal(subject, world, fact, {
        notice: { kind: 'two-profiles', labels: wish.labels },
        why: `${wish.labels.length} trigger labels at once: ${wish.labels.join(', ')}`,
      })
    case 'unknown':
      return refusal(subject, world, fact, {
        notice: {
          kind: 'unknown-profile',
          name: wish.name,
          known: wish.known,
          trigger: triggerOf(world),
        },
        why: `there is no profile named ${wish.name}`,
      })
    case 'none':
      return noted(subject, world, {
        event: 'wish.gone',
        why: 'the label was taken off again before it was looked at',
        by: login,
        next: unstarted(subject, 'the label was taken off at once'),
      })
    case 'one':
      return null
    default:
      return wish satisfies never
  }
}

/** One comment says why; no other surface is written for a label that nobody could obey. */
function refusal(
  subject: Subject,
  world: World,
  fact: LabelAdded,
  because: { readonly notice: Notice; readonly why: string },
): Decision {
  return decision(subject, world, {
    event: 'wish.refused',
    why: because.why,
    by: fact.actor?.login ?? null,
    data: { notice: because.notice.kind },
    next: unstarted(subject, because.why),
    acts: [{ kind: 'comment', notice: because.notice, on: null }],
    surfaces: [],
  })
}

/** How an earlier wish of someone with authority ended stays as it is. */
function unstarted(subject: Subject, reason: string): Partial<Task> {
  return subject.task.version === 0 ? { state: terminal('cancelled', reason) } : {}
}

/** A new wish begins afresh; what people said, and the numbers that are never used again, stay. */
export function freshWish(task: Task, wish: Wish, title: string) {
  const { asked, heard, forbidden, notices } = task
  return {
    ...UNSTEERED,
    purse: { since: task.attempts, raised: 0 },
    asked,
    heard,
    forbidden,
    notices,
    title,
    wish,
    edited: false,
    failures: 0,
    losses: 0,
    redBase: null,
    report: null,
    epoch: task.epoch + 1,
  }
}

function grant(subject: Subject, fact: LabelAdded, world: World): Decision {
  const { actor } = fact
  const { shown } = world
  if (actor === null || shown === null)
    throw new Error('a wish is granted to a known person, for a text that was shown')
  const wish = wishOf(fact.issue.labels, triggerOf(world), Object.keys(world.operator.profiles))
  const fresh = freshWish(
    subject.task,
    {
      by: actor,
      at: fact.via === 'reconcile' ? later(fact.at, SAME_LABEL) : fact.at,
      label: fact.label,
      profile: wish.kind === 'one' ? wish.profile : null,
      snapshot: snapshotHash(shown),
    },
    fact.issue.title,
  )
  if (fact.editedSince) {
    return decision(subject, world, {
      event: 'wish.held',
      why: 'the text was edited after the label was set, so it is not what was approved; take the label off and set it again',
      by: actor.login,
      next: {
        ...fresh,
        state: {
          kind: 'held',
          by: 'yardmaster',
          reason:
            'the text was edited after the label was set; take the label off and set it again',
        },
      },
      snapshot: shown,
      callOff: true,
    })
  }
  return decision(subject, world, {
    event: 'task.queued',
    why: `@${actor.login} set the label \`${fact.label}\``,
    by: actor.login,
    data: { snapshot: fresh.wish.snapshot, profile: fresh.wish.profile },
    next: { ...fresh, state: { kind: 'queued' } },
    snapshot: shown,
    callOff: true,
  })
}
