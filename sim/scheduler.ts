/** Simulated time: events in the order of their moments, ties broken by chance. One event, then all that follows from it without waiting. */
import type { Random } from './random.ts'

interface Scheduled {
  cancel(): void
}

export interface Scheduler {
  /** Milliseconds since the history began; only goes forward. */
  readonly time: () => number
  readonly steps: () => number
  /** Runs `run` after that many milliseconds. */
  after(milliseconds: number, run: () => void): Scheduled
  /** Goes on to the next event that comes before `until`. False: there is none, and the time is `until`. */
  step(until: number): Promise<boolean>
}

interface Event {
  readonly at: number
  readonly tie: number
  run: (() => void) | null
}

export function createScheduler(random: Random): Scheduler {
  const heap: Event[] = []
  let time = 0
  let steps = 0

  const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.tie < b.tie)

  function push(event: Event): void {
    let at = heap.length
    heap.push(event)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (above === undefined || !before(event, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = event
  }

  function pop(): Event | undefined {
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]]
      if (left === undefined) break
      const takeRight = right !== undefined && before(right, left)
      const child = takeRight ? right : left
      if (!before(child, last)) break
      heap[at] = child
      at = 2 * at + (takeRight ? 2 : 1)
    }
    heap[at] = last
    return first
  }

  return {
    time: () => time,
    steps: () => steps,
    after(milliseconds, run) {
      const event: Event = { at: time + Math.max(0, milliseconds), tie: random.next(), run }
      push(event)
      return {
        cancel() {
          event.run = null
        },
      }
    },
    async step(until) {
      for (let next = heap[0]; next !== undefined && next.at <= until; next = heap[0]) {
        pop()
        const { run } = next
        if (run === null) continue
        time = Math.max(time, next.at)
        steps += 1
        run()
        await settled()
        return true
      }
      time = Math.max(time, until)
      return false
    },
  }
}

/** Resolves when nothing follows any more from what has happened so far: every promise has been heard. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
