/** `npm run sim:teeth`: plants known bugs, one at a time, and lets the simulation look for each. It must find all. */
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { BUGS } from './teeth/bugs.ts'
import type { Bug } from './teeth/bugs.ts'

const run = promisify(execFile)
const fileAt = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

export interface Bite {
  /** Null: the control, which has none. */
  readonly bug: Bug | null
  /** Null: not found. */
  readonly found: { readonly n: number; readonly violation: string } | null
}

/** At most that many histories each (F3's recipe: 10,000). */
export async function bite(bug: Bug | null, seed: number, runs: number): Promise<Bite> {
  const { stdout } = await run(
    process.execPath,
    [
      ...(bug === null ? [] : ['--import', fileAt('teeth/plant.ts')]),
      fileAt('teeth/hunt.ts'),
      String(seed),
      String(runs),
    ],
    { env: { ...process.env, PLANTED: bug?.name ?? '' }, maxBuffer: 1 << 20 },
  )
  return { bug, found: JSON.parse(stdout) as Bite['found'] }
}

const nameOf = (bug: Bug | null): string => bug?.name ?? 'in the control, where nothing is planted'

/** `seed`: for those that have none of their own. */
async function biteAll(seed: number, runs: number): Promise<readonly Bite[]> {
  const left = [null, ...BUGS]
  const bites: Bite[] = []
  const next = async (): Promise<void> => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
      const bitten = await bite(bug, bug?.seed ?? seed, runs)
      bites.push(bitten)
      const { found } = bitten
      console.log(
        found === null
          ? `${bug === null ? 'nothing   ' : 'NOT FOUND '} ${nameOf(bug)} (${runs} histories)`
          : `found      ${nameOf(bug)}\n           after ${found.n}: ${found.violation}`,
      )
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, next))
  return bites
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '10000' },
    },
  })
  const bites = await biteAll(Number(values.seed), Number(values.runs))
  const found = bites.filter((each) => each.bug !== null && each.found !== null).length
  const clean = bites.some((each) => each.bug === null && each.found === null)
  console.log(
    `\n${found} of ${BUGS.length} planted bugs found${clean ? '' : ', but the control fails too'}`,
  )
  process.exitCode = clean && found === BUGS.length ? 0 : 1
}
