/** The text of `yardmaster.config.yml` → the operator's settings. Programs, environment, jail and network are defined here and nowhere else. */
import type {
  OperatorSettings,
  Profile,
  RunnerSettings,
  SettingsProblem,
} from '../domain/settings.ts'
import { definitionOf } from './accepted.ts'
import { explain } from './explain.ts'
import { nearest } from '../domain/nearest.ts'
import { operatorSchema } from './operator-schema.ts'
import type { OperatorFile } from './operator-schema.ts'
import { PRESETS } from './presets.ts'
import { PRICES } from './prices.ts'
import { readYaml } from './yaml-file.ts'
import type { SettingsPath } from './yaml-file.ts'

export type OperatorReading =
  | { readonly kind: 'ready'; readonly settings: OperatorSettings }
  | { readonly kind: 'broken'; readonly problems: readonly SettingsProblem[] }

const definition = definitionOf(operatorSchema)
const DEFAULT_TIERS = operatorSchema.parse({}).caps.tiers

/** `text` null: there is no such file, and one profile `patch` (the built-in agent) is offered. */
export function readOperatorSettings(text: string | null): OperatorReading {
  const reading = readYaml(text ?? '')
  if (reading.kind === 'unreadable') return { kind: 'broken', problems: reading.problems }
  const { value, lineOf } = reading
  const parsed = operatorSchema.safeParse(value)
  if (!parsed.success) {
    const { issues } = parsed.error
    return { kind: 'broken', problems: explain({ issues, value, definition, lineOf }) }
  }
  const problems = contradictions(parsed.data, lineOf)
  return problems.length > 0
    ? { kind: 'broken', problems }
    : { kind: 'ready', settings: settingsOf(parsed.data) }
}

/** What each key allows, but the file as a whole does not. */
function contradictions(
  file: OperatorFile,
  lineOf: (path: SettingsPath) => number | null,
): readonly SettingsProblem[] {
  const problems: SettingsProblem[] = []
  const add = (key: string, message: string) =>
    problems.push({ line: lineOf([key]), path: key, message })
  const names = Object.keys(file.profiles)
  const wanted = file.default_profile
  if (wanted !== undefined && !names.includes(wanted)) {
    const guess = nearest(wanted, names)
    const hint = guess === null ? '' : ` (did you mean ${guess}?)`
    add(
      'default_profile',
      `there is no profile "${wanted}"${hint}; the profiles are ${names.join(', ')}`,
    )
  }
  const taken = file.runner.agents ?? []
  const unknown = taken.find((name) => !names.includes(name))
  if (unknown !== undefined)
    add('runner', `there is no profile "${unknown}"; the profiles are ${names.join(', ')}`)
  for (const name of names) {
    const said = fallbackProblem(name, file)
    if (said !== null)
      problems.push({
        line: lineOf(['profiles', name, 'fallback']),
        path: `profiles.${name}.fallback`,
        message: said,
      })
  }
  const remote = names.find((name) => {
    const profile = file.profiles[name]
    return profile?.preset !== undefined && (profile.network ?? file.network) === 'none'
  })
  if (remote !== undefined && file.jail !== 'none') {
    add(
      'network',
      `the profile ${remote} has to reach its model, but network is none; write network: model-only`,
    )
  }
  if ((file.jail === 'podman' || file.jail === 'docker') && file.image === undefined)
    add('jail', `${file.jail} needs an image to run agents and checks in; write image: <its name>`)
  return problems
}

/** Null: it leads to a profile, and by way of others never back to where it began. */
function fallbackProblem(name: string, { profiles }: OperatorFile): string | null {
  const names = Object.keys(profiles)
  const way = [name]
  for (let at = profiles[name]?.fallback; at !== undefined; at = profiles[at]?.fallback) {
    if (at === name)
      return `a fallback must not lead back to its own profile (${[...way, at].join(' → ')})`
    if (!names.includes(at)) {
      // Said where it stands.
      if (way.length > 1) return null
      const guess = nearest(at, names)
      const hint = guess === null ? '' : ` (did you mean ${guess}?)`
      return `there is no profile "${at}"${hint}; the profiles are ${names.join(', ')}`
    }
    // A circle further on is told of those who are in it.
    if (way.includes(at)) return null
    way.push(at)
  }
  return null
}

function settingsOf(file: OperatorFile): OperatorSettings {
  const { budget: caps } = file.caps
  const profiles = Object.fromEntries(
    Object.entries(file.profiles).map(([name, written]) => [name, profileOf(name, written)]),
  )
  return {
    profiles,
    defaultProfile: file.default_profile ?? Object.keys(profiles)[0] ?? '',
    jail: file.jail,
    image: file.image ?? null,
    network: file.network,
    allow: file.allow,
    repositories: file.repositories ?? null,
    caps: {
      total: file.caps.total,
      tiers: { ...DEFAULT_TIERS, ...file.caps.tiers },
      perRepository: file.caps.per_repository,
      perActorDay: file.caps.per_actor_day,
      budget: {
        task: { cost: caps.task, tokens: caps.task_tokens },
        day: { cost: caps.day, tokens: caps.day_tokens },
      },
    },
    prices: pricesOf(file.prices),
    runner: runnerOf(file.runner),
    retry: { firstSeconds: file.retry.first_seconds, maxSeconds: file.retry.max_seconds },
    onboarding: file.onboarding,
    paceMilliseconds: file.pace_ms,
  }
}

/** The operator's word before ours: they see the bill. */
function pricesOf(written: OperatorFile['prices']): OperatorSettings['prices'] {
  const own = Object.entries(written).map(
    ([model, { input, cached = input, output }]) => [model, { input, cached, output }] as const,
  )
  return { ...PRICES, ...Object.fromEntries(own) }
}

function profileOf(name: string, written: OperatorFile['profiles'][string]): Profile {
  const preset = written.preset === undefined ? null : PRESETS[written.preset]
  return {
    name,
    preset: written.preset ?? null,
    command: preset?.command ?? written.command ?? 'builtin:patch',
    protocol: written.protocol,
    tier: written.tier ?? null,
    model: written.model ?? null,
    mode: written.mode ?? null,
    fallback: written.fallback ?? null,
    network: written.network ?? null,
    permissions: written.permissions,
    env: [...new Set([...(preset?.env ?? []), ...written.env])],
  }
}

function runnerOf(written: OperatorFile['runner']): RunnerSettings {
  return {
    capacity: written.capacity ?? null,
    tiers: written.tiers ?? null,
    profiles: written.agents ?? null,
    repositories: written.repositories ?? null,
  }
}
