/** What an answer leads to. Each asker has its line here; the options of a question mean what its asker says they mean. */
import type { About, Answer, Question } from '../question.ts'
import { joined } from '../revision.ts'
import { revisingOf } from '../task.ts'
import { begun } from './revise.ts'
import { terminal } from './decision.ts'
import type { Change, Subject, World } from './decision.ts'

/** The answer is recorded and the question closed whatever else the asker makes of it. */
export type OnAnswer = (subject: Subject, answer: Answer, world: World) => Partial<Change>

/** The work goes on, and the agent is told the answer. */
const goOn: OnAnswer = ({ task }) => ({
  next: task.state.kind === 'parked' ? { state: { kind: 'queued' } } : {},
})

/** Yardmaster itself asked whether one more round is worth it; an answer in words is a round with these words. */
const onceMore: OnAnswer = ({ task }, { choice, by, text, at }) => {
  const revising = revisingOf(task)
  if (task.state.kind !== 'parked') return {}
  if (revising === null) return { next: { state: { kind: 'queued' } } }
  const { revision, pull } = revising
  const next = { state: { kind: 'in-review', pull }, revision: null } as const
  if (choice === 2) return { next: { ...next, nextRevision: null } }
  const remark = { comment: null, login: by.login, path: null, line: null, text }
  const wanted =
    choice === null ? joined(revision, { ...revision, remarks: [remark], by, at }) : revision
  return {
    next: begun(task, task.nextRevision === null ? wanted : joined(wanted, task.nextRevision)),
  }
}

/** The first option is the yes; `/answer` takes nothing but an option here. */
const asMuchAgain: OnAnswer = ({ task }, { choice, by }) => {
  const { purse } = task
  const revising = revisingOf(task)
  if (task.state.kind !== 'parked') return {}
  if (choice === 1)
    return {
      next: { state: { kind: 'queued' }, purse: { ...purse, raised: purse.raised + 1 } },
    }
  // The pull request stays as people have it.
  if (revising !== null)
    return {
      next: {
        state: { kind: 'in-review', pull: revising.pull },
        revision: null,
        nextRevision: null,
        resume: null,
      },
    }
  const reason = `its budget is spent, and @${by.login} chose to stop`
  return { next: { state: terminal('failed', reason) }, callOff: true }
}

const ON_ANSWER: Readonly<Record<About, OnAnswer>> = {
  work: goOn,
  revisions: onceMore,
  checks: onceMore,
  budget: asMuchAgain,
}

/** Answers that are kept for later attempts; a task that asked more often has forgotten its first ones. A judgement. */
const KEPT = 20

export function answered(
  subject: Subject,
  { question, answer }: { readonly question: Question; readonly answer: Answer },
  world: World,
): Partial<Change> {
  const change = ON_ANSWER[question.about](subject, answer, world)
  const kept: Answer = question.about === 'budget' ? { ...answer, about: 'budget' } : answer
  const answers = [...subject.task.answers, kept].slice(-KEPT)
  return { ...change, next: { ...change.next, question: null, answers } }
}
