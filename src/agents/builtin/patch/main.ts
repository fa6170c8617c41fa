/**
 * builtin:patch, an ACP agent in a process of its own: it applies the changes that are written in an issue. It needs
 * no model, no network and no key, and says in its result what ACP's stop reasons cannot (`turn-note.ts`).
 */
import { randomUUID } from 'node:crypto'
import { Readable, Writable } from 'node:stream'
import {
  agent,
  methods,
  ndJsonStream,
  RequestError,
  type AgentContext,
  type PromptResponse,
} from '@agentclientprotocol/sdk'
import { TURN_NOTE, type AskedNote } from '../../acp/turn-note.ts'
import { work, type Step, type WorkEnd } from './work.ts'

const sessions = new Map<string, { readonly worktree: string; cancel: AbortController }>()

agent({ name: 'builtin:patch' })
  .onRequest(methods.agent.initialize, () => ({
    protocolVersion: 1,
    agentInfo: { name: 'builtin:patch', version: '1' },
    agentCapabilities: {},
  }))
  .onRequest(methods.agent.session.new, ({ params }) => {
    const sessionId = randomUUID()
    sessions.set(sessionId, { worktree: params.cwd, cancel: new AbortController() })
    return { sessionId }
  })
  .onNotification(methods.agent.session.cancel, ({ params }) => {
    sessions.get(params.sessionId)?.cancel.abort()
  })
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    const { sessionId } = params
    const session = sessions.get(sessionId)
    if (!session) throw RequestError.sessionNotFound(sessionId)
    session.cancel = new AbortController()
    const { signal } = session.cancel
    const prompt = params.prompt.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
    const teller = tell(client, sessionId)
    try {
      const { worktree } = session
      return await report(
        teller,
        await work({ prompt, worktree, signal, onPlan: (steps) => teller.plan(steps) }),
      )
    } catch (error) {
      if (signal.aborted) return { stopReason: 'cancelled' }
      throw error
    }
  })
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)))

interface Teller {
  plan(steps: readonly Step[]): Promise<void>
  say(text: string): Promise<void>
  /** No model is asked: its cost is known, and it is nothing. */
  spent(): Promise<void>
}

const tell = (client: AgentContext, sessionId: string): Teller => ({
  plan: (steps) =>
    client.notify(methods.client.session.update, {
      sessionId,
      update: {
        sessionUpdate: 'plan',
        entries: steps.map(({ text, status }) => ({ content: text, status, priority: 'medium' })),
      },
    }),
  say: (text) =>
    client.notify(methods.client.session.update, {
      sessionId,
      update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
    }),
  spent: () =>
    client.notify(methods.client.session.update, {
      sessionId,
      update: {
        sessionUpdate: 'usage_update',
        used: 0,
        size: 0,
        cost: { amount: 0, currency: 'USD' },
      },
    }),
})

async function report(teller: Teller, end: WorkEnd): Promise<PromptResponse> {
  await teller.spent()
  switch (end.kind) {
    case 'done':
      await teller.say(end.summary)
      return { stopReason: 'end_turn' }
    case 'needs':
      await teller.say(end.question.text)
      return { stopReason: 'end_turn', _meta: note({ needs: end.question }) }
    case 'failed':
      await teller.say(end.error)
      return { stopReason: 'end_turn', _meta: note({ refused: end.error }) }
  }
}

const note = (value: AskedNote): Record<string, unknown> => ({ [TURN_NOTE]: value })
