/**
 * What the next attempt goes on from: the place, work and conversation that an ended one has left, and what it told. A
 * handoff is the end that asks for just that. A conversation in which two attempts failed alike is never taken up again.
 */
import { isProviderFailure } from '../attempt.ts'
import type { Attempt, AttemptReport, Told } from '../attempt.ts'
import type { Resume } from '../question.ts'
import { MAX_HANDOFFS } from '../task.ts'
import type { Task } from '../task.ts'
import { decision } from './decision.ts'
import type { Decision, Subject, World } from './decision.ts'

export const resumeFrom = (live: Attempt, report: AttemptReport, task: Task): Resume => ({
  attempt: live.id,
  base: report.base,
  head: report.head,
  session: report.session,
  profile: live.profile,
  ...toldIn(report, task),
})

/** What the conversation has come to: with what it had come to before, where it was gone on with. */
function toldIn(
  { session, usage }: AttemptReport,
  { resume }: Task,
): { readonly told: number } | undefined {
  if (session === null || usage.cost === null) return undefined
  const before = resume?.session === session ? (resume.told ?? 0) : 0
  return { told: before + usage.cost }
}

/** A handoff one too many, or with nothing to go on from, is a failure like any other. */
export function judgedHandoff(report: AttemptReport, task: Task): AttemptReport {
  const failed = (error: string): AttemptReport => ({
    ...report,
    end: { kind: 'failed', failure: 'context' },
    error,
  })
  if (task.handoffs >= MAX_HANDOFFS)
    return failed(
      `the agent’s context filled up ${task.handoffs + 1} times, each time another one went on from there, and it is still not done: split the issue into smaller ones`,
    )
  // A conversation that was full when it was taken up again is no reason to begin anew.
  const left = report.head !== null || (report.brief ?? '') !== '' || !!task.resume?.session
  return left
    ? report
    : failed(report.error ?? 'the agent’s context was full before it did anything')
}

/** It consumes no attempt and counts as no failure. */
export function handOn(subject: Subject, report: AttemptReport, world: World): Decision {
  const { task, live } = subject
  const handoffs = task.handoffs + 1
  return decision(subject, world, {
    event: 'attempt.handed-on',
    why: `the agent’s context is full; another one goes on from there (${handoffs} of at most ${MAX_HANDOFFS})`,
    data: { handoffs, brief: report.brief !== undefined },
    next: {
      state: { kind: 'queued' },
      report,
      handoffs,
      losses: 0,
      resume: live === null ? task.resume : { ...resumeFrom(live, report, task), session: null },
    },
  })
}

/**
 * What went on after an answer or a handoff, or was held up by its provider, and ended through no fault of the task's,
 * goes on from where it came to: its work replaced that of the attempt before.
 */
export function further({ task, live }: Subject, report: AttemptReport): Partial<Task> {
  if (live === null) return {}
  const { resume } = task
  const failed = report.end.kind === 'failed' ? report.end.failure : report.end.kind
  const alike = resume?.failed === failed
  const provider = report.end.kind === 'failed' && isProviderFailure(report.end.failure)
  if (report.head === null) {
    if (resume === null) return {}
    // The provider's fault leaves the place to whoever goes on; so it is the same conversation that still waits there.
    const same = !provider || report.session === resume.session
    const session = alike || !same ? null : resume.session
    return { resume: { ...resume, ...(provider ? { attempt: live.id } : {}), session, failed } }
  }
  // Asked to stop while the task was to go on: a pause has parked it, and what it has done is gone on with.
  if (resume === null && live.stop === null && !provider) return {}
  // Checks begin only once the agent is done. A red one needs the agent again, a check that was cut off does not.
  const cutOff = report.verify.length > 0 && report.verify.every(({ exitCode }) => !exitCode)
  const worked = live.stop !== null && cutOff ? { worked: true as const } : {}
  const session = alike || !provider ? null : report.session
  return { resume: { ...resumeFrom(live, report, task), ...worked, session, failed } }
}

/** Where an attempt was stopped in the middle of its work: place and conversation wait there for whoever goes on. */
export function leftBy({ task, live }: Subject, report: AttemptReport): Resume | null {
  const { resume } = task
  if (live === null) return resume
  if (report.head !== null) return resumeFrom(live, report, task)
  if (resume === null) return null
  const session = report.session === resume.session ? resume.session : null
  return { ...resume, attempt: live.id, session, ...toldIn(report, task) }
}

/** As many as one agent may tell of each kind. */
const KEPT = 50

/** What attempts before it told is still so where one went on from another: the pull request tells all of it. */
export function carried(report: AttemptReport, { resume, report: former }: Task): AttemptReport {
  if (resume === null || former === null) return report
  const told = {
    decisions: joined(former.decisions, report.decisions),
    discoveries: joined(former.discoveries, report.discoveries),
    brief: report.brief ?? former.brief,
  }
  const { decisions: _d, discoveries: _s, brief: _b, ...rest } = report
  return { ...rest, ...toldOf(told) }
}

const joined = (former: readonly string[] = [], now: readonly string[] = []): readonly string[] =>
  [...new Set([...former, ...now])].slice(-KEPT)

/** Without what is empty. */
export const toldOf = (told: { readonly [Key in keyof Told]: Told[Key] | undefined }): Told => ({
  ...(told.decisions?.length ? { decisions: told.decisions } : {}),
  ...(told.discoveries?.length ? { discoveries: told.discoveries } : {}),
  ...(told.brief ? { brief: told.brief } : {}),
})
