/** Plain values of the domain, each right by itself: a test names only what its story is about. */
import { UNSTEERED } from '../../src/domain/task.ts'
import type { Actor, Permission } from '../../src/domain/actor.ts'
import type { Attempt, AttemptReport, CommandResult } from '../../src/domain/attempt.ts'
import type { Spending } from '../../src/domain/budget.ts'
import type { Subject, World } from '../../src/domain/decide/decision.ts'
import type { IssueView, TaskFact } from '../../src/domain/fact.ts'
import {
  attemptId,
  installationId,
  instant,
  issueId,
  repoId,
  sha,
  taskId,
} from '../../src/domain/ids.ts'
import type { Sha } from '../../src/domain/ids.ts'
import type { Repository } from '../../src/domain/repository.ts'
import type { Budgets } from '../../src/domain/money.ts'
import type {
  OperatorSettings,
  Profile,
  RepoPolicy,
  RepoSettings,
} from '../../src/domain/settings.ts'
import type { Runner } from '../../src/domain/runner.ts'
import { snapshotHash } from '../../src/domain/snapshot.ts'
import type { StateKind, Task, TaskState, Wish } from '../../src/domain/task.ts'

export const NOW = instant(Date.UTC(2026, 2, 1, 22))
export const MINUTE = 60_000
export const REPO = repoId(1001)
const ISSUE = issueId(9007)
export const TASK = taskId(REPO, ISSUE)

/** Forty times the same digit: `shaOf('a')`. */
export const shaOf = (digit: string): Sha => sha(digit.repeat(40))
export const BASE = shaOf('b')
export const HEAD = shaOf('a')

export const ana: Actor = { id: 1, login: 'ana', kind: 'person' }
export const ben: Actor = { id: 2, login: 'ben', kind: 'person' }
export const robot: Actor = { id: 3, login: 'tidy[bot]', kind: 'bot' }

export const snapshot = { title: 'Greet by name', body: 'Say hello to whoever asks.' }

export const issue = (over: Partial<IssueView> = {}): IssueView => ({
  id: ISSUE,
  number: 7,
  ...snapshot,
  open: true,
  labels: ['yardmaster'],
  ...over,
})

export const wish = (over: Partial<Wish> = {}): Wish => ({
  by: ana,
  at: NOW,
  label: 'yardmaster',
  profile: null,
  snapshot: snapshotHash(snapshot),
  ...over,
})

export const pull = { number: 12, url: 'https://github.example/o/r/pull/12', head: HEAD }

/** One state of each kind. */
export const STATES: { readonly [Kind in StateKind]: TaskState & { readonly kind: Kind } } = {
  blocked: { kind: 'blocked', by: [taskId(REPO, issueId(9001))] },
  queued: { kind: 'queued' },
  held: { kind: 'held', by: 'ana', reason: 'not yet' },
  running: { kind: 'running', attempt: attemptId(TASK, 1) },
  publishing: { kind: 'publishing' },
  parked: { kind: 'parked', question: 'Q1' },
  gated: { kind: 'gated', gate: 'G1' },
  retrying: { kind: 'retrying', failures: 1, at: instant(NOW + MINUTE) },
  'in-review': { kind: 'in-review', pull },
  done: { kind: 'done', reason: '@ana merged #12' },
  failed: { kind: 'failed', reason: '`npm test` is red' },
  cancelled: { kind: 'cancelled', reason: '@ana took the label off' },
}

export const STATE_KINDS = Object.keys(STATES) as readonly StateKind[]

/** A task that a person wished for, in the first attempt of its first epoch unless said otherwise. */
export const task = (over: Partial<Task> = {}): Task => ({
  id: TASK,
  repo: REPO,
  issue: ISSUE,
  number: 7,
  title: snapshot.title,
  version: 3,
  state: STATES.queued,
  wish: wish(),
  edited: false,
  priority: 0,
  attempts: 1,
  epoch: 2,
  failures: 0,
  losses: 0,
  report: null,
  redBase: null,
  pushed: null,
  pull: null,
  ...UNSTEERED,
  createdAt: NOW,
  changedAt: NOW,
  ...over,
})

/** A task in that state, with what the state implies. */
export function taskIn(kind: StateKind, over: Partial<Task> = {}): Task {
  const reviewed = kind === 'in-review' || kind === 'done'
  return task({
    state: STATES[kind],
    ...(reviewed ? { pull, pushed: HEAD } : {}),
    ...(kind === 'publishing' ? { report: report() } : {}),
    ...(kind === 'retrying' ? { failures: 1 } : {}),
    ...over,
  })
}

export const attempt = (over: Partial<Attempt> = {}): Attempt => ({
  id: attemptId(TASK, 1),
  task: TASK,
  n: 1,
  epoch: 2,
  profile: 'claude',
  tier: 'sonnet',
  phase: 'agent',
  runner: 'here',
  startedAt: NOW,
  endedAt: null,
  stop: null,
  allowance: null,
  progress: null,
  report: null,
  ...over,
})

/** A task in that state; a running one with its live attempt. */
export const subjectIn = (kind: StateKind, over: Partial<Task> = {}): Subject => ({
  task: taskIn(kind, over),
  live: kind === 'running' ? attempt() : null,
})

export const ran = (exitCode: number | null, command = 'npm test'): CommandResult => ({
  command,
  exitCode,
  milliseconds: 1_200,
  output: exitCode === 0 ? 'all 12 tests passed' : 'greet: expected hello, got nothing',
})

/** An attempt that did what was asked: commits, changed files, a green check. */
export const report = (over: Partial<AttemptReport> = {}): AttemptReport => ({
  end: { kind: 'completed' },
  summary: 'Greets by name.',
  error: null,
  question: null,
  session: null,
  until: null,
  base: BASE,
  head: HEAD,
  files: [{ path: 'src/greet.ts', status: 'modified', additions: 3, deletions: 1 }],
  setup: [],
  verify: [ran(0)],
  baseVerify: [],
  usage: { tokens: 1_200, cost: 0.02 },
  ...over,
})

export const ended = (
  over: Partial<AttemptReport> = {},
  fact: Partial<Extract<TaskFact, { kind: 'attempt-ended' }>> = {},
): Extract<TaskFact, { kind: 'attempt-ended' }> => ({
  kind: 'attempt-ended',
  attempt: attemptId(TASK, 1),
  epoch: 2,
  report: report(over),
  ...fact,
})

export const labelled = (
  over: Partial<Extract<TaskFact, { kind: 'label-added' }>> = {},
): Extract<TaskFact, { kind: 'label-added' }> => ({
  kind: 'label-added',
  label: 'yardmaster',
  actor: ana,
  issue: issue(),
  at: instant(NOW + MINUTE),
  via: 'webhook',
  editedSince: false,
  ...over,
})

export const profile = (over: Partial<Profile> = {}): Profile => ({
  name: 'claude',
  preset: null,
  command: ['claude-acp'],
  protocol: 'acp',
  tier: 'sonnet',
  model: null,
  mode: null,
  fallback: null,
  network: null,
  permissions: 'allow',
  env: [],
  ...over,
})

/** An attempt of the task that ended at the wish. */
export const spending = (over: Partial<Spending> = {}): Spending => ({
  task: TASK,
  repo: REPO,
  n: 1,
  endedAt: NOW,
  usage: { tokens: null, cost: null },
  allowance: null,
  ...over,
})

/** More than any story spends, unless it is about money. */
export const PLENTY: Budgets = {
  task: { cost: 1e6, tokens: 1e12 },
  day: { cost: 1e9, tokens: 1e15 },
}

export const operator = (over: Partial<OperatorSettings> = {}): OperatorSettings => ({
  profiles: {
    claude: profile(),
    opus: profile({ name: 'opus', tier: 'opus' }),
    patch: profile({ name: 'patch', command: 'builtin:patch', tier: null }),
  },
  defaultProfile: 'claude',
  jail: 'auto',
  image: null,
  network: 'none',
  allow: [],
  repositories: null,
  caps: {
    total: 8,
    tiers: { opus: 4, sonnet: 8, haiku: 12 },
    perRepository: 8,
    perActorDay: 100,
    budget: PLENTY,
  },
  prices: {},
  retry: { firstSeconds: 10, maxSeconds: 300 },
  runner: { capacity: null, tiers: null, profiles: null, repositories: null },
  onboarding: false,
  paceMilliseconds: 1_000,
  ...over,
})

export const settings = (over: Partial<RepoSettings> = {}): RepoSettings => ({
  trigger: 'yardmaster',
  agent: null,
  setup: [],
  verify: ['npm test'],
  draft: false,
  remindHours: [4, 24],
  commands: 'bare',
  protected: [],
  testProof: true,
  ownApproval: true,
  board: null,
  reviewers: [],
  reviewerCapacity: 5,
  digest: true,
  limits: { parallel: 3, attempts: 3, minutes: 60, stallMinutes: 10, openReviews: 10, ciFixes: 2 },
  budget: PLENTY,
  ...over,
})

export const ready = (over: Partial<RepoSettings> = {}): RepoPolicy => ({
  kind: 'ready',
  settings: settings(over),
})

/** Ten minutes after the wish; the actor may write. */
export const world = (over: Partial<World> = {}): World => ({
  now: instant(NOW + 10 * MINUTE),
  policy: ready(),
  operator: operator(),
  permission: 'write',
  shown: snapshot,
  withdrawn: null,
  said: null,
  genuine: null,
  issue: null,
  pause: null,
  pull: null,
  onto: null,
  remarks: [],
  card: null,
  guarded: [],
  ...over,
})

export const repository = (over: Partial<Repository> = {}): Repository => ({
  id: REPO,
  owner: 'octo',
  name: 'greeter',
  installation: installationId(77),
  defaultBranch: 'main',
  firstSeen: NOW,
  head: BASE,
  config: 'verify: [npm test]\n',
  cursor: NOW,
  gone: null,
  foundLabelled: [],
  ...over,
})

export const ROLES: readonly Permission[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin']

/** One that takes everything, and never is full. */
export const runner = (over: Partial<Runner> = {}): Runner => ({
  id: 'here',
  labels: { tiers: null, profiles: null, repositories: null },
  capacity: 1_000,
  version: '0.1.0',
  jail: 'bwrap',
  publicKey: null,
  ...over,
})
