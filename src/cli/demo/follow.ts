/** Watches the tasks of a running Yardmaster and tells each change once, in the order in which it happened. */
import type { Attempt } from '../../domain/attempt.ts'
import type { Task } from '../../domain/task.ts'
import type { Store } from '../../ports/store.ts'

export interface News {
  readonly number: number
  /** One word: where the task stands now. */
  readonly step: string
  readonly text: string
  readonly tone: 'plain' | 'good' | 'bad'
}

/** How often the store is asked; people see a tenth of a second as at once. Milliseconds. */
const EVERY = 100

export interface Following {
  stop(): Promise<void>
}

export function follow(store: Store, tell: (news: News) => void): Following {
  const seen = new Map<string, { entries: number; live: string }>()
  const stopping = new AbortController()

  async function look(): Promise<void> {
    for (const task of (await store.list({})).toSorted((a, b) => a.number - b.number)) {
      const before = seen.get(task.id) ?? { entries: 0, live: '' }
      const entries = await store.ledger(task.id)
      for (const entry of entries.slice(before.entries)) {
        const step = STEPS[entry.event]
        if (step !== undefined) tell({ number: task.number, ...step, text: entry.why })
      }
      const live = liveLine(task, (await store.attempts(task.id)).at(-1))
      if (live !== null && live.text !== before.live) tell({ number: task.number, ...live })
      seen.set(task.id, { entries: entries.length, live: live?.text ?? before.live })
    }
  }

  async function turns(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, EVERY))
    }
    await look()
  }
  const ended = turns()
  return {
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

type Step = Pick<News, 'step' | 'tone'>

const plain = (step: string): Step => ({ step, tone: 'plain' })
const good = (step: string): Step => ({ step, tone: 'good' })
const bad = (step: string): Step => ({ step, tone: 'bad' })

/** The ledger's events that a person follows; the others are for the record. */
const STEPS: Readonly<Record<string, Step>> = {
  'wish.refused': bad('refused'),
  'wish.held': bad('held'),
  'task.queued': plain('queued'),
  'attempt.admitted': plain('preparing'),
  'attempt.completed': good('checks'),
  'attempt.failed': bad('failed'),
  'attempt.provider-failed': bad('waits'),
  'attempt.world-failed': bad('waits'),
  'attempt.base-red': bad('waits'),
  'attempt.lost': bad('lost'),
  'task.requeued': plain('queued'),
  'push.done': good('pushed'),
  'pull.opened': good('pull request'),
  'task.done': good('done'),
  'task.failed': bad('failed'),
  'task.cancelled': plain('cancelled'),
}

function liveLine(task: Task, attempt: Attempt | undefined): (Step & { text: string }) | null {
  if (attempt === undefined || task.state.kind !== 'running') return null
  const { phase, progress } = attempt
  switch (phase) {
    case 'agent':
      return { ...plain('agent'), text: progress?.message || `${attempt.profile} is at work` }
    case 'verifying':
      return { ...plain('checks'), text: "the repository's own checks are running" }
    case 'preparing':
    case 'collecting':
      return null
    default:
      return phase satisfies never
  }
}
