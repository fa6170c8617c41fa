/** Checks what the operator has written, then executes attempts until it is asked to stop. */
import { hostname } from 'node:os'
import type { OperatorSettings, RunnerSettings } from '../domain/settings.ts'
import type { RunnerProcess } from '../main-runner.ts'
import { createLog } from '../system/log.ts'
import { VERSION } from '../system/version.ts'
import type { Environment } from './environment.ts'
import { secrets } from './known-secrets.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { describeProblem, loadEnvironment, readOperatorFile } from './load-settings.ts'
import { sayJail } from './say-jail.ts'
import { probeProfiles } from './probe-profiles.ts'
import { complain, print, table } from './terminal.ts'
import { listenForStop, untilStopped } from './until-stopped.ts'

export interface RunnerOptions {
  readonly name?: string
  readonly capacity?: number
  readonly tiers?: readonly string[]
  readonly agents?: readonly string[]
  readonly repositories?: readonly string[]
}

/** Variables that hold the App's credentials: a runner needs none of them, and is safer without. */
const KEYS = ['PRIVATE_KEY', 'PRIVATE_KEY_PATH', 'WEBHOOK_SECRET'] as const

/** Resolves with the exit code once it has stopped. Throws `CommandEnd` when it refuses to start. */
export async function runRunner(options: RunnerOptions): Promise<number> {
  const { environment, problems } = loadEnvironment(process.cwd())
  const operator = readOperatorFile(environment.configFile)
  const complaints = [
    ...problems
      .filter(({ variable }) => !KEYS.some((key) => key === variable) && variable !== 'APP_ID')
      .map(({ message }) => message),
    ...(operator.kind === 'broken'
      ? operator.problems.map((problem) => describeProblem(environment.configFile, problem))
      : missing(options, environment, operator.settings)),
  ]
  const { databaseUrl } = environment
  if (complaints.length > 0 || operator.kind === 'broken' || databaseUrl === null) {
    throw new CommandEnd(
      ['The runner does not start:', ...complaints.map((line) => `  ${line}`)].join('\n'),
      EXIT.wrong,
    )
  }
  for (const key of KEYS)
    if (process.env[key] !== undefined)
      complain(`${key} is set; a runner needs no credential of the App: better keep it from here.`)
  const wish = listenForStop()
  complain(`The runner of Yardmaster ${VERSION} starts …`)
  const { startRunnerProcess } = await import('../main-runner.ts')
  const log = createLog(environment.logLevel, undefined, secrets)
  const runner = await startRunnerProcess({
    name: options.name ?? hostname(),
    databaseUrl,
    dataFolder: environment.dataFolder,
    webUrl: environment.webUrl,
    operator: operator.settings,
    takes: takesOf(options, operator.settings.runner),
    environment: process.env,
    secrets,
    log,
  })
  tell(runner, environment)
  const stopping = new AbortController()
  const probing = probeProfiles(runner.programs, operator.settings, {
    log,
    signal: stopping.signal,
    say: complain,
  })
  return await untilStopped(
    async () => {
      stopping.abort()
      await probing
      await runner.stop()
    },
    {
      stopping:
        'Stopping: running agents are ended and their work is kept (at most 30 s; once more to stop at once).',
    },
    wish,
  )
}

/** What keeps a runner from being of any use, in words. */
function missing(
  options: RunnerOptions,
  { databaseUrl }: Environment,
  { profiles, runner }: OperatorSettings,
): readonly string[] {
  const unknown = (options.agents ?? []).filter((name) => !Object.hasOwn(profiles, name))
  return [
    ...(databaseUrl === null
      ? [
          'Set DATABASE_URL to the PostgreSQL database that the apps use; the embedded store belongs to one process.',
        ]
      : []),
    ...unknown.map(
      (name) =>
        `There is no profile "${name}" in the operator's file; the profiles are ${Object.keys(profiles).join(', ')}.`,
    ),
    ...((options.capacity ?? runner.capacity) === 0
      ? ['A capacity of 0 would take nothing: give --capacity, or `runner: { capacity: … }`.']
      : []),
  ]
}

/** An option that is given wins over the file. */
function takesOf(options: RunnerOptions, written: RunnerSettings): RunnerSettings {
  return {
    capacity: options.capacity ?? written.capacity,
    tiers: options.tiers ?? written.tiers,
    profiles: options.agents ?? written.profiles,
    repositories:
      options.repositories?.map((one) => (/^\d+$/.test(one) ? Number(one) : one)) ??
      written.repositories,
  }
}

function tell(runner: RunnerProcess, environment: Environment): void {
  const { labels } = runner
  const any = (names: readonly (string | number)[] | null): string => names?.join(', ') ?? 'any'
  const rows: readonly (readonly [string, string])[] = [
    ['name', runner.name],
    ['attempts', `${runner.capacity} at a time`],
    ['profiles', any(labels.profiles)],
    ['tiers', any(labels.tiers)],
    ['repositories', any(labels.repositories)],
    ['files', environment.dataFolder],
    ['jail', sayJail(runner.jailKind)],
  ]
  print(`The runner ${runner.name} is up (process ${process.pid}). Ctrl+C stops it.`)
  for (const line of table(
    rows.map(([name, text]) => [{ text: name }, { text }]),
    null,
  )) {
    print(`  ${line}`)
  }
}
