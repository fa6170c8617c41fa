/** A body that runs when poked and at the latest every so often, never twice at a time; pokes during a run cause one more. */
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'

export interface Loop {
  poke(): void
  /** Resolves when a turn that began after this call has ended. */
  turn(): Promise<void>
  /** Takes no further turn; resolves when the one under way has ended. */
  stop(): Promise<void>
}

export interface LoopOptions {
  readonly name: string
  readonly clock: Clock
  readonly log: Log
  /** Milliseconds to the next turn without a poke; asked after each turn. */
  readonly every: () => number
}

/** Named, because without a reason each abort makes an exception with its stack: they were 10 % of a busy engine's time. */
const POKED = 'poked'
const STOPPED = 'stopped'

/** An error of the body is logged and the loop goes on: the next turn starts from what the store says. */
export function startLoop(
  options: LoopOptions,
  body: (signal: AbortSignal) => Promise<void>,
): Loop {
  const { clock, log, name } = options
  const stopping = new AbortController()
  /** One for many rests: to make it costs more than most turns. */
  let rest = new AbortController()
  let resting = false
  let poked = true
  let waiting: (() => void)[] = []

  async function turns(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (!poked) {
        if (rest.signal.aborted) rest = new AbortController()
        resting = true
        await clock.sleep(options.every(), rest.signal)
        resting = false
      }
      if (stopping.signal.aborted) return
      poked = false
      const served = waiting
      waiting = []
      try {
        await body(stopping.signal)
      } catch (error) {
        log.error({ error, loop: name }, `${name}: a turn failed; the next one starts afresh`)
        await clock.sleep(FAILED_REST, stopping.signal)
      }
      for (const resolve of served) resolve()
    }
  }
  const ended = turns().finally(() => {
    for (const resolve of waiting) resolve()
  })
  const poke = (): void => {
    poked = true
    if (resting) rest.abort(POKED)
  }
  return {
    poke,
    turn: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        poke()
      }),
    async stop() {
      stopping.abort(STOPPED)
      rest.abort(STOPPED)
      await ended
    },
  }
}

/** Keeps a body that fails at once from spinning; a judgement. */
const FAILED_REST = 500
