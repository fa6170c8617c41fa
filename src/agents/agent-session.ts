/** The conversation with one running process: wires streams, protocol and watchdogs together and decides, once, how it ended. */
import { finished } from 'node:stream/promises'
import { methods } from '@agentclientprotocol/sdk'
import type { Asked } from '../domain/question.ts'
import { presetOf } from '../policy/presets.ts'
import type { AgentJob } from '../ports/agent.ts'
import type { Jailed, JailExit } from '../ports/jail.ts'
import { connectClient } from './acp/client.ts'
import { holdTurn } from './acp/dialogue.ts'
import { openMessages } from './acp/messages.ts'
import { isOwnTool, verdictOf } from './acp/permission.ts'
import { meterOutput } from './acp/output-meter.ts'
import { hearStory, type Story } from './acp/story.ts'
import { readUpdate, type Update } from './acp/update.ts'
import { addUp } from './acp/use.ts'
import type { AgentsOptions } from './agents-options.ts'
import { attend } from './attend.ts'
import { BOUNDS } from './bounds.ts'
import type { End } from './judge.ts'
import type { Door } from './mcp/open-door.ts'
import { hearTools } from './mcp/hear-tools.ts'
import type { Heard } from './mcp/hear-tools.ts'
import { serveTools } from './mcp/serve-tools.ts'
import { keepTail, type StderrTail } from './stderr-tail.ts'
import { steer, type Steer } from './steer.ts'

export interface AgentSession {
  /** The first thing that ends it. Rejects when `job.prompt` does, and for bugs of ours. */
  readonly end: Promise<End>
  readonly story: Story
  readonly stderr: StderrTail
  prompted(): boolean
  /** The conversation's name, where the agent can take it up again. */
  session(): string | null
  /** What it told through our tools. */
  readonly told: Omit<Heard, 'handlers'>
  readonly steer: Pick<Steer, 'handover' | 'nudged'>
  /** Lets the agent stop by itself where that helps. Returns how it exited if it did so before we ended it. */
  leave(end: End): Promise<JailExit | null>
  /** Stops listening; what is still in the pipe of stderr is read first. */
  close(): Promise<void>
}

export function openSession(
  options: AgentsOptions,
  job: AgentJob,
  { jailed, door }: { readonly jailed: Jailed; readonly door: Door | null },
): AgentSession {
  const { clock, log } = options
  const { place } = job
  const { end, decide, reject, seen, tell, pause, watch, leave } = attend(options, job)

  let state: 'starting' | 'waiting' | 'working' = 'starting'
  let prompted = false
  let sessionId: string | null = null
  let resumable = false
  let listening = true
  /** Something came since we last told it something. */
  let heard = true
  const stopListening = (): void => void (listening = false)
  void end.then(stopListening, stopListening)

  const meter = meterOutput(clock, (words) => decide({ kind: 'too-much', words }))
  const bytes = (count: number): void => {
    seen()
    heard = true
    meter.bytes(count)
  }
  const { resume } = job
  // Of a conversation that was begun anew nothing came before.
  const before = (): number => (sessionId === resume?.session ? (resume?.told ?? 0) : 0)
  const story = hearStory(tell, () => pause(BOUNDS.newsMilliseconds), addUp(before))
  const stderr = keepTail(jailed.stderr, bytes)
  const messages = openMessages(jailed, { meter: { ...meter, bytes }, onUpdate: hear })
  const onAsk = (question: Asked): void => decide({ kind: 'asked', question })
  let answer = job.answer
  const connection = connectClient(messages, log, {
    onQuestion: onAsk,
    onPermission(request) {
      if (job.profile.permissions === 'allow' || isOwnTool(request)) return true
      const verdict = verdictOf(request, answer)
      // A yes counts once.
      if (verdict !== null) answer = null
      return verdict
    },
  })
  const steering = steer(interrupt, door === null ? null : 'checkpoint')
  const told = hearTools({
    isOpen: () => listening,
    onAsk,
    onProgress: (title) => story.hear({ kind: 'tool', title }),
    onCheckpoint: () => {
      if (steering.handover() === 'told') decide({ kind: 'handed' })
    },
    onBytes: bytes,
  })
  if (door !== null) serveTools(door, told.handlers, log)

  const turn = holdTurn(connection, {
    worktree: place.worktree,
    mcpServers: door === null ? [] : [door.server],
    model: job.profile.model,
    mode: job.profile.mode,
    meta: presetOf(job.profile)?.session,
    prompt: job.prompt,
    onReady: () => (state = 'working'),
    resume: job.resume,
    onSession: (id, again) => {
      sessionId = id
      resumable = again
    },
    onWait: () => (state = 'waiting'),
    onPrompt: () => {
      state = 'working'
      prompted = true
      heard = false
      seen()
    },
    next: (ended) => {
      if (ended.use !== null) story.countTokens(ended.use)
      const more = steering.next(ended)
      if (more !== null) story.nextTurn()
      return more
    },
  })
  void turn.then(decide, reject)
  // A child may hold the output open after the program is gone.
  void jailed.exited
    .then(() => pause(BOUNDS.drainMilliseconds))
    .then(() => decide({ kind: 'closed' }))
  watch({
    phase: () => state,
    heard: () => !prompted || heard,
    nudge: () => job.profile.command !== 'builtin:patch' && steering.nudge(),
  })

  function hear(params: unknown): void {
    // Before the prompt an agent can only replay what is over.
    if (!listening || !prompted || sessionId === null) return
    for (const update of readUpdate(params, sessionId)) {
      story.hear(update)
      if (isNearlyFull(update) && steering.handOver())
        void pause(BOUNDS.checkpointMilliseconds).then(() => decide({ kind: 'handed' }))
    }
  }

  /** The turn ends, and what is to be said next begins another one. */
  function interrupt(): boolean {
    if (sessionId === null || state !== 'working' || !prompted) return false
    log.info({ attempt: place.attempt }, 'the turn of an agent is interrupted')
    // An agent that is gone tells so by the end of its output.
    connection.agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => {})
    seen()
    return true
  }

  return {
    end,
    story,
    stderr,
    told,
    steer: steering,
    prompted: () => prompted,
    session: () => (resumable ? sessionId : null),
    async leave(how) {
      if (['asked', 'aborted', 'handed'].includes(how.kind) && sessionId !== null) {
        // An answer of "cancelled" alone does not stop Claude.
        const cancel = connection.agent.notify(methods.agent.session.cancel, { sessionId })
        await Promise.race([
          Promise.allSettled([cancel, turn]),
          pause(BOUNDS.cancelGraceMilliseconds),
        ])
      }
      const nothing = how.kind === 'closed' ? pause(BOUNDS.drainMilliseconds) : Promise.resolve()
      const exit = await Promise.race([jailed.exited, nothing.then(() => null)])
      // The end of its input is how an agent learns that nobody needs it any more.
      jailed.stdin.end()
      return exit
    },
    async close() {
      connection.close()
      jailed.stdin.destroy()
      await Promise.race([finished(jailed.stderr).catch(() => {}), pause(BOUNDS.drainMilliseconds)])
      leave()
    },
  }
}

const isNearlyFull = (update: Update): boolean =>
  update.kind === 'usage' &&
  update.tokens !== null &&
  update.size !== null &&
  update.size > 0 &&
  update.tokens >= update.size * BOUNDS.contextShare
