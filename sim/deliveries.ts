/** Webhooks of a simulated GitHub: late, doubled, lost, overtaking each other; answered with 2xx or not. */
import type { Fact } from '../src/domain/fact.ts'
import { issueId, repoId, taskId } from '../src/domain/ids.ts'
import type { Aggregate, NewFact } from '../src/ports/store.ts'
import { addressOf } from './app.ts'
import type { App } from './app.ts'
import type { SimRepo } from './github/hub.ts'
import type { World } from './world.ts'

interface Told {
  readonly repo: SimRepo
  /** The issue that it is about, by id or by number; null: the repository itself. */
  readonly issue: { readonly id: number } | { readonly number: number } | null
  readonly fact: Fact
  /** Under which the product takes it once; by default the delivery's own. */
  readonly key?: string
}

export interface Post {
  /** GitHub sends it to whoever listens. */
  send(told: Told): void
}

export function createPost(world: World, apps: () => readonly App[]): Post {
  const { hub, random, scheduler, settings, weather } = world
  let sent = 0

  function deliver(told: Told, key: string): void {
    const up = apps().filter((app) => app.process.alive() && app.engine !== null)
    if (up.length === 0) return failed(told, key, 'nobody answers')
    const app = random.pick(up)
    app.process.enter(() => void accept(app, told, key))
  }

  /** GitHub remembers it, and tries again only when it is asked to. */
  function failed(told: Told, key: string, why: string): void {
    world.tell(`${key} (${told.fact.kind}) failed: ${why}`)
    const id = hub.nextId()
    world.failed.set(id, { at: hub.now(), again: () => deliver(told, key) })
  }

  async function accept(app: App, told: Told, key: string): Promise<void> {
    const aggregate = aggregateOf(world, told)
    if (aggregate === null || app.engine === null) return
    const fact: NewFact = {
      source: 'github',
      key,
      aggregate,
      repo: addressOf(told.repo),
      fact: told.fact,
    }
    try {
      await app.engine.accept([fact])
      world.acknowledged.add(key)
      world.tell(`${app.name} acknowledged ${key} (${told.fact.kind})`)
    } catch {
      failed(told, key, `${app.name} did not take it`)
    }
  }

  return {
    send(told) {
      sent += 1
      const key = told.key ?? `github:${sent}`
      if (weather.stormy && random.chance(settings.lost)) return world.tell(`${key} is lost`)
      const copies = weather.stormy && random.chance(settings.doubled) ? 2 : 1
      for (let copy = 0; copy < copies; copy += 1)
        scheduler.after(20 + random.next() * (weather.stormy ? settings.delay : 100), () =>
          deliver(told, key),
        )
    },
  }
}

function aggregateOf(world: World, { repo, issue }: Told): Aggregate | null {
  if (issue === null) return `repo:${repoId(repo.id)}`
  if ('id' in issue) return `task:${taskId(repoId(repo.id), issueId(issue.id))}`
  for (const task of world.database.tasks.values())
    if (task.repo === repo.id && task.number === issue.number) return `task:${task.id}`
  return null
}
