/**
 * A simulated process: its clock, and the door through which everything it asks of the world goes. A killed one hears
 * nothing any more, a paused one later; whatever it had asked for may have happened all the same.
 */
import { instant } from '../src/domain/ids.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { Scheduler } from './scheduler.ts'

export interface SimProcess {
  readonly name: string
  readonly clock: Clock
  readonly alive: () => boolean
  readonly paused: () => boolean
  /** Never settles for a dead process; for a paused one when it goes on. */
  hear<T>(outcome: Promise<T>): Promise<T>
  /** Calls `run` in this process now, or when it goes on; never when it is dead. */
  enter(run: () => void): void
  /** When it died; null: it lives. Simulated milliseconds. */
  readonly diedAt: () => number | null
  kill(): void
  pause(milliseconds: number): void
  /** Until when it stood still last. Simulated milliseconds. */
  readonly stoodUntil: () => number
  resume(): void
  /** The wall clock of this machine is that much off the true time. Milliseconds. */
  shiftClock(milliseconds: number): void
  /** The wall clock tells the true time again. */
  rightClock(): void
  /** Dies at its n-th passage through the door from now on. */
  killAfter(passages: number, onKilled: () => void): void
  /** Counts a passage; true: the process has died in it, before (`first`) or after the effect. */
  passage(): 'alive' | 'dies-before' | 'dies-after' | 'dead'
}

export interface ProcessOptions {
  readonly name: string
  readonly scheduler: Scheduler
  /** The true wall clock at the history's start. Milliseconds since 1970. */
  readonly epoch: number
  /** How late this timer rings; timers may always be late. Milliseconds. */
  readonly lateness: (milliseconds: number) => number
}

const NEVER = new Promise<never>(() => {})

export function createProcess(options: ProcessOptions): SimProcess {
  const { name, scheduler, epoch, lateness } = options
  let alive = true
  let diedAt: number | null = null
  let pausedUntil = 0
  let offset = 0
  let fuse: { left: number; readonly onKilled: () => void } | null = null
  const waiting: (() => void)[] = []

  const paused = (): boolean => scheduler.time() < pausedUntil

  function enter(run: () => void): void {
    if (!alive) return
    if (paused()) waiting.push(run)
    else run()
  }

  function goOn(): void {
    if (paused()) return
    for (const run of waiting.splice(0)) if (alive) run()
  }

  const clock: Clock = {
    now: () => instant(epoch + offset + Math.floor(scheduler.time())),
    monotonic: () => scheduler.time(),
    sleep(milliseconds, signal) {
      if (!alive) return NEVER
      if (signal?.aborted === true) return Promise.resolve()
      return new Promise((resolve) => {
        const done = (): void => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        }
        const event = scheduler.after(milliseconds + lateness(milliseconds), () => enter(done))
        const onAbort = (): void => {
          event.cancel()
          if (alive) resolve()
        }
        signal?.addEventListener('abort', onAbort, { once: true })
      })
    },
  }

  return {
    name,
    clock,
    alive: () => alive,
    paused,
    enter,
    hear: (outcome) =>
      new Promise((resolve, reject) => {
        outcome.then(
          (value) => enter(() => resolve(value)),
          (error: unknown) => enter(() => reject(error as Error)),
        )
      }),
    diedAt: () => diedAt,
    kill() {
      alive = false
      diedAt ??= scheduler.time()
      waiting.length = 0
    },
    stoodUntil: () => pausedUntil,
    pause(milliseconds) {
      pausedUntil = Math.max(pausedUntil, scheduler.time() + milliseconds)
      scheduler.after(milliseconds, goOn)
    },
    resume() {
      pausedUntil = Math.min(pausedUntil, scheduler.time())
      goOn()
    },
    shiftClock(milliseconds) {
      offset += milliseconds
    },
    rightClock() {
      offset = 0
    },
    killAfter(passages, onKilled) {
      fuse = { left: passages, onKilled }
    },
    passage() {
      if (!alive) return 'dead'
      if (fuse === null) return 'alive'
      fuse.left -= 1
      if (fuse.left > 0) return 'alive'
      const { onKilled } = fuse
      fuse = null
      alive = false
      diedAt = scheduler.time()
      onKilled()
      return scheduler.steps() % 2 === 0 ? 'dies-before' : 'dies-after'
    },
  }
}
