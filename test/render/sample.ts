/** Tasks, attempts and reports as plain values, with only what a test says being different. */
import { UNSTEERED } from '../../src/domain/task.ts'
import type { Attempt, AttemptReport, CommandResult } from '../../src/domain/attempt.ts'
import {
  attemptId,
  installationId,
  instant,
  issueId,
  repoId,
  sha,
  taskId,
} from '../../src/domain/ids.ts'
import type { Repository } from '../../src/domain/repository.ts'
import type { Task } from '../../src/domain/task.ts'
import type { StatusView } from '../../src/render/status.ts'

export const NOW = instant(Date.UTC(2026, 10, 20, 3, 30))
export const HEAD = sha('abc1234'.padEnd(40, '0'))
const BASE = sha('ba5e000'.padEnd(40, '0'))
const ID = taskId(repoId(7), issueId(99))
export const ATTEMPT = attemptId(ID, 1)

const repository: Repository = {
  id: repoId(7),
  owner: 'acme',
  name: 'shop',
  installation: installationId(1),
  defaultBranch: 'main',
  firstSeen: NOW,
  head: BASE,
  config: null,
  cursor: null,
  gone: null,
  foundLabelled: [],
}

export const result = (over: Partial<CommandResult> = {}): CommandResult => ({
  command: 'npm test',
  exitCode: 0,
  milliseconds: 3_200,
  output: '12 passed',
  ...over,
})

export const report = (over: Partial<AttemptReport> = {}): AttemptReport => ({
  end: { kind: 'completed' },
  summary: 'Greets people by their name.',
  error: null,
  question: null,
  session: null,
  until: null,
  base: BASE,
  head: HEAD,
  files: [{ path: 'src/greet.ts', status: 'modified', additions: 3, deletions: 1 }],
  setup: [],
  verify: [result()],
  baseVerify: [],
  usage: { tokens: null, cost: null },
  ...over,
})

export const task = (over: Partial<Task> = {}): Task => ({
  id: ID,
  repo: repoId(7),
  issue: issueId(99),
  number: 12,
  title: 'Greet by name',
  version: 1,
  state: { kind: 'queued' },
  wish: {
    by: { id: 5, login: 'ana', kind: 'person' },
    at: NOW,
    label: 'yardmaster',
    profile: null,
    snapshot: 'd1ce'.padEnd(64, '0'),
  },
  edited: false,
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
  createdAt: NOW,
  changedAt: NOW,
  ...over,
})

export const attempt = (over: Partial<Attempt> = {}): Attempt => ({
  id: ATTEMPT,
  task: ID,
  n: 1,
  epoch: 1,
  profile: 'patch',
  tier: null,
  phase: 'preparing',
  runner: 'here',
  startedAt: NOW,
  endedAt: null,
  stop: null,
  allowance: null,
  progress: null,
  report: null,
  ...over,
})

export const statusView = (over: Partial<StatusView> = {}): StatusView => ({
  task: task(),
  attempts: [],
  repository,
  policy: { kind: 'missing' },
  wait: null,
  jailKind: 'bwrap',
  boardTrouble: null,
  budget: null,
  webUrl: 'https://github.com',
  now: NOW,
  nextUpdateBy: instant(NOW + 600_000),
  ...over,
})
