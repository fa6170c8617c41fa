/**
 * What an agent tells during its turn: coalesced news for people, and what is left at the end (its last message,
 * what it used, a failure that it did not recover from).
 */
import type { PlanItem, Usage } from '../../domain/attempt.ts'
import type { AgentNews } from '../../ports/agent.ts'
import { BOUNDS } from '../bounds.ts'
import { plain, plainLine } from '../plain.ts'
import type { SessionFailure } from './session-failure.ts'
import type { Update } from './update.ts'
import { addUp } from './use.ts'
import type { TurnUse, Use } from './use.ts'

export interface Story {
  hear(update: Update): void
  /** Another turn begins: what is said from now on is another message. */
  nextTurn(): void
  /** Tokens of the whole turn, as its result tells them. */
  countTokens(turn: TurnUse): void
  /** It has used a tool, planned, or told what it used: a model has answered it. */
  acted(): boolean
  /** Flushes what is left and tells how it ended; nothing is told afterwards. */
  close(): Ending
}

export interface Ending {
  /** The last message, at most 8 KiB. */
  readonly message: string
  readonly usage: Usage
  /** A failure told by an update, after which the agent did nothing more. */
  readonly failure: SessionFailure | null
}

/** `tell` is called at most once per `BOUNDS.newsMilliseconds`: `pause` waits that long. */
export function hearStory(
  tell: (news: AgentNews) => void,
  pause: () => Promise<void>,
  use: Use = addUp(() => 0),
): Story {
  let message = ''
  let messageId: string | null = null
  let sealed = true
  let line = ''
  let failure: SessionFailure | null = null

  let lines: string[] = []
  let plan: readonly PlanItem[] | null = null
  let usageChanged = false
  let resting = false
  let closed = false
  let acted = false

  function flush(): void {
    if (lines.length === 0 && plan === null && !usageChanged) return
    const news: AgentNews = {
      ...(lines.length > 0 ? { message: lines.join('\n') } : {}),
      ...(plan ? { plan } : {}),
      ...(usageChanged ? { usage: use.usage() } : {}),
    }
    lines = []
    plan = null
    usageChanged = false
    tell(news)
  }

  /** Tells at once, then rests; what comes meanwhile is told together at the end of the rest. */
  function wake(): void {
    if (resting || closed) return
    resting = true
    flush()
    void pause().then(() => {
      resting = false
      if (!closed && (lines.length > 0 || plan !== null || usageChanged)) wake()
    })
  }

  function say(text: string): void {
    const clean = plainLine(text, BOUNDS.line)
    if (clean === '') return
    // Of a burst only the end is worth showing.
    lines = [...lines, clean].slice(-10)
    wake()
  }

  function sayLine(): void {
    const text = line
    line = ''
    say(text)
  }

  function chunk(id: string | null, text: string): void {
    if (sealed || (id !== null && messageId !== null && id !== messageId)) {
      sayLine()
      message = ''
    }
    sealed = false
    messageId = id
    if (message.length < BOUNDS.summary) message += text.slice(0, BOUNDS.summary * 2)
    const parts = (line + text).split('\n')
    line = parts.pop() ?? ''
    parts.slice(-10).forEach(say)
    if (line.length > BOUNDS.line) sayLine()
  }

  return {
    hear(update) {
      if (closed) return
      if (update.kind !== 'message' && update.kind !== 'failure') acted = true
      switch (update.kind) {
        case 'message':
          failure = null
          return chunk(update.id, update.text)
        case 'tool':
          failure = null
          sealed = true
          sayLine()
          return say(update.title)
        case 'plan':
          plan = update.items.slice(0, BOUNDS.planItems).map((item) => ({
            text: plainLine(item.text, BOUNDS.line),
            status: item.status,
          }))
          return wake()
        case 'usage':
          use.hear(update)
          usageChanged = true
          return wake()
        case 'failure':
          failure = update.failure
          return
      }
    },
    acted: () => acted,
    nextTurn() {
      sealed = true
      sayLine()
    },
    countTokens(turn) {
      use.count(turn)
      usageChanged = true
    },
    close() {
      sayLine()
      flush()
      closed = true
      return { message: plain(message, BOUNDS.summary), usage: use.usage(), failure }
    },
  }
}
