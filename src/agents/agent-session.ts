/** The conversation with one running process: wires streams, protocol and watchdogs together and decides, once, how it ended. */
import { finished } from 'node:stream/promises'
import { methods } from '@agentclientprotocol/sdk'
import type { Asked } from '../domain/question.ts'
import { presetOf } from '../policy/presets.ts'
import type { AgentJob, AgentNews } from '../ports/agent.ts'
import type { Jailed, JailExit } from '../ports/jail.ts'
import { connectClient } from './acp/client.ts'
import { holdTurn } from './acp/dialogue.ts'
import { openMessages } from './acp/messages.ts'
import { isOwnTool, verdictOf } from './acp/permission.ts'
import { meterOutput } from './acp/output-meter.ts'
import { hearStory, type Story } from './acp/story.ts'
import { readUpdate, type Update } from './acp/update.ts'
import { addUp } from './acp/use.ts'
import { BOUNDS } from './bounds.ts'
import type { AgentsOptions } from './agents-options.ts'
import type { End } from './judge.ts'
import type { Door } from './mcp/open-door.ts'
import { hearTools } from './mcp/hear-tools.ts'
import type { Heard } from './mcp/hear-tools.ts'
import { serveTools } from './mcp/serve-tools.ts'
import { keepTail, type StderrTail } from './stderr-tail.ts'
import { steer, type Steer } from './steer.ts'
import { lastTouched } from './traces.ts'
import { watch } from './watch.ts'

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
  const { promise: end, resolve: decide, reject } = Promise.withResolvers<End>()
  const over = new AbortController()
  const pause = (milliseconds: number) => clock.sleep(milliseconds, over.signal)

  let lastEvidence = clock.monotonic()
  let state: 'starting' | 'waiting' | 'working' = 'starting'
  let prompted = false
  let sessionId: string | null = null
  let resumable = false
  let listening = true
  /** Something came since we last told it something. */
  let heard = true
  void end.then(stopListening, stopListening)

  const meter = meterOutput(clock, (words) => decide({ kind: 'too-much', words }))
  const bytes = (count: number): void => {
    lastEvidence = clock.monotonic()
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
      lastEvidence = clock.monotonic()
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
  void watch(
    clock,
    job.limits,
    {
      lastEvidence: () => lastEvidence,
      phase: () => state,
      traces: () => lastTouched([place.worktree, place.repository, place.home]),
      onTraces: () => (lastEvidence = clock.monotonic()),
      heard: () => !prompted || heard,
      nudge: () => job.profile.command !== 'builtin:patch' && steering.nudge(),
    },
    over.signal,
  ).then((overrun) => {
    if (overrun !== null) decide({ kind: 'overrun', overrun })
  }, reject)
  const abort = (): void => decide({ kind: 'aborted', reason: abortReason(job.signal) })
  if (job.signal.aborted) abort()
  else job.signal.addEventListener('abort', abort, { once: true })

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
    lastEvidence = clock.monotonic()
    return true
  }

  /** A listener that throws is a bug of ours: it is not put down to the agent, and not lost in a timer. */
  function tell(news: AgentNews): void {
    try {
      job.onProgress(news)
    } catch (error) {
      log.error({ error, attempt: place.attempt }, 'a listener to an agent failed')
      reject(error)
    }
  }

  function stopListening(): void {
    listening = false
    job.signal.removeEventListener('abort', abort)
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
      over.abort()
    },
  }
}

const isNearlyFull = (update: Update): boolean =>
  update.kind === 'usage' &&
  update.tokens !== null &&
  update.size !== null &&
  update.size > 0 &&
  update.tokens >= update.size * BOUNDS.contextShare

/** Why an attempt must stop, in words. */
export function abortReason(signal: AbortSignal): string {
  const reason: unknown = signal.reason
  if (typeof reason === 'string') return reason
  return reason instanceof Error ? reason.message : 'stopped'
}
