/** Coding agents: any program that speaks ACP. One process tree per attempt, gone at the end. */
import type { Failure, PlanItem, Told, Usage } from '../domain/attempt.ts'
import type { Instant } from '../domain/ids.ts'
import type { Answer, Asked } from '../domain/question.ts'
import type { Profile } from '../domain/settings.ts'
import type { Place } from './workspace.ts'

export interface AgentJob {
  readonly profile: Profile
  readonly place: Place
  /** Resolved while the program starts, so that neither waits for the other. */
  readonly prompt: Promise<string>
  /** The conversation to take up again and what to say there; null, or where the agent has lost it: a new one, with `prompt`. */
  readonly resume: {
    readonly session: string
    readonly prompt: Promise<string>
    /** US dollars that the conversation has come to before, for agents tell the sum of all of it. */
    readonly told?: number
  } | null
  /** What was answered last, if this attempt goes on with it: it may be a yes to what the agent asks permission for again. */
  readonly answer: Answer | null
  readonly limits: {
    readonly startMilliseconds: number
    /** From the prompt to the first sign of life. */
    readonly firstMilliseconds: number
    readonly stallMilliseconds: number
    readonly wallMilliseconds: number
  }
  /** Aborts with the reason for which the attempt must stop. */
  readonly signal: AbortSignal
  readonly onStarted: (pid: number) => void
  readonly onProgress: (news: AgentNews) => void
}

export interface AgentNews {
  readonly message?: string
  readonly plan?: readonly PlanItem[]
  readonly usage?: Usage
}

/** What the agent's run came to, before its work has been looked at. `done` is a claim, not evidence. */
export type AgentOutcome = AgentEnding & {
  /** What it told along the way through our tools. Absent: nothing. */
  readonly told?: Told
  /** Where it wanted to go and was not let, as `host:port`. Absent: nowhere. */
  readonly denied?: readonly string[]
}

export type AgentEnding =
  | { readonly kind: 'done'; readonly summary: string; readonly usage: Usage }
  /** It asked, and goes on once there is an answer. */
  | {
      readonly kind: 'needs'
      readonly question: Asked
      /** By which the conversation may be taken up again; null: the agent cannot. */
      readonly session: string | null
      readonly summary: string
      readonly usage: Usage
    }
  /** Its context is full, and another conversation must go on; `error`: how that was seen. */
  | {
      readonly kind: 'handoff'
      readonly error: string
      readonly summary: string
      readonly usage: Usage
    }
  | {
      readonly kind: 'stopped'
      readonly reason: string
      /** By which the conversation may be taken up again. */
      readonly session?: string | null
      readonly usage: Usage
    }
  | {
      readonly kind: 'failed'
      readonly failure: Failure
      /** Plain lines for people and for the next attempt's prompt. */
      readonly error: string
      readonly until: Instant | null
      /** By which the conversation may be taken up again, once the cause is gone. Absent or null: it cannot. */
      readonly session?: string | null
      readonly usage: Usage
    }

export interface Agents {
  /** Never rejects for what an agent does; its process tree is gone when it resolves. */
  run(job: AgentJob): Promise<AgentOutcome>
}
