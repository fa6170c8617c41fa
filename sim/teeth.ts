/** `npm run sim:teeth`: plants known bugs, one at a time, and lets the simulation look for each. It must find all. */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
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
  /** Null: not found. `history`: the seed of the one that failed, after `n` of them. */
  readonly found: {
    readonly n: number
    readonly history: number
    readonly violation: string
  } | null
}

export interface Hunt {
  readonly seed: number
  /** At most that many histories (F3's recipe: 10,000). */
  readonly runs: number
  /** Played before them: the history that met the bug last time, by its seed. */
  readonly first?: number
}

export async function bite(bug: Bug | null, { seed, runs, first }: Hunt): Promise<Bite> {
  const { stdout } = await run(
    process.execPath,
    [
      ...(bug === null ? [] : ['--import', fileAt('teeth/plant.ts')]),
      fileAt('teeth/hunt.ts'),
      String(seed),
      String(runs),
      ...(first === undefined ? [] : [String(first)]),
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
      const bitten = await bite(bug, { seed: bug?.seed ?? seed, runs })
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

/** For the tests, which look at these histories first. */
async function remember(bites: readonly Bite[]): Promise<void> {
  const met = bites.flatMap(({ bug, found }) =>
    bug === null || found === null ? [] : [[bug.name, found.history] as const],
  )
  const sorted = Object.fromEntries(met.toSorted(([one], [other]) => (one < other ? -1 : 1)))
  await writeFile(fileAt('teeth/met.json'), `${JSON.stringify(sorted, null, 2)}\n`)
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '10000' },
      remember: { type: 'boolean', default: false },
    },
  })
  const bites = await biteAll(Number(values.seed), Number(values.runs))
  const found = bites.filter((each) => each.bug !== null && each.found !== null).length
  const clean = bites.some((each) => each.bug === null && each.found === null)
  console.log(
    `\n${found} of ${BUGS.length} planted bugs found${clean ? '' : ', but the control fails too'}`,
  )
  if (values.remember) await remember(bites)
  process.exitCode = clean && found === BUGS.length ? 0 : 1
}
