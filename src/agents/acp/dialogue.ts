/** One talk with an agent over the protocol: initialize, a session (taken up again where that is wanted and works), the model, the prompt, and what is said after it. It knows nothing of processes. */
import {
  methods,
  RequestError,
  type ClientConnection,
  type NewSessionRequest,
} from '@agentclientprotocol/sdk'
import { z } from 'zod'
import type { AgentJob } from '../../ports/agent.ts'
import { INITIALIZE, newSession } from './capabilities.ts'
import { Offer, chooseMode, chooseModel, modelInUse } from './session-choice.ts'
import { readSessionFailure, type SessionFailure } from './session-failure.ts'
import { readTurnNote, type TurnNote } from './turn-note.ts'
import { quotaUse, TokenUse, turnUse } from './use.ts'
import type { TurnUse } from './use.ts'

type Step =
  | 'initialize'
  | 'session/resume'
  | 'session/load'
  | 'session/new'
  | 'session/set_config_option'
  | 'session/set_mode'
  | 'session/set_model'
  | 'session/prompt'

export interface Turn {
  readonly stopReason: string
  readonly note: TurnNote | null
  readonly failure: SessionFailure | null
  /** Null: it told nothing of its tokens. */
  readonly use: TurnUse | null
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
  /** It does not offer the model or the mode of the profile. */
  | { readonly kind: 'model' | 'mode'; readonly words: string }
  /** The connection ended before the turn did. */
  | { readonly kind: 'closed' }

export interface Script {
  readonly worktree: string
  readonly mcpServers: NewSessionRequest['mcpServers']
  readonly model: string | null
  readonly mode: string | null
  /** `_meta` of the session, as the profile's preset has it; undefined: it has none. */
  readonly meta: Readonly<Record<string, unknown>> | null | undefined
  readonly prompt: Promise<string>
  readonly onReady: () => void
  /** The session to go on with, and what to say there; when it cannot be taken up, a new one begins with `prompt`. */
  readonly resume: AgentJob['resume']
  /** `resumable`: the agent says that it can take it up again. */
  readonly onSession: (id: string, resumable: boolean) => void
  /** It waits for us, until the prompt is there. */
  readonly onWait: () => void
  /** The prompt, or what is said after it, is about to be sent. */
  readonly onPrompt: () => void
  /** What to say next in the same session, asked after each turn; null: that turn was the last. */
  readonly next: (turn: Turn) => string | null
}

const Initialized = z.object({
  protocolVersion: z.number(),
  agentCapabilities: z
    .object({
      loadSession: z.boolean().optional().catch(false),
      sessionCapabilities: z
        .object({ resume: z.looseObject({}).nullish().catch(null) })
        .nullish()
        .catch(null),
    })
    .optional()
    .catch({}),
})
const Session = Offer.extend({ sessionId: z.string() })
const Resumed = Offer.nullish()
const PromptResult = z.object({
  stopReason: z.string(),
  _meta: z.unknown().optional(),
  usage: TokenUse.nullish().catch(null),
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
    const { protocolVersion, agentCapabilities } = await ask(
      methods.agent.initialize,
      INITIALIZE,
      Initialized,
    )
    if (protocolVersion !== 1) throw new NoAnswer(`protocol version ${protocolVersion}`)
    script.onReady()
    const ways = waysBack(agentCapabilities)
    const fresh = newSession(script.worktree, script.mcpServers, script.meta)
    const former = await takeUp(script.resume, ways, fresh)
    const session = former ?? (await ask(methods.agent.session.new, fresh, Session))
    const { sessionId } = session
    script.onSession(sessionId, ways.length > 0)
    const model = modelInUse(session, script.model)
    for (const [kind, choice] of [
      ['model', chooseModel(session, script.model)],
      ['mode', chooseMode(session, script.mode)],
    ] as const) {
      if (choice.kind === 'missing') return { kind, words: choice.words }
      if (choice.kind === 'set')
        await ask(choice.method, { sessionId, ...choice.params }, z.unknown())
    }
    script.onWait()
    let text: string | null = await (former === null ? script.prompt : former.prompt)
    for (;;) {
      script.onPrompt()
      const prompt = { sessionId, prompt: [{ type: 'text', text }] }
      const turn = turnOf(await ask(methods.agent.session.prompt, prompt, PromptResult), model)
      text = script.next(turn)
      if (text === null) return { kind: 'turn', turn }
    }
  } catch (error) {
    if (error instanceof NoAnswer)
      return { kind: 'rejected', step, code: 0, words: `it answered ${error.message}` }
    if (error instanceof RequestError)
      return { kind: 'rejected', step, code: error.code, words: errorWords(error) }
    if (connection.signal.aborted) return { kind: 'closed' }
    throw error
  }

  /** Null: nothing is to be taken up, or the agent has lost it; whatever it says of that, a new session goes on with a recap. */
  async function takeUp(
    resume: Script['resume'],
    ways: readonly WayBack[],
    fresh: NewSessionRequest,
  ): Promise<(z.infer<typeof Session> & Pick<NonNullable<Script['resume']>, 'prompt'>) | null> {
    if (resume === null) return null
    const sessionId = resume.session
    for (const way of ways) {
      try {
        const answer = await ask(way, { ...fresh, sessionId }, Resumed)
        return { ...answer, sessionId, prompt: resume.prompt }
      } catch (error) {
        if (!(error instanceof RequestError || error instanceof NoAnswer)) throw error
      }
    }
    return null
  }
}

const turnOf = (
  { stopReason, _meta, usage }: z.infer<typeof PromptResult>,
  model: string | null,
): Turn => {
  const told = usage ?? quotaUse(_meta)
  return {
    stopReason,
    note: readTurnNote(_meta),
    failure: readSessionFailure(_meta),
    use: told === null ? null : turnUse(told, model),
  }
}

type WayBack = Extract<Step, 'session/resume' | 'session/load'>

/** Resuming first: loading replays the whole history. */
function waysBack(capabilities: z.infer<typeof Initialized>['agentCapabilities']): WayBack[] {
  const resume = Boolean(capabilities?.sessionCapabilities?.resume)
  return [
    ...(resume ? [methods.agent.session.resume] : []),
    ...(capabilities?.loadSession === true ? [methods.agent.session.load] : []),
  ]
}

/** Adapters put the provider's words into `data` as often as into `message`. */
function errorWords(error: RequestError): string {
  const { data } = error
  if (data === undefined || data === null) return error.message
  return `${error.message}: ${typeof data === 'string' ? data : JSON.stringify(data)}`
}
