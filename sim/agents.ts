/** Places, agents and trusted git, played: what they do is decided by chance, and what they must never do is watched. */
import type { AgentOutcome, Agents } from '../src/ports/agent.ts'
import { isProviderFailure } from '../src/domain/attempt.ts'
import type { ChangedFile, Failure, Usage } from '../src/domain/attempt.ts'
import type { Sha } from '../src/domain/ids.ts'
import { isWish } from './cards.ts'
import { instant } from '../src/domain/ids.ts'
import { isWorkflow } from '../src/domain/withheld.ts'
import type { Place, Workspace } from '../src/ports/workspace.ts'
import { watchAuthority } from './git.ts'
import { briefOf, failsAgain, isEndless, mayBeEndless, watchTalk } from './handoffs.ts'
import { meter } from './money.ts'
import type { SimProcess } from './process.ts'
import { OPERATOR } from './settings.ts'
import { wishes } from './words.ts'
import type { RunningAgent, World } from './world.ts'

const ASKED = { text: 'Which name?', options: ['its own', 'the new one'], recommended: 1 }
const FAILURES: readonly Failure[] = [
  'auth',
  'rate',
  'overload',
  'network',
  'context',
  'crash',
  'stall',
  'timeout',
  'budget',
  'refusal',
  'protocol',
]

/** What agents change: mostly what is nobody's concern, sometimes what a person must let through, or a person must push. */
const PLAIN = ['README.md']
const WORKFLOW = '.github/workflows/ci.yml'
const CHANGES: readonly (readonly string[])[] = [
  PLAIN,
  PLAIN,
  PLAIN,
  PLAIN,
  ['README.md', '.npmrc'],
  ['CODEOWNERS'],
  ['README.md', WORKFLOW],
  [WORKFLOW],
]

const changed = (path: string): ChangedFile => ({
  path,
  status: 'modified',
  additions: 1,
  deletions: 0,
})

type Plan =
  | 'finishes'
  | 'does-nothing'
  | 'asks'
  | 'hands-on'
  | 'stops'
  | 'fails'
  | 'hangs'
  | 'red'
  | 'base-red'

function planOf(world: World, task: Place['task']): Plan {
  const { random, settings, weather } = world
  if (isEndless(world, task)) return 'hands-on'
  if (!weather.stormy || !random.chance(settings.trouble)) return 'finishes'
  const plan = random.pick([
    'does-nothing',
    'asks',
    'asks',
    'asks',
    'stops',
    'fails',
    'fails',
    'fails',
    'hangs',
    'red',
    'red',
    'base-red',
    'hands-on',
    'hands-on',
  ] as const)
  if (plan === 'hands-on') mayBeEndless(world, task)
  return plan
}

export interface Played {
  readonly agents: Agents
  readonly workspace: Workspace
}

/** One process's machine: its agents die with it. */
export function playAgents(world: World, process: SimProcess): Played {
  const { random } = world
  const plans = new Map<string, Plan>()
  const parked = new Map<string, Place>()
  const takes = (least: number, most: number): Promise<void> =>
    process.clock.sleep(least + random.next() * (most - least))

  const workspace: Workspace = {
    warm: async () => {},
    async prepare(_repo, task, attempt, base) {
      await takes(20, 300)
      return placeOf(task, attempt, base)
    },
    // Each process has a machine of its own here, and a place dies with it.
    async reopen(_task, from, attempt) {
      await takes(5, 50)
      const place = parked.get(from)
      parked.delete(from)
      return place === undefined ? null : { ...place, attempt }
    },
    shield: async () => [],
    vouch: async () => {},
    async layOut(_place, { head }) {
      await takes(20, 200)
      if (!world.work.has(head)) world.violations.push(`${head} is laid out, and nobody did it`)
    },
    async collect(_repo, place) {
      await takes(20, 200)
      const plan = plans.get(place.attempt)
      if (plan === undefined || plan === 'does-nothing') return null
      if ((plan === 'asks' || plan === 'hands-on') && random.chance(0.5)) return null
      const head = world.hub.nextSha()
      world.work.set(head, place.task)
      const bytes = new TextEncoder().encode(head)
      const paths = random.pick(CHANGES)
      const files = paths.map((path) => changed(path))
      world.changed.set(head, files)
      if (!files.some(isWorkflow)) return { head, commits: 1, files, bytes }
      const withheld = { head, paths: paths.filter((path) => isWorkflow({ path })), patch: '+on\n' }
      if (files.every(isWorkflow)) return { head, commits: 1, files, bytes, withheld }
      const rest = world.hub.nextSha()
      const kept = files.filter((file) => !isWorkflow(file))
      world.work.set(rest, place.task)
      world.changed.set(rest, kept)
      return { head: rest, commits: 1, files: kept, bytes, withheld }
    },
    async run(place, commands) {
      await takes(20, 5_000)
      const scratch = place.worktree.endsWith('scratch')
      const plan = plans.get(place.attempt)
      const red = scratch ? plan === 'base-red' : plan === 'red' || plan === 'base-red'
      const exitCode = red ? 1 : 0
      return commands.map((command) => ({ command, exitCode, milliseconds: 20, output: '' }))
    },
    async scratch(_repo, task, base) {
      await takes(20, 300)
      const attempt = [...plans.keys()].findLast((id) => id.startsWith(task)) ?? `${task}.0`
      return { ...placeOf(task, attempt as Place['attempt'], base), worktree: '/work/scratch' }
    },
    release: async () => {},
    tenants: async () => [],
    releaseTask: async () => {},
    settle: async () => {},
  }

  const agents: Agents = {
    async run(job) {
      const { place, signal } = job
      const again = failsAgain(world, job)
      const plan = again === null ? planOf(world, place.task) : 'fails'
      plans.set(place.attempt, plan)
      const ending = (): boolean => signal.aborted
      const running: RunningAgent = { task: place.task, attempt: place.attempt, process, ending }
      watchOverlap(world, running)
      watchCaps(world, place.task)
      watchAsker(world, place.task)
      world.agents.add(running)
      world.tell(`${process.name}: the agent of ${place.attempt} starts (${plan})`)
      try {
        job.onStarted(1)
        watchPrompt(world, running.task, await job.prompt)
        const session = await watchTalk(world, job)
        const lasts = plan === 'hangs' ? job.limits.wallMilliseconds : random.between(500, 90_000)
        const { work, usage } = meter(world, process, job)
        await work(lasts)
        // Some hear late that they must stop, and are killed in the end.
        if (signal.aborted && random.chance(0.3)) await takes(0, 9_000)
        watchLost(world, running)
        if (signal.aborted) return { kind: 'stopped', reason: 'told to stop', usage: usage() }
        const outcome = outcomeOf(plan, { session, again, usage: usage() })
        if (isLeft(outcome)) parked.set(place.attempt, place)
        return plan === 'hands-on' ? { ...outcome, ...briefOf(world, place.attempt) } : outcome
      } finally {
        world.agents.delete(running)
        world.tell(`${process.name}: the agent of ${place.attempt} ended`)
      }
    },
  }

  function outcomeOf(
    plan: Plan,
    {
      session,
      again,
      usage,
    }: { readonly session: string; readonly again: Failure | null; readonly usage: Usage },
  ): AgentOutcome {
    switch (plan) {
      case 'finishes':
      case 'does-nothing':
      case 'red':
      case 'base-red':
        return { kind: 'done', summary: 'It greets by name.', usage }
      case 'asks':
        return { kind: 'needs', question: ASKED, session, summary: '', usage }
      case 'hands-on':
        return { kind: 'handoff', error: 'its context is full', summary: '', usage }
      case 'stops':
        return { kind: 'stopped', reason: 'it stopped by itself', usage }
      case 'hangs':
        return { kind: 'failed', failure: 'timeout', error: 'ran out of time', until: null, usage }
      case 'fails': {
        const failure = again ?? random.pick(FAILURES)
        const soon = instant(process.clock.now() + random.between(1_000, 120_000))
        const error = `it ended: ${failure}`
        return { kind: 'failed', failure, error, until: soon, session, usage }
      }
      default:
        return plan satisfies never
    }
  }

  return { agents, workspace }
}

/** The place waits for whoever goes on there. */
const isLeft = (outcome: AgentOutcome): boolean =>
  outcome.kind === 'needs' ||
  outcome.kind === 'handoff' ||
  (outcome.kind === 'failed' && isProviderFailure(outcome.failure))

/** What the agent is told was shown when the label was set by whoever asked, and that person may write (I7, T9). */
function watchPrompt(world: World, id: RunningAgent['task'], prompt: string): void {
  watchAuthority(world, id)
  const wish = world.database.tasks.get(id)?.wish
  const issue = issueOf(world, id)
  if (wish === null || wish === undefined || issue === null) return
  // Its attempt may serve an earlier wish, which is being taken back at this moment.
  const asked = issue.events.filter(({ kind, by }) => kind === 'labeled' && by.kind === 'person')
  const spoken = issue.comments.filter(({ said, by }) => wishes(said) && by.kind === 'person')
  const moved = world.hub.board.moves.filter((one) => one.card.issue === issue && isWish(one))
  const moments = [...asked, ...spoken.map(({ createdAt }) => ({ at: createdAt })), ...moved]
  const shown = moments.map(
    ({ at }) => issue.texts.findLast(({ since }) => since <= at)?.body ?? '',
  )
  if (!shown.some((body) => prompt.includes(body)))
    world.violations.push(`the agent on ${id} is told a text that nobody blessed`)
  const answer = world.database.tasks.get(id)?.answers.findLast(({ about }) => about !== 'budget')
  if (answer !== undefined && !prompt.includes(answer.text))
    world.violations.push(`the agent on ${id} is not told the answer "${answer.text}"`)
}

function issueOf({ hub }: World, id: RunningAgent['task']) {
  for (const repo of hub.repos.values())
    for (const issue of repo.issues.values()) if (id === `${repo.id}-${issue.id}`) return issue
  return null
}

/** Nobody's agent starts who never could write here, whatever is asked later. */
function watchAsker({ database, writers, violations }: World, id: RunningAgent['task']): void {
  const task = database.tasks.get(id)
  const by = task?.wish?.by
  if (by !== undefined && !writers.has(`${task?.repo} ${by.id}`))
    violations.push(`an agent starts on ${id} for @${by.login}, who never could write there`)
}

/** How long a process that stood still may go on with what it has lost: until its next heartbeat was answered. Milliseconds. */
const HEARS_WITHIN = 8_000

/** An agent whose task another machine has taken over is ended, as soon as its own machine can know. */
function watchLost({ database, scheduler, violations }: World, ended: RunningAgent): void {
  const mine = database.attempts.get(ended.attempt)
  if (mine === undefined) return
  const taken = [...database.attempts.values()].find(
    ({ row, takenAt }) =>
      row.task === ended.task &&
      row.n > mine.row.n &&
      takenAt !== null &&
      scheduler.time() - Math.max(takenAt, ended.process.stoodUntil()) > HEARS_WITHIN + 9_000,
  )
  if (taken !== undefined)
    violations.push(`${ended.attempt} goes on long after ${taken.row.id} was taken`)
}

/** I9: slots are never exceeded. A machine that stands still cannot know that it has lost its attempt. */
function watchCaps(world: World, task: string): void {
  const { caps } = OPERATOR
  const working = [...world.agents].filter(
    ({ process, ending }) => process.alive() && !process.paused() && !ending(),
  )
  if (working.length + 1 > caps.total)
    world.violations.push(`${working.length + 1} agents at once, and ${caps.total} are allowed`)
  const [repo] = task.split('-')
  const here = working.filter((other) => other.task.startsWith(`${repo}-`)).length + 1
  if (here > caps.perRepository)
    world.violations.push(
      `${here} agents at once in ${repo}, and ${caps.perRepository} are allowed`,
    )
}

/** Two agents on one task, unless the other's machine is stopped and cannot know that it has lost its attempt. */
function watchOverlap(world: World, started: RunningAgent): void {
  for (const other of world.agents) {
    if (other.task !== started.task || !other.process.alive() || other.process.paused()) continue
    if (other.ending()) continue
    world.violations.push(
      `two agents at once on ${started.task}: ${other.attempt} on ${other.process.name} and ${started.attempt} on ${started.process.name}`,
    )
  }
}

const placeOf = (task: Place['task'], attempt: Place['attempt'], base: Sha): Place => ({
  task,
  attempt,
  repository: '/work/repository',
  worktree: '/work/worktree',
  home: '/work/home',
  exchange: '/work/exchange',
  readable: [],
  base,
})
