/** The promises that hold whatever died when (threats.md I1–I3, I6, I11), asked of GitHub, of the agents and of the store. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckRun, Emulator } from '../../src/emulator/emulator.ts'
import type { Inspection } from './inspect.ts'
import { until } from './until.ts'
import type { TaskAt, World } from './world.ts'

/** What is wrong about a task and its repository, as sentences; empty when all is well. Asked when everything is at rest. */
export function violationsOf(at: TaskAt, world: World, seen: Inspection): readonly string[] {
  const { emulator } = world
  const name = `${at.repo}#${at.number}`
  const comments = world.comments(at)
  const found = [
    ...twice(
      comments.map((body) => (body.startsWith('### ') ? 'status comment' : `notice: ${body}`)),
    ).map((what) => `${name} has two of: ${what}`),
    ...twice(emulator.pulls(at.repo).map(({ pull }) => pull.head.ref)).map(
      (ref) => `two pull requests of ${ref} in ${at.repo}`,
    ),
    ...twice(
      emulator.checks(at.repo).map((run) => `${run.name} ${run.suite.headSha} ${run.externalId}`),
    ).map((run) => `two check runs in ${at.repo}: ${run}`),
    ...[...emulator.branches(at.repo).keys()]
      .filter((branch) => branch !== 'main' && !branch.startsWith('yardmaster/'))
      .map((branch) => `a foreign branch in ${at.repo}: ${branch}`),
  ]
  const heads = new Set(emulator.checks(at.repo).flatMap((run) => publishedHead(run, at, emulator)))
  if (heads.size > 1) found.push(`${name} was published ${heads.size} times: ${[...heads].join()}`)
  const labels = emulator.labels(at).filter((label) => label.startsWith('yard:'))
  if (labels.length > 1) found.push(`${name} wears ${labels.join(' and ')}`)
  const id = emulator.repository(at.repo).id
  const task = seen.tasks.find((one) => one.repo === id && one.number === at.number)
  if (task === undefined) return [...found, `${name} is not known`]
  if (task.live > (task.state === 'running' ? 1 : 0))
    found.push(`${name} has ${task.live} live attempts`)
  if (task.brokenAt !== null) found.push(`the ledger of ${name} is broken at ${task.brokenAt}`)
  return found
}

/** What is wrong about the machine at rest; waits a little for what goes by itself. */
export async function leftovers(
  world: World,
  dataFolders: readonly string[],
): Promise<readonly string[]> {
  const look = async (): Promise<readonly string[]> => {
    const places = await Promise.all(
      dataFolders.map((folder) => readdir(join(folder, 'work/places')).catch(() => [])),
    )
    return [
      ...world.agents.alive().map((agent) => `an agent still lives: ${agent}`),
      ...places.flat().map((place) => `a worktree was not put away: ${place}`),
    ]
  }
  const gone = until(
    () => 'nothing is left',
    async () => (await look()).length === 0,
    GONE_BY,
  )
  const left = await gone.then(
    () => [],
    () => look(),
  )
  return [
    ...left,
    ...world.emulator.violations.map(
      (violation) => `a wrong use of GitHub: ${JSON.stringify(violation)}`,
    ),
  ]
}

/** Pairs of agents that worked on one task at the same time. */
export const twoAtOnce = (world: World): readonly string[] =>
  world.agents.overlaps().map((pair) => `two agents of one task at once: ${pair}`)

/** Five of the short leases that proofs use, and room. */
const GONE_BY = 20_000

/** Check runs are named `<repo id>-<issue id>:<head>`: a report of a stale attempt would have published another head. */
function publishedHead(run: CheckRun, at: TaskAt, emulator: Emulator): readonly string[] {
  const task = `${emulator.repository(at.repo).id}-${emulator.issue(at).id}`
  return run.externalId.startsWith(`${task}:`) ? [run.suite.headSha] : []
}

function twice(all: readonly string[]): readonly string[] {
  return [...new Set(all.filter((one, at) => all.indexOf(one) !== at))]
}
