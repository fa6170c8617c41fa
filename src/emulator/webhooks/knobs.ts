// How tests make webhooks go wrong: lost, doubled, late, out of order, or not sent at all.
import type { Delivery } from './delivery.ts'

export class Knobs {
  /** Milliseconds before each delivery; 0 by default. */
  delayMs = 0
  /** Deliveries under way at once to one App; 1 keeps them in order. */
  parallel = 1
  /** State changes are silent: nothing is even logged. */
  muted = false
  readonly #forward: (delivery: Delivery) => void
  #held: Delivery[] | null = null
  #drop = 0
  #double = 0

  constructor(forward: (delivery: Delivery) => void) {
    this.#forward = forward
  }

  /** Loses the next `count` deliveries; they stay in the log and may be redelivered. */
  dropNext(count: number): void {
    this.#drop += count
  }

  /** Sends the next `count` deliveries twice, under one GUID. */
  doubleNext(count: number): void {
    this.#double += count
  }

  /** From now on deliveries pile up until `release`. */
  hold(): void {
    this.#held ??= []
  }

  get held(): readonly Delivery[] {
    return this.#held ?? []
  }

  /** Sends what is held, in the given order (such as `(all) => all.toReversed()`). */
  release(order: (held: readonly Delivery[]) => readonly Delivery[] = (held) => held): void {
    const held = this.#held ?? []
    this.#held = null
    for (const delivery of order(held)) this.#forward(delivery)
  }

  /** Runs `work` with nothing told to anybody. */
  async silently<T>(work: () => T | Promise<T>): Promise<T> {
    const before = this.muted
    this.muted = true
    try {
      return await work()
    } finally {
      this.muted = before
    }
  }

  /** For the dispatcher: one new delivery on its way out. */
  pass(delivery: Delivery): void {
    if (this.#drop > 0) {
      this.#drop -= 1
      delivery.dropped = true
      return
    }
    const copies = this.#double > 0 ? 2 : 1
    if (copies === 2) this.#double -= 1
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.#held === null) this.#forward(delivery)
      else this.#held.push(delivery)
    }
  }
}
