/** What a simulated history may meet. Each seed picks its own subset of evils, so that rare mixtures come up as well. */
import type { OperatorSettings, Profile } from '../src/domain/settings.ts'
import { MONEY_CAPS, MONEY_CONFIG } from './money.ts'
import type { Random } from './random.ts'

export interface SimSettings {
  readonly apps: 1 | 2
  readonly repos: number
  readonly issues: number
  /** Of requests to GitHub. */
  readonly faults: number
  readonly limited: number
  /** How far lists lag behind, at most. Milliseconds. */
  readonly lag: number
  readonly lost: number
  readonly doubled: number
  /** A delivery's delay, at most. Milliseconds. */
  readonly delay: number
  /** Of questions to the store that it does not answer, half of which it obeyed. */
  readonly storeFaults: number
  /** Each question to the store takes time of its own, so that others come between. */
  readonly slowStore: boolean
  /** How late timers ring, at most. Milliseconds. */
  readonly lateness: number
  /** Of agents, those that do not simply finish. */
  readonly trouble: number
  /** The repositories name a board, and people move cards. Absent in histories of before there were boards. */
  readonly board?: boolean
  /** The repositories have tight budgets, and agents spend. Absent in histories of before there were budgets. */
  readonly budget?: boolean
}

export function pickSettings(random: Random): SimSettings {
  const sometimes = (probability: number, from: readonly number[]): number =>
    random.chance(probability) ? random.pick(from) : 0
  return {
    apps: random.chance(0.25) ? 2 : 1,
    repos: random.chance(0.3) ? 2 : 1,
    issues: random.between(1, 4),
    faults: sometimes(0.6, [0.01, 0.1, 0.3]),
    limited: sometimes(0.2, [0.01, 0.1]),
    lag: sometimes(0.4, [1_000, 20_000, 58_000]),
    lost: sometimes(0.5, [0.2, 0.5, 1]),
    doubled: sometimes(0.4, [0.2, 0.5]),
    delay: random.pick([100, 2_000, 30_000]),
    storeFaults: sometimes(0.15, [0.005, 0.05]),
    slowStore: random.chance(0.2),
    lateness: random.pick([0, 1_000, 4_000]),
    trouble: random.pick([0.1, 0.4, 0.8]),
    board: random.chance(0.3),
  }
}

const profile = (name: string, tier: string | null): Profile => ({
  name,
  preset: null,
  command: 'builtin:patch',
  protocol: 'acp',
  tier,
  model: null,
  mode: null,
  fallback: null,
  network: null,
  permissions: 'allow',
  env: [],
})

export const OPERATOR: OperatorSettings = {
  profiles: {
    patch: { ...profile('patch', null), fallback: 'second' },
    second: profile('second', 'small'),
  },
  defaultProfile: 'patch',
  jail: 'none',
  image: null,
  network: 'none',
  allow: [],
  repositories: null,
  caps: { total: 3, tiers: { small: 1 }, perRepository: 2, perActorDay: 30, budget: MONEY_CAPS },
  prices: {},
  runner: { capacity: null, tiers: null, profiles: null, repositories: null },
  retry: { firstSeconds: 5, maxSeconds: 30 },
  onboarding: false,
  paceMilliseconds: 1_000,
}

/** As the settings say where they are silent. */
export const CI_FIXES = 2
const CONFIG =
  'agent: patch\nsetup: []\nverify: [npm test]\nlimits: { attempts: 3, minutes: 10, parallel: 2 }\n'
export const configOf = ({ board, budget }: Pick<SimSettings, 'board' | 'budget'>): string =>
  `${CONFIG}${board === true ? 'board: { project: 1 }\n' : ''}${budget === true ? MONEY_CONFIG : ''}`
export const BROKEN_CONFIG = 'agent: patch\nverify: {\n'
