/** A history is plain data: what happens, and the seed of everything else. It is made at random, kept as JSON, and played again. */
import { createRandom } from './random.ts'
import { pickSettings } from './settings.ts'
import type { SimSettings } from './settings.ts'
import { KINDS } from './steps.ts'
import type { Step } from './steps.ts'

export interface History {
  readonly seed: number
  readonly settings: SimSettings
  readonly steps: readonly Step[]
}

/** F3: 3 to 40 events. */
const LEAST = 3
const MOST = 40

const MONEY = 0x2545f491

const names = Object.keys(KINDS)
const total = Object.values(KINDS).reduce((sum, { weight }) => sum + weight, 0)

export function makeHistory(seed: number): History {
  const random = createRandom(seed)
  // By a chance of its own, so that every other history is what it was before there were budgets.
  const settings = { ...pickSettings(random), budget: createRandom(seed ^ MONEY).chance(0.3) }
  const count = random.between(LEAST, random.chance(0.3) ? MOST : 16)
  const hurry = random.pick([300, 4_000, 40_000])
  const steps = Array.from({ length: count }, (_, index): Step => {
    const number = () => random.below(1 << 20)
    const kind = index === 0 ? 'label' : pickKind(random.next())
    return { after: random.below(hurry), kind, a: number(), b: number(), c: number() }
  })
  return { seed, settings, steps }
}

function pickKind(at: number): string {
  let left = at * total
  for (const name of names) {
    left -= KINDS[name]?.weight ?? 0
    if (left < 0) return name
  }
  return 'label'
}
