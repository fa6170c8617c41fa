/** Plays one history: the storm in which everything of it happens, the healing, and then the judgement. */
import { installationId, instant } from '../src/domain/ids.ts'
import { forget, killed, startApp } from './app.ts'
import type { App } from './app.ts'
import { createPost } from './deliveries.ts'
import { createIssue, createRepo } from './github/hub.ts'
import type { SimRepo } from './github/hub.ts'
import type { History } from './history.ts'
import { judge, isQuiet } from './judge.ts'
import { createDeeds, person } from './people.ts'
import { settled } from './scheduler.ts'
import { BROKEN_CONFIG, configOf } from './settings.ts'
import { KINDS } from './steps.ts'
import type { Cast } from './steps.ts'
import { createWorld } from './world.ts'
import type { World } from './world.ts'

export interface Outcome {
  readonly violations: readonly string[]
  readonly journal: readonly string[]
  /** Simulated milliseconds, and events. */
  readonly time: number
  readonly events: number
}

/** After the storm two passes of the reconciler must do; what then still rests for a while is given this long. Milliseconds. */
const LONGEST_REST = 3 * 60 * 60_000
/** A leader that died is followed within 20 s, and by then what could not be delivered was asked for again. Milliseconds. */
const LEAD_TAKEN = 25_000
/** Within what the first pass looks at again. Milliseconds. */
const BEFORE = 30_000
/** A turn that never ends would keep the whole run; far above what any history takes. */
const MOST_EVENTS = 400_000

export async function play(history: History, keepJournal = false): Promise<Outcome> {
  const world = createWorld(history.seed, history.settings, keepJournal)
  const cast = await openWorld(world)
  for (const step of history.steps) {
    await pass(world, step.after)
    KINDS[step.kind]?.happen(cast, step)
    await settled()
  }
  await pass(world, 5_000)
  await heal(world, cast)
  judge(world)
  for (const app of cast.apps) app.process.kill()
  return {
    violations: world.violations,
    journal: world.journal,
    time: world.scheduler.time(),
    events: world.scheduler.steps(),
  }
}

/** Repositories that Yardmaster has seen, with issues that nobody has labelled yet. */
async function openWorld(world: World): Promise<Cast> {
  const apps: App[] = []
  let lives = 0
  const start = (): void => {
    if (apps.filter((app) => app.process.alive()).length >= world.settings.apps) return
    lives += 1
    apps.push(startApp(world, `app-${lives}`))
  }
  const kill = (app: App): void => {
    if (app.process.alive()) killed(world, app)
    else forget(world, app)
    const index = apps.indexOf(app)
    if (index >= 0) apps.splice(index, 1)
    // Whoever was still stopping when the storm ended is started again by its supervisor.
    if (!world.weather.stormy) start()
  }
  const post = createPost(world, () => apps)
  const deeds = createDeeds(world, post)
  for (let number = 0; number < world.settings.repos; number += 1) {
    const repo = createRepo(world.hub, { number, config: configOf(world.settings) })
    repo.roles.set(1, 'admin').set(2, 'write').set(3, 'triage').set(4, 'read')
    for (const who of [1, 2]) world.writers.add(`${repo.id} ${who}`)
    for (const who of [3, 4]) world.revoked.set(`${repo.id} ${who}`, -Infinity)
    for (let issue = 0; issue < world.settings.issues; issue += 1) createIssue(world.hub, repo)
    labelledBefore(world, repo)
  }
  world.weather.stormy = false
  const faults = { ...world.network.settings }
  Object.assign(world.network.settings, { faults: 0, limited: 0 })
  for (let app = 0; app < world.settings.apps; app += 1) start()
  await pass(world, 10_000)
  world.weather.stormy = true
  Object.assign(world.network.settings, faults)
  return { world, deeds, apps, start, kill }
}

/** An issue that wore the label before Yardmaster came: listed, never started (rule). */
function labelledBefore({ hub }: World, repo: SimRepo): void {
  const issue = createIssue(hub, repo)
  const at = hub.now() - BEFORE
  issue.labels.add('yardmaster')
  issue.events.push({ kind: 'labeled', label: 'yardmaster', by: person(1), at })
  issue.updatedAt = at
}

async function pass(world: World, milliseconds: number): Promise<void> {
  const until = world.scheduler.time() + milliseconds
  await settled()
  while (await world.scheduler.step(until)) watchEvents(world)
}

/** No evil any more: everybody is up, two passes of the reconciler, and then until nothing is left to do. */
async function heal(world: World, cast: Cast): Promise<void> {
  world.tell('the storm is over')
  world.weather.stormy = false
  Object.assign(world.network.settings, { faults: 0, limited: 0 })
  for (const app of cast.apps) {
    app.process.resume()
    app.process.killAfter(Infinity, () => {})
    app.process.rightClock()
  }
  for (let app = 0; app < world.settings.apps; app += 1) cast.start()
  // Somebody resumes what is paused: what is right to rest would never be done.
  for (const pause of world.database.pauses.values())
    if (pause.until === null)
      world.database.pauses.set(pause.scope, { ...pause, until: instant(0), now: false })
  // Lists may lag behind what happened last for as long as they did; and somebody must have taken the lead.
  const waits = (await heldBackUntil(world)) - world.scheduler.time()
  await pass(world, Math.max(world.settings.lag + 1_000, LEAD_TAKEN, waits + 2_000))
  await converge(world, cast)
  // What rests because settings cannot be read goes on once somebody mends them.
  const broken = [...world.hub.repos.values()].filter(({ config }) => config === BROKEN_CONFIG)
  if (broken.length === 0) return
  for (const repo of broken) cast.deeds.pushMain(repo, configOf(world.settings))
  await converge(world, cast)
}

async function converge(world: World, cast: Cast): Promise<void> {
  // Boards are looked at every two minutes, and what was moved waits a minute for whoever tells of it.
  if (world.settings.board === true) await pass(world, 400_000)
  await look(world, cast)
  // What came of that may bring signs while nobody could follow them: another look finds those, until one finds nothing.
  for (let known = -1, looks = 0; known !== world.database.facts.size && looks < 5; looks += 1) {
    known = world.database.facts.size
    await look(world, cast)
    await quiet(world)
  }
}

async function look(world: World, cast: Cast): Promise<void> {
  const passes = cast.apps.map(({ engine }) => engine?.reconcile() ?? Promise.resolve())
  await reached(world, Promise.all(passes))
}

async function quiet(world: World): Promise<void> {
  const until = world.scheduler.time() + LONGEST_REST
  while (!isQuiet(world) && world.scheduler.time() < until) {
    if (!(await world.scheduler.step(until))) break
    watchEvents(world)
  }
}

/** A wait that GitHub asked for is part of its outage; so is what its documents make of one refusal after another. */
async function heldBackUntil({ limitsOf, database }: World): Promise<number> {
  const until = [1, 2].map(async (installation) => {
    const { state } = await database.paceBook.load(installationId(installation))
    return Math.max(limitsOf(installation).toldUntil(), state?.account.blockedUntil ?? 0)
  })
  return Math.max(...(await Promise.all(until)))
}

async function reached(world: World, awaited: Promise<unknown>): Promise<void> {
  let over = false
  void awaited.then(() => (over = true))
  await settled()
  const until = world.scheduler.time() + LONGEST_REST
  while (!over && (await world.scheduler.step(until))) watchEvents(world)
  if (!over) world.violations.push('a pass of the reconciler never ended')
}

function watchEvents(world: World): void {
  if (world.scheduler.steps() > MOST_EVENTS) throw new Error('the history never ends')
}
