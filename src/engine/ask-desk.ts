/** The desk of a runner: it asks an app through the store and waits for the sealed answer. */
import type { Desk, Held, Opener } from '../ports/desk.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Question, Store } from '../ports/store.ts'
import type { RunnerDeps } from './deps.ts'
import type { Ids } from '../ports/ids.ts'
import type { DeskAnswer } from './serve-desk.ts'

/** Without a poke the answer is looked for this often. Milliseconds. */
const LOOK = 1_000
/** An app that died is replaced within 20 s, and GitHub may take as long again. Milliseconds. */
const PATIENCE = 60_000

export interface AskDesk extends Pick<RunnerDeps, 'clock' | 'runner'> {
  readonly store: Pick<Store, 'requests'>
  readonly ids: Ids
  readonly opener: Opener
}

export function askDesk({ store, clock, ids, opener, runner }: AskDesk): Desk {
  const waiting = new Map<string, AbortController>()
  store.requests.onRequest((id) => {
    if (id === null) for (const poke of waiting.values()) poke.abort()
    else waiting.get(id)?.abort()
  })

  async function ask<Value>({ attempt, epoch }: Held, question: Question): Promise<Value> {
    const id = ids.unique()
    const until = clock.monotonic() + PATIENCE
    waiting.set(id, new AbortController())
    try {
      if (!(await store.requests.ask({ id, runner, attempt, epoch, question })))
        throw unanswered('the attempt is not this runner’s any more')
      while (clock.monotonic() < until) {
        const poke = new AbortController()
        waiting.set(id, poke)
        const sealed = await store.requests.pickUp(id, runner)
        if (sealed !== null) return opened(opener.open(sealed, id))
        await clock.sleep(LOOK, poke.signal)
      }
      throw unanswered(`no app has answered within ${PATIENCE / 1_000} s: is one running?`)
    } finally {
      waiting.delete(id)
    }
  }

  return {
    briefing: (held) => ask(held, { kind: 'briefing' }),
    credential: (held) => ask(held, { kind: 'credential' }),
  }
}

/** Only an app could seal it for this request, so its form is what this program's own version writes. */
function opened<Value>(text: string): Value {
  const answer = JSON.parse(text) as DeskAnswer
  if (answer.kind === 'answer') return answer.value as Value
  throw new WorldFault(answer.message, {
    kind: answer.fault,
    applied: 'no',
    operation: 'ask the desk',
  })
}

const unanswered = (why: string): WorldFault =>
  new WorldFault(why, { kind: 'transient', applied: 'no', operation: 'ask the desk' })
