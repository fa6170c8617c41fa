/** Values for the store's stories: every task, key and login is new, so that stories share one store without meeting. */
import { UNSTEERED } from '../../src/domain/task.ts'
import { actKey, attemptId, instant, issueId, repoId, taskId } from '../../src/domain/ids.ts'
import type { ActKey, AttemptId, Instant, RepoId, TaskId } from '../../src/domain/ids.ts'
import type { Act, ActDetail } from '../../src/domain/act.ts'
import type { Attempt, AttemptReport } from '../../src/domain/attempt.ts'
import { chain, LEDGER_START } from '../../src/domain/ledger.ts'
import type { LedgerHead } from '../../src/domain/ledger.ts'
import type { Repository } from '../../src/domain/repository.ts'
import type { Task, TaskState } from '../../src/domain/task.ts'
import type { NewFact, Start, Store, TaskCommit } from '../../src/ports/store.ts'

let count = 0
/** Distinct across the processes of one run, too. */
const fresh = (): number => process.pid * 100_000 + (count += 1)

export const aName = (word: string): string => `${word}-${fresh()}`

export function aTask(fields: Partial<Task> = {}): Task {
  const repo = fields.repo ?? repoId(fresh())
  const issue = issueId(fresh())
  const at = instant(Date.now())
  return {
    id: taskId(repo, issue),
    repo,
    issue,
    number: 7,
    title: 'Parse dates with a zone',
    version: 0,
    state: { kind: 'queued' },
    wish: null,
    priority: 0,
    attempts: 0,
    epoch: 1,
    failures: 0,
    losses: 0,
    report: null,
    redBase: null,
    pushed: null,
    pull: null,
    ...UNSTEERED,
    edited: false,
    createdAt: at,
    changedAt: at,
    ...fields,
  }
}

export const wishedBy = (id: number): Task['wish'] => ({
  by: { id, login: `person-${id}`, kind: 'person' },
  at: instant(Date.now()),
  label: 'yardmaster',
  profile: null,
  snapshot: '0'.repeat(64),
})

/** A commit that changes nothing but the task; `expected` is the task's own version. */
export function aCommit(task: Task, fields: Partial<TaskCommit> = {}): TaskCommit {
  return {
    task,
    expected: task.version,
    consumed: [],
    ledger: [],
    acts: [],
    surfaces: [],
    snapshot: null,
    attempt: null,
    callOff: false,
    ...fields,
  }
}

/** The task as the store has it now. */
export async function stored(store: Store, id: TaskId): Promise<Task> {
  const { task } = await store.load(id)
  if (task === null) throw new Error(`the store has no task ${id}`)
  return task
}

export async function aStoredTask(store: Store, fields: Partial<Task> = {}): Promise<Task> {
  const task = aTask(fields)
  if (!(await store.commit(aCommit(task)))) throw new Error('a new task was not stored')
  return await stored(store, task.id)
}

export function anAct(task: Task, fields: { key?: ActKey; notBefore?: Instant } = {}): Act {
  const detail: ActDetail = { kind: 'wake', timer: 'retry' }
  const { key = actKey(aName('wake')), notBefore = null } = fields
  return { key, task: task.id, epoch: task.epoch, notBefore, detail }
}

export function aFact(task: TaskId, key = aName('delivery'), body = 'As reported.'): NewFact {
  return {
    source: 'github',
    key,
    aggregate: `task:${task}`,
    repo: null,
    fact: {
      kind: 'issue-edited',
      actor: null,
      issue: { id: issueId(1), number: 7, title: 'Dates', body, open: true, labels: [] },
    },
  }
}

export const doneFact = (act: Act, epoch = act.epoch): NewFact => ({
  source: 'act',
  key: `act:${act.key}:${epoch}:done`,
  aggregate: `task:${act.task}`,
  repo: null,
  fact: { kind: 'act-done', act: act.key, epoch, outcome: { kind: 'nothing' } },
})

function anAttempt(task: Task, n = task.attempts + 1): Attempt {
  return {
    id: attemptId(task.id, n),
    task: task.id,
    n,
    epoch: task.epoch + 1,
    profile: 'patch',
    tier: null,
    phase: 'preparing',
    runner: null,
    startedAt: instant(Date.now()),
    endedAt: null,
    stop: null,
    allowance: null,
    progress: null,
    report: null,
  }
}

/** The admission of a stored, queued task. */
export function aStart(task: Task, head: LedgerHead = LEDGER_START): Start {
  const attempt = anAttempt(task)
  const state: TaskState = { kind: 'running', attempt: attempt.id }
  const next = { ...task, state, attempts: attempt.n, epoch: attempt.epoch }
  const at = attempt.startedAt
  return {
    task: next,
    expected: task.version,
    attempt,
    ledger: chain(task.id, head, [
      { event: 'attempt.admitted', why: 'it starts', by: null, at, data: {} },
    ]),
    surfaces: ['status'],
  }
}

/** Admits against the newest view, as the engine does. */
export async function admit(store: Store, starts: readonly Start[]): Promise<boolean> {
  const { version } = await store.admission.view()
  return await store.admission.admit(version, starts, 60_000)
}

/** A task with an attempt that nobody has claimed yet. */
export async function aRunningTask(store: Store): Promise<{ task: Task; attempt: AttemptId }> {
  const start = aStart(await aStoredTask(store))
  if (!(await admit(store, [start]))) throw new Error('the attempt was not admitted')
  return { task: await stored(store, start.task.id), attempt: start.attempt.id }
}

/** The runner takes what of that task's repository nobody has; the stories share a store, so each takes only its own. */
export async function claim(
  store: Store,
  task: Task,
  by: { readonly runner: string; readonly milliseconds?: number; readonly limit?: number },
): Promise<readonly Attempt[]> {
  const only = { tiers: null, profiles: null, repositories: [task.repo] }
  return await store.claim({ milliseconds: 60_000, limit: 9, ...by, only })
}

export function endFact(attempt: AttemptId, task: Task): NewFact {
  return {
    source: 'runner',
    key: `attempt:${attempt}:${task.epoch}:end`,
    aggregate: `task:${task.id}`,
    repo: null,
    fact: { kind: 'attempt-ended', attempt, epoch: task.epoch, report: aReport() },
  }
}

export const aReport = (error: string | null = null): AttemptReport => ({
  end: error === null ? { kind: 'completed' } : { kind: 'failed', failure: 'crash' },
  summary: 'Did it.',
  error,
  question: null,
  session: null,
  until: null,
  base: null,
  head: null,
  files: [],
  setup: [],
  verify: [],
  baseVerify: [],
  usage: { tokens: null, cost: null },
})

export function aRepository(id: RepoId = repoId(fresh())): Repository {
  return {
    id,
    owner: 'ana',
    name: aName('repo'),
    installation: 1 as Repository['installation'],
    defaultBranch: 'main',
    firstSeen: instant(Date.now()),
    head: null,
    config: null,
    cursor: null,
    gone: null,
    foundLabelled: [],
  }
}
