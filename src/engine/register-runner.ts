/** Keeps this process known as a runner, and works out what it takes. */
import type { Runner, RunnerLabels } from '../domain/runner.ts'
import type { OperatorSettings, RunnerSettings } from '../domain/settings.ts'
import type { Claim, Store } from '../ports/store.ts'
import type { RunnerDeps } from './deps.ts'
import { startLoop } from './loop.ts'

export interface Registration {
  /** It takes something else from now on. */
  change(labels: RunnerLabels): Promise<void>
  /** It takes nothing new from now on: nothing is admitted for it any more. */
  stop(): Promise<void>
}

export async function registerRunner(
  runner: Runner,
  deps: Pick<RunnerDeps, 'clock' | 'log' | 'timing'> & {
    readonly store: Pick<Store, 'register' | 'keep' | 'retire'>
  },
): Promise<Registration> {
  const { store, clock, log } = deps
  const { lease, heartbeat } = deps.timing.registration
  let known = runner
  await store.register(known, lease)
  let first = true
  const loop = startLoop({ name: 'registration', clock, log, every: () => heartbeat }, async () => {
    if (first) first = false
    else if (!(await store.keep(runner.id, lease))) await store.register(known, lease)
  })
  return {
    async change(labels) {
      known = { ...known, labels }
      await store.register(known, lease)
    },
    async stop() {
      await loop.stop()
      await store
        .retire(runner.id)
        .catch((error: unknown) =>
          log.warn(
            { error },
            'the runner could not sign off; it counts as gone when its time is up',
          ),
        )
    },
  }
}

/**
 * What this process takes by its settings. It names its profiles, for it alone has their programs, and none whose
 * program is missing here; without a sandbox that the operator has waived it takes only the built-in agent.
 */
export function labelsOf(
  settings: RunnerSettings,
  operator: Pick<OperatorSettings, 'profiles'>,
  {
    noJail,
    missing,
  }: { readonly noJail: boolean; readonly missing: { has(profile: string): boolean } },
): RunnerLabels {
  const { tiers, repositories } = settings
  const profiles = Object.values(operator.profiles)
    .filter(({ name }) => settings.profiles === null || settings.profiles.includes(name))
    .filter(({ command }) => !noJail || command === 'builtin:patch')
    .map(({ name }) => name)
    .filter((name) => !missing.has(name))
  return { tiers, profiles, repositories }
}

/** The labels as the store compares them: names of repositories are looked up, for they may change. */
export async function onlyOf(
  labels: RunnerLabels,
  store: { readonly repositories: Pick<Store['repositories'], 'all'> },
): Promise<Claim['only']> {
  const { tiers, profiles } = labels
  if (labels.repositories === null) return { tiers, profiles, repositories: null }
  const wanted = labels.repositories.map((one) => String(one).toLowerCase())
  const known = await store.repositories.all()
  const repositories = known
    .filter(
      ({ id, owner, name }) =>
        wanted.includes(String(id)) || wanted.includes(`${owner}/${name}`.toLowerCase()),
    )
    .map(({ id }) => id)
  return { tiers, profiles, repositories }
}
