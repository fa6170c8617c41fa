/** Makes a failing history small: takes away steps and evils for as long as it still fails in the same way. */
import type { History } from './history.ts'
import { play } from './play.ts'

/** Enough for forty steps; a history that fails slowly is not worth more. */
const MOST_PLAYS = 300

/** The sort of a violation: its words without what differs from history to history. */
const sortOf = (violation: string): string =>
  violation.split('\n')[0]?.replaceAll(/[0-9a-f]{40}|\d+/g, 'N') ?? ''

export async function shrink(failing: History, violation: string): Promise<History> {
  const wanted = sortOf(violation)
  let best = failing
  let plays = 0

  async function stillFails(history: History): Promise<boolean> {
    if (plays >= MOST_PLAYS) return false
    plays += 1
    const { violations } = await play(history)
    const fails = violations.some((each) => sortOf(each) === wanted)
    if (fails) best = history
    return fails
  }

  for (const calm of CALMER) {
    const settings = { ...best.settings, ...calm }
    if (JSON.stringify(settings) !== JSON.stringify(best.settings))
      await stillFails({ ...best, settings })
  }
  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < best.steps.length;) {
      const { steps } = best
      const fewer = [...steps.slice(0, from), ...steps.slice(from + size)]
      if (!(await stillFails({ ...best, steps: fewer }))) from += size
    }
  }
  return best
}

const CALMER: readonly Partial<History['settings']>[] = [
  { apps: 1 },
  { repos: 1 },
  { issues: 1 },
  { faults: 0 },
  { limited: 0 },
  { lag: 0 },
  { lost: 0 },
  { doubled: 0 },
  { delay: 100 },
  { storeFaults: 0 },
  { slowStore: false },
  { lateness: 0 },
  { trouble: 0 },
]
