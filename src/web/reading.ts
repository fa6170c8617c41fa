/** The one set of reading functions: what people are shown, made from the store and the engine's reasons to wait. */
import type { Attempt, CommandResult } from '../domain/attempt.ts'
import { budgetsIn, spentBy, totalOf } from '../domain/budget.ts'
import type { Instant, RepoId, TaskId } from '../domain/ids.ts'
import { holdScope, inEffect, isOfYard } from '../domain/pause.ts'
import type { Pause } from '../domain/pause.ts'
import { slug } from '../domain/repository.ts'
import type { Repository } from '../domain/repository.ts'
import type { OperatorSettings } from '../domain/settings.ts'
import { TERMINAL, branchOf } from '../domain/task.ts'
import type { StateKind, Task } from '../domain/task.ts'
import type { Wait } from '../domain/wait.ts'
import { readRepoPolicy } from '../policy/repo-file.ts'
import { maskValues } from '../policy/secrets/mask-values.ts'
import type { Secrets } from '../policy/secrets/secrets.ts'
import type { Clock } from '../ports/clock.ts'
import type { ActRow, Store } from '../ports/store.ts'
import { sayPause } from '../render/pause.ts'
import { sayWait } from '../render/wait.ts'
import { findTask } from './find-task.ts'
import { mayBeOwed, reviewLines } from './review-lines.ts'
import type {
  AttemptView,
  CommandLine,
  Moment,
  PauseLine,
  Reading,
  RepositoryLine,
  TaskLine,
  TaskView,
} from './view-types.ts'
import { whyHere } from './why-here.ts'

export interface ReadingDeps {
  readonly store: Pick<Store, 'attempts' | 'find' | 'ledger' | 'list' | 'open' | 'repositories'> & {
    readonly admission: Pick<Store['admission'], 'pauses' | 'spent'>
  }
  readonly operator: () => Promise<OperatorSettings> | OperatorSettings
  /** Why each queued task does not start, as the engine sees it now. */
  readonly waits: () => Promise<ReadonlyMap<TaskId, Wait>>
  readonly clock: Clock
  /** What is shown of what agents said is shown without them. */
  readonly secrets: Pick<Secrets, 'find' | 'mask'>
  /** Where people look at GitHub, without a trailing slash. */
  readonly webUrl: string
}

/** The order in which a maintainer wants to read: what needs a person, what runs, what waits, what has ended. */
const ORDER: readonly StateKind[] = [
  'parked',
  'gated',
  'in-review',
  'held',
  'running',
  'publishing',
  'retrying',
  'queued',
  'blocked',
  'failed',
  'done',
  'cancelled',
]
/** What has failed is nobody’s to look at. */
const MAY_BE_OWED = ORDER.filter((kind) => kind !== 'failed')
const OPEN = ORDER.filter((kind) => !TERMINAL.has(kind))

export function createReading(deps: ReadingDeps): Reading {
  const { secrets } = deps
  const whole = readWhole(deps)
  return {
    queue: async (options) => maskValues(await whole.queue(options), secrets),
    reviews: async () => maskValues(await whole.reviews(), secrets),
    task: async (name) => maskValues(await whole.task(name), secrets),
    ledger: async (name) => maskValues(await whole.ledger(name), secrets),
  }
}

function readWhole(deps: ReadingDeps): Reading {
  const { store, webUrl } = deps

  function lineOf(task: Task, repository: Repository | undefined, wait: Wait | null): TaskLine {
    // A task whose repository has no row is a fault of ours; it is shown all the same.
    const name = repository === undefined ? `repository ${task.repo}` : slug(repository)
    return {
      issue: `${name}#${task.number}`,
      url: `${webUrl}/${name}/issues/${task.number}`,
      title: task.title,
      state: task.state.kind,
      why: whyHere(task, wait, deps.clock.now()),
      by: task.wish?.by.login ?? null,
      priority: task.priority,
      attempts: task.attempts,
      changed: moment(task.changedAt),
      pull: task.pull === null ? null : { number: task.pull.number, url: task.pull.url },
    }
  }

  async function repositoryLine(
    repository: Repository,
    day: RepositoryLine['day'],
  ): Promise<RepositoryLine> {
    const tasks = await Promise.all(
      repository.foundLabelled.map((number) => store.find(repository.id, number)),
    )
    return {
      repository: slug(repository),
      id: repository.id,
      settings: settingsWords(repository),
      // Once somebody has set the label again, it is a task like any other.
      foundLabelled: repository.foundLabelled.filter((_, at) => (tasks[at] ?? null) === null),
      day,
    }
  }

  return {
    async queue({ all }) {
      const [tasks, repositories, waits, pauses, spent, operator] = await Promise.all([
        store.list(all ? {} : { states: OPEN }),
        store.repositories.all(),
        deps.waits(),
        store.admission.pauses(),
        store.admission.spent(),
        deps.operator(),
      ])
      const dayIn = ({ id, config }: Repository): RepositoryLine['day'] => ({
        spent: totalOf(spent.filter(({ repo }) => repo === id).map(({ usage }) => usage)),
        budget: budgetsIn(readRepoPolicy(config), operator.caps.budget)?.day ?? null,
      })
      const now = deps.clock.now()
      const known = new Map<RepoId, Repository>(repositories.map((one) => [one.id, one]))
      return {
        at: moment(now),
        pauses: pauseLines(pauses, repositories, now),
        tasks: tasks
          .toSorted(byTurn)
          .map((task) => lineOf(task, known.get(task.repo), waits.get(task.id) ?? null)),
        repositories: await Promise.all(repositories.map((one) => repositoryLine(one, dayIn(one)))),
      }
    },

    async reviews() {
      const now = deps.clock.now()
      const [tasks, repositories] = await Promise.all([
        store.list({ states: MAY_BE_OWED }),
        store.repositories.all(),
      ])
      const owed = tasks.filter((task) => mayBeOwed(task, now))
      return { at: moment(now), reviews: reviewLines(owed, { repositories, webUrl, now }) }
    },

    async task(name) {
      const found = await findTask(store, name)
      if (found.kind === 'missing') return found
      const { task, repository } = found.value
      const [attempts, acts, waits, operator] = await Promise.all([
        store.attempts(task.id),
        store.open(task.id),
        deps.waits(),
        deps.operator(),
      ])
      const line = lineOf(task, repository, waits.get(task.id) ?? null)
      const policy = readRepoPolicy(repository.config)
      const budgets = budgetsIn(policy, operator.caps.budget, task.purse)
      const branch = task.pushed === null ? null : branchOf(task)
      const value: TaskView = {
        ...line,
        created: moment(task.createdAt),
        edited: task.edited,
        profile: task.wish?.profile ?? null,
        failures: task.failures,
        purse: { spent: spentBy(task, attempts), budget: budgets?.task ?? null },
        attemptList: attempts.map(attemptView),
        pending: acts.map(pendingWords),
        links: {
          issue: line.url,
          branch: branch === null ? null : `${webUrl}/${slug(repository)}/tree/${branch}`,
          pull: line.pull?.url ?? null,
        },
      }
      return { kind: 'found', value }
    },

    async ledger(name) {
      const found = await findTask(store, name)
      if (found.kind === 'missing') return found
      const { task, repository } = found.value
      const { issue, url, title } = lineOf(task, repository, null)
      const entries = await store.ledger(task.id)
      return { kind: 'found', value: { issue, url, title, entries } }
    },
  }
}

function pauseLines(
  pauses: readonly Pause[],
  repositories: readonly Repository[],
  now: Instant,
): readonly PauseLine[] {
  return pauses
    .filter((pause) => inEffect(pause, now))
    .flatMap((pause): readonly PauseLine[] => {
      const why = sayPause(pause)
      if (isOfYard(pause)) return [{ repository: null, why }]
      const own = repositories.find(({ id }) => pause.scope === holdScope(id))
      return own === undefined ? [] : [{ repository: slug(own), why }]
    })
}

function settingsWords(repository: Repository): string {
  const { gone, head, config, defaultBranch: branch } = repository
  if (gone !== null) return sayWait({ kind: 'gone', reason: gone })
  if (head === null) return sayWait({ kind: 'unread' })
  const policy = readRepoPolicy(config)
  switch (policy.kind) {
    case 'ready':
      return 'ready'
    case 'missing':
      return sayWait({ kind: 'no-configuration', branch })
    case 'broken':
      return sayWait({ kind: 'broken-configuration', branch, problems: policy.problems })
    default:
      return policy satisfies never
  }
}

function attemptView(attempt: Attempt): AttemptView {
  const { report, progress } = attempt
  const live = attempt.endedAt === null
  return {
    n: attempt.n,
    profile: attempt.profile,
    phase: live ? attempt.phase : null,
    started: moment(attempt.startedAt),
    ended: attempt.endedAt === null ? null : moment(attempt.endedAt),
    end: report === null ? null : endWords(report.end),
    says: report?.summary ?? progress?.message ?? null,
    error: report?.error ?? attempt.stop,
    question: report?.question?.text ?? null,
    head: report?.head ?? null,
    files: report?.files ?? [],
    setup: report?.setup.map(commandLine) ?? [],
    verify: report?.verify.map(commandLine) ?? [],
    baseVerify: report?.baseVerify.map(commandLine) ?? [],
    usage: report?.usage ?? progress?.usage ?? null,
  }
}

const endWords = (end: NonNullable<Attempt['report']>['end']): string =>
  end.kind === 'failed' ? `failed: ${end.failure}` : end.kind

const commandLine = (result: CommandResult): CommandLine => ({
  command: result.command,
  exitCode: result.exitCode,
  seconds: Math.round(result.milliseconds / 100) / 10,
  output: result.output,
})

function pendingWords(act: ActRow): string {
  const tries = act.tries < 2 ? '' : ` (tried ${act.tries} times)`
  const when = act.notBefore === null ? '' : `, not before ${moment(act.notBefore)}`
  return `${act.detail.kind}${tries}${when}`
}

const byTurn = (a: Task, b: Task): number =>
  ORDER.indexOf(a.state.kind) - ORDER.indexOf(b.state.kind) ||
  b.priority - a.priority ||
  (a.wish?.at ?? 0) - (b.wish?.at ?? 0) ||
  a.number - b.number

const moment = (at: Instant): Moment => new Date(at).toISOString()
