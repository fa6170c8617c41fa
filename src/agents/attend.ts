/**
 * What every agent has in common, however it is spoken to: the first thing that ends it decides, and among those things
 * are a call to stop, the watchdogs, and a listener of ours that fails.
 */
import type { AgentJob, AgentNews } from '../ports/agent.ts'
import type { AgentsOptions } from './agents-options.ts'
import type { End } from './judge.ts'
import { lastTouched } from './traces.ts'
import { watch } from './watch.ts'
import type { Vigil } from './watch.ts'

export interface Attendance {
  /** Settles with what comes first. */
  readonly end: Promise<End>
  readonly decide: (end: End) => void
  /** A bug of ours. */
  readonly reject: (error: unknown) => void
  /** Something of the agent was seen just now. */
  readonly seen: () => void
  /** To whoever listens to the agent. */
  readonly tell: (news: AgentNews) => void
  /** Over at the latest when nobody attends any more. */
  readonly pause: (milliseconds: number) => Promise<void>
  readonly watch: (vigil: Pick<Vigil, 'phase' | 'heard' | 'nudge'>) => void
  /** Nothing is waited for and watched any more. */
  readonly leave: () => void
}

export function attend(
  { clock, log }: Pick<AgentsOptions, 'clock' | 'log'>,
  { signal, place, limits, onProgress }: AgentJob,
): Attendance {
  const { promise: end, resolve: decide, reject } = Promise.withResolvers<End>()
  const over = new AbortController()
  let lastEvidence = clock.monotonic()
  const seen = (): void => void (lastEvidence = clock.monotonic())

  const abort = (): void => decide({ kind: 'aborted', reason: abortReason(signal) })
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  const stopListening = (): void => signal.removeEventListener('abort', abort)
  void end.then(stopListening, stopListening)

  return {
    end,
    decide,
    reject,
    seen,
    /** A listener that throws is a bug of ours: it is not put down to the agent, and not lost in a timer. */
    tell(news) {
      try {
        onProgress(news)
      } catch (error) {
        log.error({ error, attempt: place.attempt }, 'a listener to an agent failed')
        reject(error)
      }
    },
    pause: (milliseconds) => clock.sleep(milliseconds, over.signal),
    watch(vigil) {
      const { worktree, repository, home } = place
      const traces = () => lastTouched([worktree, repository, home])
      const whole = { ...vigil, traces, lastEvidence: () => lastEvidence, onTraces: seen }
      void watch(clock, limits, whole, over.signal).then((overrun) => {
        if (overrun !== null) decide({ kind: 'overrun', overrun })
      }, reject)
    },
    leave: () => over.abort(),
  }
}

/** Why an attempt must stop, in words. */
export function abortReason(signal: AbortSignal): string {
  const reason: unknown = signal.reason
  if (typeof reason === 'string') return reason
  return reason instanceof Error ? reason.message : 'stopped'
}
