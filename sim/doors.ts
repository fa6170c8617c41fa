/**
 * The door between a process and the store: each question passes it one by one. A process may die in the very moment
 * of a question, before or after it was obeyed; the database may not answer, having obeyed or not.
 */
import type { AttemptId, Instant } from '../src/domain/ids.ts'
import { holdScope, inEffect, isOfYard } from '../src/domain/pause.ts'
import { WorldFault } from '../src/ports/fault.ts'
import type { Start, Store, TaskCommit } from '../src/ports/store.ts'
import { watchFailures } from './handoffs.ts'
import type { SimProcess } from './process.ts'
import { watchWords } from './words.ts'
import type { World } from './world.ts'

const NEVER = new Promise<never>(() => {})
/** A question's own time where the store is slow, at most. Milliseconds. */
const SLOW = 40
/** Called back, not asked. */
const LISTENERS = new Set([
  'onAppended',
  'onAttempt',
  'onRunner',
  'onRequest',
  'onChanged',
  'perform',
  'stopPerforming',
  'close',
])

type Method = (...args: readonly unknown[]) => Promise<unknown>

/** Whatever a runner writes, it writes only to an attempt that is its own at that very epoch (I2). */
const FENCED = new Set(['beat', 'finish'])

function watchFence({ database, violations }: World, ask: Method): Method {
  return async (...args) => {
    const [id, epoch, by] = args as [AttemptId, number, { readonly runner: string }]
    const row = database.attempts.get(id)?.row
    const own = row?.runner === by.runner && row.epoch === epoch && row.endedAt === null
    const answer = await ask(...args)
    const taken = answer === true || (answer as { readonly held?: boolean }).held === true
    if (taken && !own) violations.push(`${by.runner} wrote to ${id}, which was not its own`)
    return answer
  }
}

/** A pause that stood before the slots were given out holds whatever it names, whoever plans. */
function watchPauses({ database, violations }: World, clock: () => Instant, ask: Method): Method {
  return async (...args) => {
    const starts = args[1] as readonly Start[]
    const stood = [...database.pauses.values()].filter((one) => inEffect(one, clock()))
    const held = starts.filter(({ task }) =>
      stood.some((pause) => isOfYard(pause) || pause.scope === holdScope(task.repo)),
    )
    const answer = await ask(...args)
    for (const { attempt } of answer === true ? held : [])
      violations.push(`${attempt.id} was admitted although its repository is paused`)
    return answer
  }
}

function watchCommits(world: World, ask: Method): Method {
  return async (...args) => {
    const commit = args[0] as TaskCommit
    const wrong = [...watchWords(world, commit), ...watchFailures(world, commit)]
    const answer = await ask(...args)
    if (answer === true) world.violations.push(...wrong)
    return answer
  }
}

export function behindDoors(store: Store, process: SimProcess, world: World): Store {
  const { random, settings, scheduler, weather } = world

  async function slowly(): Promise<'alive' | 'dead'> {
    await process.hear(
      new Promise<void>((resolve) => {
        scheduler.after(random.next() * SLOW, resolve)
      }),
    )
    return process.passage() === 'dead' ? 'dead' : 'alive'
  }

  async function unanswered(name: string, ask: () => Promise<unknown>): Promise<never> {
    if (random.chance(0.5)) await ask()
    throw new WorldFault(`the store did not answer (${name})`, {
      kind: 'transient',
      applied: 'unknown',
      operation: name,
    })
  }

  const answered = (name: string, ask: () => Promise<unknown>): Promise<unknown> =>
    weather.stormy && random.chance(settings.storeFaults) ? unanswered(name, ask) : ask()

  /** Most questions meet nothing, and are passed on as they are: there are hundreds in each history. */
  function pass(name: string, ask: () => Promise<unknown>): Promise<unknown> {
    switch (process.passage()) {
      case 'dead':
      case 'dies-before':
        return NEVER
      case 'dies-after':
        return ask().then(() => NEVER)
      case 'alive':
        if (!settings.slowStore) return answered(name, ask)
        return slowly().then((state) => (state === 'dead' ? NEVER : answered(name, ask)))
    }
  }

  const watched = (method: string, ask: Method): Method => {
    if (FENCED.has(method)) return watchFence(world, ask)
    if (method === 'commit') return watchCommits(world, ask)
    return method === 'admit' ? watchPauses(world, () => process.clock.now(), ask) : ask
  }

  const room = <Room extends object>(of: Room, name: string): Room =>
    Object.fromEntries(
      Object.entries(of as Record<string, Method>).map(([method, ask]) => {
        if (typeof ask !== 'function' || LISTENERS.has(method)) return [method, ask]
        const asked = watched(method, ask)
        const door: Method = (...args) => pass(`${name}.${method}`, () => asked(...args))
        return [method, door]
      }),
    ) as Room

  return {
    ...room(store, 'store'),
    about: room(store.about, 'about'),
    rebuild: room(store.rebuild, 'rebuild'),
    lead: room(store.lead, 'lead'),
    requests: room(store.requests, 'requests'),
    pace: room(store.pace, 'pace'),
    admission: room(store.admission, 'admission'),
    projections: room(store.projections, 'projections'),
    repositories: room(store.repositories, 'repositories'),
  }
}
