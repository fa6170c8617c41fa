/** The composition root of a runner: it executes attempts for apps elsewhere, and holds no credential of the App. */
import { mkdirSync } from 'node:fs'
import { openExecution } from './compose/execution.ts'
import type { Execution, ExecutionSettings } from './compose/execution.ts'
import { runnerName } from './domain/runner.ts'
import type { RunnerLabels } from './domain/runner.ts'
import type { JailKind, RunnerSettings } from './domain/settings.ts'
import { askDesk } from './engine/ask-desk.ts'
import { createPolicyReader } from './engine/deps.ts'
import { labelsOf, onlyOf, registerRunner } from './engine/register-runner.ts'
import { remoteByDesk } from './engine/remote-by-desk.ts'
import { watchPrograms } from './engine/watch-programs.ts'
import type { MissingPrograms } from './engine/watch-programs.ts'
import { startRunner } from './engine/runner.ts'
import type { Runner } from './engine/runner.ts'
import { TIMING } from './engine/timing.ts'
import type { Timing } from './engine/timing.ts'
import { addressOf } from './github/remote.ts'
import type { Programs } from './ports/programs.ts'
import { createSecrets } from './policy/secrets/secrets.ts'
import type { Secrets } from './policy/secrets/secrets.ts'
import { later } from './domain/ids.ts'
import type { GitRemote } from './ports/git.ts'
import { lockFolder } from './store/folder-lock.ts'
import { openRunnerStore } from './store/runner-store.ts'
import { systemClock as clock } from './system/clock.ts'
import { createOpener } from './system/envelope.ts'
import { systemIds as ids } from './system/ids.ts'
import { VERSION } from './system/version.ts'

export interface RunnerProcessSettings extends ExecutionSettings {
  /** What people call it; shown where its work is. */
  readonly name: string
  readonly databaseUrl: string
  /** Where git goes, such as `https://github.com`. */
  readonly webUrl: string
  readonly takes: RunnerSettings
  /** What must not leave this process; the log shares it. By default one of its own. */
  readonly secrets?: Secrets
  /** Leases and looks; a test may want them short. */
  readonly timing?: Timing
  readonly onAgentStarted?: (task: string, pid: number) => void
}

export interface RunnerProcess {
  readonly name: string
  readonly labels: RunnerLabels
  readonly capacity: number
  readonly jailKind: JailKind
  readonly programs: Programs
  readonly running: () => number
  /** Takes nothing new; ends its agents with their work collected, stored and reported. */
  stop(): Promise<void>
}

/** Where the App's own name is not known, for commits that trusted git makes by itself: there are none that anybody sees. */
const NOBODY = { name: 'yardmaster', email: 'yardmaster@localhost' }

/** Throws `FolderInUse`, `StoreTooNew`, `StoreTooOld` or `WorldFault` with a message for the operator when it cannot start. */
export async function startRunnerProcess(settings: RunnerProcessSettings): Promise<RunnerProcess> {
  const { databaseUrl, dataFolder, log, operator, timing = TIMING } = settings
  const { secrets = createSecrets() } = settings
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const started = new AsyncDisposableStack()
  try {
    const lock = await lockFolder(dataFolder, clock, log)
    started.defer(() => lock.release())
    const store = await openRunnerStore({ url: databaseUrl, clock, log })
    started.defer(() => store.close())
    const id = `${settings.name}#${ids.unique()}`
    const opener = createOpener()
    const desk = askDesk({ store, clock, ids, opener, runner: id })
    let runner: Runner | null = null
    const remote = remoteByDesk({
      url: addressOf(settings.webUrl),
      desk,
      clock,
      holding: (repo) => runner?.holding(repo) ?? null,
    })
    const execution = await openExecution(
      settings,
      { remote: known(remote, secrets), author: NOBODY },
      started,
    )
    started.defer(() => execution.workspace.settle())
    const programs = await watchPrograms(execution.programs, { clock, log })
    const first = placesOf(settings, execution, programs.missing())
    const { capacity } = first
    let { labels } = first
    const deps = {
      store,
      desk,
      workspace: execution.workspace,
      agents: execution.agents,
      git: execution.git,
      clock,
      log,
      operator,
      timing,
      runner: id,
      version: VERSION,
      ...(settings.onAgentStarted === undefined ? {} : { onAgentStarted: settings.onAgentStarted }),
    }
    runner = startRunner(
      deps,
      { capacity, only: () => onlyOf(labels, store), keeps: Infinity },
      {
        policyOf: createPolicyReader(),
        onShown: (task) => {
          store.projections
            .touch(task, ['status'])
            .catch((error: unknown) => log.warn({ error }, 'progress could not be marked'))
        },
      },
    )
    const executing = runner
    started.defer(() => executing.stop())
    const { jailKind } = execution
    const registration = await registerRunner(
      { id, labels, capacity, version: VERSION, jail: jailKind, publicKey: opener.publicKey },
      deps,
    )
    started.defer(() => registration.stop())
    const watching = programs.start(async () => {
      labels = placesOf(settings, execution, programs.missing()).labels
      await registration.change(labels)
    })
    started.defer(() => watching.stop())
    return {
      name: runnerName(id),
      labels: first.labels,
      programs: execution.programs,
      capacity,
      jailKind,
      running: executing.running,
      stop: () => started.disposeAsync(),
    }
  } catch (error) {
    await started.disposeAsync()
    throw error
  }
}

function placesOf(
  { takes, operator }: RunnerProcessSettings,
  { noJail }: Execution,
  missing: MissingPrograms,
): { readonly labels: RunnerLabels; readonly capacity: number } {
  return {
    labels: labelsOf(takes, operator, { noJail: noJail !== null, missing }),
    capacity: takes.capacity ?? operator.caps.total,
  }
}

/** What the desk lends for git: an hour is as long as any of it lives. */
const known = (remote: GitRemote, secrets: Secrets): GitRemote => ({
  ...remote,
  async credential(repo, access) {
    const lent = await remote.credential(repo, access)
    secrets.expire(clock.now())
    secrets.register('a GitHub token of Yardmaster', lent.password, later(clock.now(), 3_600_000))
    return lent
  },
})
