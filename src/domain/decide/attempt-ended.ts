/** An attempt came to its end: publish, try again, wait, or give up. Success is evidence, never a claim. */
import { isProviderFailure, passed } from '../attempt.ts'
import type { AttemptReport, OwnFailure, ProviderFailure } from '../attempt.ts'
import { usageOf } from '../budget.ts'
import { PROVIDER_REST, WORLD_REST, backoff } from '../backoff.ts'
import type { TaskFact } from '../fact.ts'
import { later, shortSha } from '../ids.ts'
import type { Instant } from '../ids.ts'
import { limitScope, profileScope, rest, worldScope } from '../pause.ts'
import { askedInWords } from '../question.ts'
import { MAX_HANDOFFS, MAX_LOSSES, revisingOf } from '../task.ts'
import type { Task } from '../task.ts'
import { ask } from './ask.ts'
import { decision, noted, terminal } from './decision.ts'
import type { Decision, Subject, World } from './decision.ts'
import { passOn } from './gate.ts'
import { carried, further, handOn, judgedHandoff, leftBy, resumeFrom } from './go-on.ts'
import { givenUp } from './revised.ts'

type Ended = Extract<TaskFact, { kind: 'attempt-ended' }>

/** Attempts, first included, when the repository's settings cannot be read. */
const DEFAULT_ATTEMPTS = 3

export function decideAttemptEnded(subject: Subject, fact: Ended, world: World): Decision {
  const { task, live } = subject
  const own = live?.id === fact.attempt && live.epoch === fact.epoch
  const report = judged(
    own ? { ...fact.report, usage: usageOf(fact.report.usage, live) } : fact.report,
    task,
  )
  const close = own ? { id: live.id, ended: report } : null
  if (
    task.state.kind !== 'running' ||
    task.state.attempt !== fact.attempt ||
    task.epoch !== fact.epoch
  ) {
    return noted(subject, world, {
      event: 'attempt.late',
      why: `the report of ${fact.attempt} came after it no longer counted; kept as evidence`,
      data: { attempt: fact.attempt, end: report.end, head: report.head },
      attempt: close,
    })
  }
  const verdict = judge(subject, carried(report, task), world)
  return { ...verdict, attempt: close }
}

/** A claim of completion without commits or with a red check is none. */
function judged(report: AttemptReport, task: Task): AttemptReport {
  const { revision } = task
  if (report.end.kind === 'handoff') return judgedHandoff(report, task)
  if (report.end.kind !== 'completed') return report
  // A base that merges by itself brings commits and needs no change of an agent's.
  const merged = revision?.reason === 'base' && report.head !== null
  if (report.head === null || (report.files.length === 0 && !merged)) {
    return {
      ...report,
      end: { kind: 'failed', failure: 'no-result' },
      error: words(report.error, 'the agent said that it was done, but changed nothing'),
    }
  }
  if (!report.verify.every(passed)) return { ...report, end: { kind: 'failed', failure: 'verify' } }
  return report
}

function judge(subject: Subject, report: AttemptReport, world: World): Decision {
  const { end } = report
  switch (end.kind) {
    case 'completed':
      return passOn(subject, report, world)
    case 'needs':
    case 'parked':
      return park(subject, report, world)
    case 'handoff':
      return handOn(subject, report, world)
    case 'stopped':
    case 'cancelled':
      return again(subject, report, world, {
        event: 'attempt.stopped',
        why: words(report.error, 'the attempt was stopped; it starts again'),
        losses: subject.task.losses,
      })
    case 'lost':
      return lost(subject, report, world)
    case 'failed':
      if (end.failure === 'world') return waitForWorld(subject, report, world)
      if (report.usedUp !== undefined) return usedUp(subject, report, world)
      return isProviderFailure(end.failure)
        ? restProfile(subject, report, world, end.failure)
        : retry(subject, report, world, end.failure)
    default:
      return end satisfies never
  }
}

/** Its work, session and place wait with it; the slot is free. */
function park(subject: Subject, report: AttemptReport, world: World): Decision {
  const { task, live } = subject
  const question = report.question
  const asked =
    question === null || question.text.trim() === ''
      ? { ...(question ?? askedInWords('')), text: 'The agent stopped, and did not say for what.' }
      : question
  return ask(subject, world, asked, {
    about: 'work',
    next: {
      report,
      losses: 0,
      resume: live === null ? task.resume : resumeFrom(live, report, task),
    },
  })
}

/**
 * It spent what it was allowed: that is no failure of its own. It waits with its work where admission finds what is spent,
 * the task's budget (then a person is asked) or the day's.
 */
function usedUp(subject: Subject, report: AttemptReport, world: World): Decision {
  return decision(subject, world, {
    event: 'attempt.used-up',
    why: words(report.error, 'the attempt was stopped: its budget is spent'),
    data: { usage: report.usage, allowance: report.usedUp },
    next: { state: { kind: 'queued' }, report, losses: 0, resume: leftBy(subject, report) },
  })
}

function lost(subject: Subject, report: AttemptReport, world: World): Decision {
  const losses = subject.task.losses + 1
  if (losses >= MAX_LOSSES) {
    return fail(
      subject,
      report,
      world,
      `the process that ran it died ${losses} times; it is set aside so that it harms nothing else`,
    )
  }
  return again(subject, report, world, {
    event: 'attempt.lost',
    why: 'the process that ran the attempt is gone; it starts again',
    losses,
  })
}

function again(
  subject: Subject,
  report: AttemptReport,
  world: World,
  how: { readonly event: string; readonly why: string; readonly losses: number },
): Decision {
  return decision(subject, world, {
    event: how.event,
    why: how.why,
    next: {
      state: { kind: 'queued' },
      report,
      losses: how.losses,
      ...further(subject, report),
    },
  })
}

/** The provider's fault: no attempt is used up, and its profile rests until it is well again. */
function restProfile(
  subject: Subject,
  report: AttemptReport,
  world: World,
  failure: ProviderFailure,
): Decision {
  const profile = subject.live?.profile ?? subject.task.wish?.profile ?? 'agent'
  // A moment that is already past would start the next attempt at once, and the one after that.
  const told = report.until !== null && report.until > world.now ? report.until : null
  const until: Instant = told ?? later(world.now, PROVIDER_REST[failure])
  return decision(subject, world, {
    event: 'attempt.provider-failed',
    why: `${profile}: ${words(report.error, failure)}`,
    data: { failure, until },
    next: { state: { kind: 'queued' }, report, ...further(subject, report) },
    pause: rest(REST_SCOPE[failure](profile), until, REST_REASON[failure]),
  })
}

/** Nobody's attempt either: what this repository needs is out of reach, and other repositories may well go on. */
function waitForWorld(subject: Subject, report: AttemptReport, world: World): Decision {
  const why = words(report.error, 'GitHub or this machine had a fault')
  const told = report.until !== null && report.until > world.now ? report.until : null
  const until: Instant = told ?? later(world.now, WORLD_REST.passing)
  return decision(subject, world, {
    event: 'attempt.world-failed',
    why,
    data: { until },
    next: { state: { kind: 'queued' }, report, ...further(subject, report) },
    pause: rest(worldScope(subject.task.repo), until, why),
  })
}

const REST_SCOPE: Readonly<Record<ProviderFailure, (profile: string) => string>> = {
  auth: profileScope,
  rate: limitScope,
  overload: limitScope,
  network: profileScope,
  program: profileScope,
}

const REST_REASON: Readonly<Record<ProviderFailure, string>> = {
  auth: 'its login was refused',
  rate: 'it is at its limit',
  overload: 'its provider is overloaded',
  network: 'its provider cannot be reached',
  program: 'its program cannot be started',
}

function retry(
  subject: Subject,
  report: AttemptReport,
  world: World,
  failure: OwnFailure,
): Decision {
  const { task } = subject
  if (
    failure === 'verify' &&
    report.base !== null &&
    // A pull request that is red is what is to be mended, or was broken by people: it does not move by itself.
    task.revision === null &&
    // Cut off at its time limit, a check of the base proves nothing against it.
    report.baseVerify.some(({ exitCode }) => exitCode !== null && exitCode !== 0)
  ) {
    return decision(subject, world, {
      event: 'attempt.base-red',
      why: `the base is already red at ${shortSha(report.base)}; the task waits until the branch moves`,
      data: { base: report.base },
      next: { state: { kind: 'queued' }, report, redBase: report.base, resume: null },
    })
  }
  const failures = task.failures + 1
  const limit =
    world.policy.kind === 'ready' ? world.policy.settings.limits.attempts : DEFAULT_ATTEMPTS
  const said = words(report.error, failure)
  // An agent that declines says so on purpose, and what is too large stays so; asking the same again would only cost.
  if (failure === 'refusal' || (failure === 'context' && task.handoffs >= MAX_HANDOFFS))
    return fail(subject, report, world, said)
  if (failures >= limit) {
    return fail(
      subject,
      report,
      world,
      failures === 1 ? said : `${said} (attempt ${failures} of ${limit})`,
    )
  }
  const at = later(world.now, backoff(failures, world.operator.retry))
  return decision(subject, world, {
    event: 'attempt.failed',
    why: said,
    data: { failure, failures, at },
    next: { state: { kind: 'retrying', failures, at }, report, failures, resume: null },
    acts: [{ kind: 'wake', timer: 'retry' }],
  })
}

export function fail(
  subject: Subject,
  report: AttemptReport | null,
  world: World,
  reason: string,
): Decision {
  const login = subject.task.wish?.by.login
  const revising = revisingOf(subject.task)
  if (revising !== null)
    return decision(subject, world, givenUp(subject, { ...revising, reason, report }))
  return decision(subject, world, {
    event: 'task.failed',
    why: reason,
    next: { state: terminal('failed', reason), report: report ?? subject.task.report },
    acts:
      login === undefined
        ? []
        : [{ kind: 'comment', notice: { kind: 'failed', login, reason }, on: null }],
    callOff: true,
  })
}

/** Text from agents may be there and say nothing. */
const words = (text: string | null, otherwise: string): string =>
  text === null || text.trim() === '' ? otherwise : text
