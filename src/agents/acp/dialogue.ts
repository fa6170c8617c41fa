/** One turn with an agent over the protocol: initialize, session/new, the model, the prompt. It knows nothing of processes. */
import { methods, RequestError, type ClientConnection } from '@agentclientprotocol/sdk'
import { z } from 'zod'
import { INITIALIZE, newSession } from './capabilities.ts'
import { modelChoice } from './model-choice.ts'
import { readSessionFailure, type SessionFailure } from './session-failure.ts'
import { readTurnNote, type TurnNote } from './turn-note.ts'

type Step = 'initialize' | 'session/new' | 'session/set_config_option' | 'session/prompt'

export interface Turn {
  readonly stopReason: string
  readonly note: TurnNote | null
  readonly failure: SessionFailure | null
  readonly tokens: number | null
}

export type TurnEnd =
  | { readonly kind: 'turn'; readonly turn: Turn }
  /** It answered a step of ours with an error, or with something that is no answer to it. */
  | {
      readonly kind: 'rejected'
      readonly step: Step
      readonly code: number
      readonly words: string
    }
  | { readonly kind: 'model'; readonly words: string }
  /** The connection ended before the turn did. */
  | { readonly kind: 'closed' }

export interface Script {
  readonly worktree: string
  readonly model: string | null
  readonly prompt: Promise<string>
  readonly onReady: () => void
  readonly onSession: (id: string) => void
  /** It waits for us, until the prompt is there. */
  readonly onWait: () => void
  /** The prompt is about to be sent. */
  readonly onPrompt: () => void
}

const Initialized = z.object({ protocolVersion: z.number() })
const Session = z.object({ sessionId: z.string(), configOptions: z.unknown().optional() })
const PromptResult = z.object({
  stopReason: z.string(),
  _meta: z.unknown().optional(),
  // Not yet in the stable schema; claude-agent-acp and codex-acp send it.
  usage: z.object({ totalTokens: z.number().nonnegative() }).nullish().catch(null),
})

class NoAnswer extends Error {}

/** Rejects only when `script.prompt` does. */
export async function holdTurn(connection: ClientConnection, script: Script): Promise<TurnEnd> {
  let step: Step = 'initialize'
  const ask = async <T>(method: Step, params: object, answer: z.ZodType<T>): Promise<T> => {
    step = method
    // The untyped form: what comes back is checked here, and only as far as we use it.
    const result: unknown = await connection.agent.request<unknown>(method as string, params)
    const parsed = answer.safeParse(result)
    if (!parsed.success) throw new NoAnswer(JSON.stringify(result)?.slice(0, 300) ?? 'nothing')
    return parsed.data
  }

  try {
    const { protocolVersion } = await ask(methods.agent.initialize, INITIALIZE, Initialized)
    if (protocolVersion !== 1) throw new NoAnswer(`protocol version ${protocolVersion}`)
    script.onReady()
    const session = await ask(methods.agent.session.new, newSession(script.worktree), Session)
    const { sessionId } = session
    script.onSession(sessionId)
    const choice = modelChoice(session.configOptions, script.model)
    if (choice.kind === 'missing') return { kind: 'model', words: choice.words }
    if (choice.kind === 'set') {
      const { configId, value } = choice
      const params = { sessionId, configId, value }
      await ask(methods.agent.session.setConfigOption, params, z.unknown())
    }
    script.onWait()
    const text = await script.prompt
    script.onPrompt()
    const prompt = { sessionId, prompt: [{ type: 'text', text }] }
    const result = await ask(methods.agent.session.prompt, prompt, PromptResult)
    return {
      kind: 'turn',
      turn: {
        stopReason: result.stopReason,
        note: readTurnNote(result._meta),
        failure: readSessionFailure(result._meta),
        tokens: result.usage?.totalTokens ?? null,
      },
    }
  } catch (error) {
    if (error instanceof NoAnswer)
      return { kind: 'rejected', step, code: 0, words: `it answered ${error.message}` }
    if (error instanceof RequestError)
      return { kind: 'rejected', step, code: error.code, words: errorWords(error) }
    if (connection.signal.aborted) return { kind: 'closed' }
    throw error
  }
}

/** Adapters put the provider's words into `data` as often as into `message`. */
function errorWords(error: RequestError): string {
  const { data } = error
  if (data === undefined || data === null) return error.message
  return `${error.message}: ${typeof data === 'string' ? data : JSON.stringify(data)}`
}
