/** A revision came to its end: the pull request is in review again, whatever came of it, and people are told in its threads. */
import type { ActDetail } from '../act.ts'
import type { AttemptReport } from '../attempt.ts'
import { shortSha } from '../ids.ts'
import type { Sha } from '../ids.ts'
import type { Revision } from '../revision.ts'
import { revisingOf } from '../task.ts'
import type { PullRef, Task } from '../task.ts'
import type { Change, Subject } from './decision.ts'
import { begun } from './revise.ts'

interface Ended {
  readonly revision: Revision
  readonly pull: PullRef
}

/** Pushed: each thread hears of the commit, and who asked for changes is asked for another look. */
export function revised(task: Task, { revision, pull }: Ended): Change {
  const head = task.pushed ?? pull.head
  const now: PullRef = { ...pull, head }
  const { by } = revision
  const again: readonly ActDetail[] =
    by === null || revision.reason !== 'review'
      ? []
      : [{ kind: 'ask-review', pull: pull.number, login: by.login, head }]
  return {
    event: 'revision.done',
    why: `#${pull.number} waits for review again, at ${shortSha(head)}`,
    data: { head, reason: revision.reason },
    next: afterwards(task, now),
    acts: [...threads(revision, { pull, head, why: '' }), ...again],
  }
}

/** Nothing was pushed, and nothing of the pull request is lost. */
export function givenUp(
  { task }: Subject,
  ended: Ended & { readonly reason: string; readonly report: AttemptReport | null },
): Change {
  const { revision, pull, reason, report } = ended
  const login = revision.by?.login ?? task.wish?.by.login
  return {
    event: 'revision.failed',
    why: `#${pull.number} stays as it is: ${reason}`,
    by: null,
    data: { head: revision.head, reason: revision.reason },
    next: { ...afterwards(task, pull), report: report ?? task.report },
    acts: [
      ...threads(revision, { pull, head: null, why: reason }),
      ...(login === undefined
        ? []
        : [
            {
              kind: 'comment',
              notice: { kind: 'revision-failed', login, head: revision.head, reason },
              on: pull.number,
            } as const,
          ]),
    ],
    callOff: true,
  }
}

/** All that it changed are workflow files, which a person has applied: nothing is pushed, and the pull request is as it was. */
export const handedOver = (
  task: Task,
  { revision, pull, reason }: Ended & { readonly reason: string },
): Pick<Change, 'event' | 'next' | 'acts'> => ({
  event: 'revision.done',
  next: afterwards(task, pull),
  acts: threads(revision, { pull, head: null, why: reason }),
})

/** Somebody was faster: no round is counted, and their commits are where it starts. */
export function startedOver(task: Task, found: Sha): Change | null {
  const revising = revisingOf(task)
  if (revising === null) return null
  const { revision, pull } = revising
  return {
    event: 'revision.restarted',
    why: '',
    data: { head: found },
    next: {
      state: { kind: 'queued' },
      pull: { ...pull, head: found },
      revision: { ...revision, head: found },
      resume: null,
    },
  }
}

/** In review; or what was asked for meanwhile begins now. */
export function afterwards(task: Task, pull: PullRef): Partial<Task> {
  const next = { state: { kind: 'in-review', pull }, pull, revision: null, resume: null } as const
  const { nextRevision } = task
  if (nextRevision === null) return { ...next, failures: 0, losses: 0 }
  return { ...next, ...begun(task, { ...nextRevision, head: pull.head }) }
}

const threads = (
  { remarks }: Revision,
  about: { readonly pull: PullRef; readonly head: Sha | null; readonly why: string },
): readonly ActDetail[] =>
  remarks.flatMap(({ comment }) =>
    comment === null
      ? []
      : [
          {
            kind: 'answer-remark',
            pull: about.pull.number,
            comment,
            head: about.head,
            why: about.why,
          } as const,
        ],
  )
