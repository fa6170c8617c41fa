// Turns emissions into deliveries: one per listening installation, validated, signed, sent in order
// (or as the test's knobs say), and logged for redelivery.
import { randomUUID } from 'node:crypto'
import { repoJson } from '../present/repository.ts'
import { organizationJson, userJson } from '../present/user.ts'
import { checkWebhook } from '../schema/check-response.ts'
import type { App } from '../world/app.ts'
import type { Installation } from '../world/installation.ts'
import type { JsonObject } from '../world/refusal.ts'
import type { Emission, World } from '../world/world.ts'
import type { Delivery } from './delivery.ts'
import { Knobs } from './knobs.ts'
import { send, sign } from './send.ts'
import { listeners } from './subscription.ts'

const LOG_LIMIT = 2_000

export class Webhooks {
  /** What tests turn to lose, double, delay or hold deliveries. */
  readonly knobs: Knobs
  readonly #world: World
  readonly #log: Delivery[] = []
  readonly #queues = new Map<App, Delivery[]>()
  readonly #busy = new Set<App>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #underWay = 0
  #idle: (() => void)[] = []
  #closed = false

  constructor(world: World) {
    this.#world = world
    this.knobs = new Knobs((delivery) => this.#enqueue(delivery))
    world.emit = (emission) => this.#emit(emission)
  }

  /** Newest last. */
  get deliveries(): readonly Delivery[] {
    return this.#log
  }

  /** Resolves when nothing is queued, delayed or under way; held deliveries do not count. */
  async whenIdle(): Promise<void> {
    if (this.#isIdle()) return
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  /** Sends a logged delivery again under its old GUID. */
  redeliver(id: number): Delivery {
    const original = this.#log.find((one) => one.id === id)
    if (original === undefined) throw new Error(`there is no delivery ${id}`)
    const again = this.#record({ ...original, id: this.#world.nextId(), redelivery: true })
    this.#enqueue(again)
    return again
  }

  close(): void {
    this.#closed = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#queues.clear()
    this.#settle()
  }

  #emit(emission: Emission): void {
    if (this.#closed || this.knobs.muted) return
    for (const installation of listeners(this.#world, emission)) {
      const { app } = installation
      if (app.webhookUrl === null) continue
      const payload = payloadFor(this.#world, emission, installation)
      const name =
        emission.action === null ? emission.event : `${emission.event}.${emission.action}`
      for (const problem of checkWebhook(name, payload)) {
        this.#world.violate('webhook', name, problem)
      }
      const { event, action, repo } = emission
      const guid = randomUUID()
      const delivery = this.#record({
        id: this.#world.nextId(),
        guid,
        event,
        action,
        app,
        installationId: installation.id,
        repositoryId: repo?.id ?? null,
        redelivery: false,
        payload,
        headers: {
          accept: '*/*',
          'content-type': 'application/json',
          'user-agent': 'GitHub-Hookshot/emulator',
          'x-github-delivery': guid,
          'x-github-event': event,
          'x-github-hook-id': String(app.id),
          'x-github-hook-installation-target-id': String(app.id),
          'x-github-hook-installation-target-type': 'integration',
        },
        deliveredAt: '',
        reply: null,
        dropped: false,
      })
      this.knobs.pass(delivery)
    }
  }

  #record(delivery: Delivery): Delivery {
    const fresh = {
      ...delivery,
      deliveredAt: new Date(this.#world.now()).toISOString(),
      reply: null,
    }
    this.#log.push(fresh)
    if (this.#log.length > LOG_LIMIT) this.#log.shift()
    return fresh
  }

  #enqueue(delivery: Delivery): void {
    if (this.#closed) return
    if (this.knobs.delayMs === 0) {
      this.#push(delivery)
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#push(delivery)
    }, this.knobs.delayMs)
    this.#timers.add(timer)
  }

  #push(delivery: Delivery): void {
    const queue = this.#queues.get(delivery.app) ?? []
    this.#queues.set(delivery.app, queue)
    queue.push(delivery)
    if (!this.#busy.has(delivery.app)) void this.#drain(delivery.app, queue)
  }

  /** GitHub promises no order; in order and up to `parallel` at once is the gentlest it may be. */
  async #drain(app: App, queue: Delivery[]): Promise<void> {
    this.#busy.add(app)
    const lanes = Array.from({ length: this.knobs.parallel }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        await this.#deliver(next)
      }
    })
    await Promise.all(lanes)
    this.#busy.delete(app)
    if (queue.length > 0) void this.#drain(app, queue)
    else this.#settle()
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { webhookUrl, webhookSecret } = delivery.app
    if (webhookUrl === null || this.#closed) return
    const body = JSON.stringify(delivery.payload)
    this.#underWay += 1
    const headers = { ...delivery.headers, 'x-hub-signature-256': sign(webhookSecret, body) }
    delivery.reply = await send(webhookUrl, headers, body)
    this.#underWay -= 1
  }

  #isIdle(): boolean {
    const queued = [...this.#queues.values()].some((queue) => queue.length > 0)
    return (
      this.#closed ||
      (!queued && this.#busy.size === 0 && this.#underWay === 0 && this.#timers.size === 0)
    )
  }

  #settle(): void {
    if (!this.#isIdle()) return
    const waiting = this.#idle
    this.#idle = []
    for (const resolve of waiting) resolve()
  }
}

function payloadFor(world: World, emission: Emission, installation: Installation): JsonObject {
  const { action, repo, sender } = emission
  const owner =
    repo?.owner ?? (installation.account.type === 'Organization' ? installation.account : null)
  return {
    ...(action === null ? {} : { action }),
    ...(repo === null ? {} : { repository: repoJson(world, repo) }),
    ...(owner?.type === 'Organization' ? { organization: organizationJson(world, owner) } : {}),
    sender: userJson(world, sender),
    installation: { id: installation.id, node_id: installation.nodeId },
    ...emission.payload(),
  }
}
