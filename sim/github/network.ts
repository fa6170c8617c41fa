/**
 * The way between a process and GitHub: it takes time, loses requests, loses answers to requests that were obeyed, and
 * obeys some only later. What was sent arrives even when its sender is dead by then.
 */
import type { Failure } from '../../src/github/failure.ts'
import type { SimProcess } from '../process.ts'
import type { Random } from '../random.ts'
import type { Scheduler } from '../scheduler.ts'
import type { Limits } from './limits.ts'
import { Refusal } from './refusal.ts'
import type { Answer } from './routes.ts'

export interface NetworkSettings {
  /** Of requests that meet a fault, between 0 and 1. */
  faults: number
  /** Of requests that GitHub refuses with a secondary limit, between 0 and 1. */
  limited: number
  /** How late a request whose answer was lost may still be obeyed. Milliseconds. */
  readonly latest: number
}

export type Reply =
  | { readonly kind: 'replied'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly failure: Failure }

interface Call {
  readonly effect: 'read' | 'edit' | 'create'
  readonly limits: Limits | null
  /** Against REST's limits; GraphQL has others, which nothing of ours comes near. */
  readonly counted?: boolean
  /** What GitHub does when it obeys. Throws `Refusal`. */
  readonly obey: () => Answer
}

export interface Network {
  readonly settings: NetworkSettings
  exchange(process: SimProcess, call: Call): Promise<Reply>
}

/** One way, at most. Milliseconds. */
const LATENCY = 80

export function createNetwork(
  scheduler: Scheduler,
  random: Random,
  settings: NetworkSettings,
): Network {
  const after = (milliseconds: number, run: () => void): void =>
    void scheduler.after(milliseconds, run)

  return {
    settings,
    exchange(process, call) {
      const { promise, resolve } = Promise.withResolvers<Reply>()
      const reply = (answer: Reply, told: (() => void) | null = null): void =>
        after(random.next() * LATENCY, () =>
          process.enter(() => {
            told?.()
            resolve(answer)
          }),
        )
      call.limits?.sent({
        by: process.name,
        at: scheduler.time(),
        write: call.effect !== 'read',
      })
      const fault = random.chance(settings.faults) ? random.pick(FAULTS) : null
      if (fault === 'never-sent') {
        reply(lost('ECONNREFUSED'))
        return promise
      }
      after(random.next() * LATENCY, () => {
        const limited = limit(call)
        if (limited !== null) {
          const wait = Number(limited.headers['retry-after'] ?? 60) * 1_000
          reply(
            failed(limited.status, limited.headers, 'You have exceeded a secondary rate limit'),
            () =>
              call.limits?.told({
                by: process,
                at: scheduler.time(),
                until: scheduler.time() + wait - 1_000,
              }),
          )
          return
        }
        switch (fault) {
          case null:
            reply(obeyed(call))
            return
          case 'applied-and-lost':
            obeyed(call)
            reply(random.chance(0.5) ? lost('ECONNRESET') : failed(502, {}, '<html>'))
            return
          case 'applied-late':
            after(random.next() * settings.latest, () => obeyed(call))
            reply(failed(502, {}, '<html>'))
            return
          case 'not-applied':
            reply(random.chance(0.5) ? lost('ECONNRESET') : failed(503, {}, 'unavailable'))
            return
          default:
            fault satisfies never
        }
      })
      return promise
    },
  }

  function limit(call: Call): { status: number; headers: Readonly<Record<string, string>> } | null {
    const real =
      call.counted === true ? (call.limits?.admit(call.effect, scheduler.time()) ?? null) : null
    if (real !== null || !random.chance(settings.limited)) return real
    const headers: Readonly<Record<string, string>> = random.chance(0.7)
      ? { 'retry-after': String(random.between(1, 90)) }
      : {}
    return { status: random.chance(0.5) ? 403 : 429, headers }
  }
}

const FAULTS = [
  'never-sent',
  'applied-and-lost',
  'applied-and-lost',
  'applied-late',
  'not-applied',
] as const

function obeyed(call: Call): Reply {
  try {
    return { kind: 'replied', answer: call.obey() }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return failed(error.status, error.headers, error.message)
  }
}

const failed = (
  status: number,
  headers: Readonly<Record<string, string>>,
  message: string,
): Reply => ({
  kind: 'failed',
  failure: { status, headers, message, code: null, redirected: false },
})

const lost = (code: string): Reply => ({
  kind: 'failed',
  failure: { status: null, headers: {}, message: code, code, redirected: false },
})
