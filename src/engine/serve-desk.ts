/** Answers what runners ask through the store, sealed for the one that asked. The leading app does it, so that nothing is asked of GitHub twice. */
import type { Desk, Envelope } from '../ports/desk.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Request, Store } from '../ports/store.ts'
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'

/** What is sealed: the answer's JSON, or why there is none. */
export type DeskAnswer =
  | { readonly kind: 'answer'; readonly value: unknown }
  | { readonly kind: 'fault'; readonly message: string; readonly fault: WorldFault['kind'] }

/** Catches a request that no poke told of. Milliseconds. */
const LOOK = 1_000
/** Answered at a time; each waits for GitHub. */
const AT_ONCE = 16

export interface ServeDesk extends Pick<EngineDeps, 'clock' | 'log'> {
  readonly store: Pick<Store, 'kind' | 'requests'>
  readonly desk: Desk
  readonly envelope: Envelope
  readonly leads: () => boolean
}

export function serveDesk(deps: ServeDesk): Loop {
  const { store, clock, log, desk } = deps
  const answering = new Map<string, Promise<void>>()

  async function turn(): Promise<void> {
    if (!deps.leads()) return
    for (const request of await store.requests.asked(AT_ONCE)) {
      if (answering.size >= AT_ONCE || answering.has(request.id)) continue
      const answered = answer(request)
        .catch((error: unknown) =>
          log.warn({ error, attempt: request.attempt }, 'a runner could not be answered'),
        )
        .finally(() => answering.delete(request.id))
      answering.set(request.id, answered)
    }
  }

  async function answer(request: Request & { readonly publicKey: string }): Promise<void> {
    const said = JSON.stringify(await answerTo(request))
    await store.requests.answer(request.id, deps.envelope.seal(request.publicKey, said, request.id))
  }

  async function answerTo({ attempt, epoch, question }: Request): Promise<DeskAnswer> {
    try {
      const held = { attempt, epoch }
      const value =
        question.kind === 'briefing' ? await desk.briefing(held) : await desk.credential(held)
      return { kind: 'answer', value }
    } catch (error) {
      if (!(error instanceof WorldFault)) throw error
      return { kind: 'fault', message: error.message, fault: error.kind }
    }
  }

  const loop = startLoop(
    // The runner of an embedded store asks nobody but its own app.
    { name: 'desk', clock, log, every: () => (store.kind === 'embedded' ? 3_600_000 : LOOK) },
    turn,
  )
  const unsubscribe = store.requests.onRequest(() => loop.poke())
  return {
    ...loop,
    async stop() {
      unsubscribe()
      await loop.stop()
      await Promise.all(answering.values())
    },
  }
}
