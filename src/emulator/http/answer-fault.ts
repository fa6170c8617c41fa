// Gives a planted fault in place of the answer, and does the write before or after it if so planted.
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { Deps } from './deps.ts'
import type { Fault } from './faults.ts'

export type NodeEnv = { Bindings: HttpBindings }

export async function answerFault(given: {
  readonly deps: Deps
  readonly c: Context<NodeEnv>
  readonly fault: Fault
  readonly apply: () => Promise<unknown>
  readonly entry: {
    readonly operation: string | null
    readonly path: string
    readonly method: string
  }
}): Promise<Response> {
  const { deps, c, fault } = given
  if (fault.applied === 'before') await given.apply()
  if (fault.applied === 'after') deps.faults.later(fault, given.apply)
  const status = typeof fault.answer === 'string' ? 0 : fault.answer.status
  const none = { installation: null, app: null, points: 0, creates: false, took: 0 }
  deps.journal.add({ ...given.entry, ...none, at: deps.world.now(), status })
  if (typeof fault.answer === 'object') {
    const { body, headers } = fault.answer
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    })
  }
  const { incoming, outgoing } = c.env
  if (fault.answer === 'timeout') {
    await new Promise<void>((resolve) => outgoing.once('close', () => resolve()))
  }
  incoming.socket.destroy()
  return new Response(null, { status: 502 })
}
