/** Watches the tasks of a running Yardmaster through its control socket and tells each change once, also over its restarts. */
import type { RemoteReading } from '../../web/ask-control.ts'
import { parseIssueName } from '../../web/issue-name.ts'
import type { AttemptView, Reading, TaskLine } from '../../web/view-types.ts'
import { isBetweenLives } from './part.ts'

export interface News {
  readonly number: number
  /** One word: where the task stands now. */
  readonly step: string
  readonly text: string
  readonly tone: 'plain' | 'good' | 'bad'
}

/** How often it is asked; people see a fifth of a second as at once. Milliseconds. */
const EVERY = 200

export interface Following {
  stop(): Promise<void>
}

interface Told {
  readonly news: News
  /** Milliseconds since 1970. */
  readonly at: number
}

/** `reading` gives null while nobody answers. */
export function follow(
  reading: () => Promise<RemoteReading | null>,
  tell: (news: News) => void,
): Following {
  /** By issue: entries of the ledger that were told, and the last live line. */
  const seen = new Map<string, { entries: number; live: string }>()
  const stopping = new AbortController()

  async function newsOf(task: TaskLine, from: Reading): Promise<readonly Told[]> {
    const name = parseIssueName(task.issue)
    if (name === null) return []
    const before = seen.get(task.issue) ?? { entries: 0, live: '' }
    const { number } = name
    const ledger = await from.ledger(name)
    const entries = ledger.kind === 'found' ? ledger.value.entries : []
    const told = entries.slice(before.entries).flatMap(({ event, why, at }): readonly Told[] => {
      const step = STEPS[event]
      return step === undefined ? [] : [{ at, news: { number, ...step, text: why } }]
    })
    const live = task.state === 'running' ? await liveLine(name, from) : null
    seen.set(task.issue, { entries: entries.length, live: live?.text ?? before.live })
    if (live === null || live.text === before.live) return told
    return [...told, { at: Date.now(), news: { number, ...live } }]
  }

  async function look(): Promise<void> {
    try {
      const from = await reading()
      if (from === null) return
      const { tasks } = await from.queue({ all: true })
      const told = await Promise.all(tasks.map((task) => newsOf(task, from)))
      for (const { news } of told.flat().toSorted((a, b) => a.at - b.at)) tell(news)
    } catch (error) {
      if (!isBetweenLives(error)) throw error
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
  'question.asked': bad('question'),
  'question.answered': good('answer'),
  'task.requeued': plain('queued'),
  'review.submitted': plain('review'),
  'revision.begun': plain('queued'),
  'revision.done': good('revised'),
  'revision.failed': bad('revision'),
  'gate.opened': bad('approval'),
  'push.done': good('pushed'),
  'pull.opened': good('pull request'),
  'task.done': good('done'),
  'task.failed': bad('failed'),
  'task.cancelled': plain('cancelled'),
}

async function liveLine(
  name: { readonly repository: string | null; readonly number: number },
  from: Reading,
): Promise<(Step & { text: string }) | null> {
  const task = await from.task(name)
  const attempt = task.kind === 'found' ? task.value.attemptList.at(-1) : undefined
  return attempt === undefined ? null : phaseLine(attempt)
}

function phaseLine({ phase, profile, says }: AttemptView): (Step & { text: string }) | null {
  switch (phase) {
    case 'agent':
      return { ...plain('agent'), text: says || `${profile} is at work` }
    case 'verifying':
      return { ...plain('checks'), text: "the repository's own checks are running" }
    case 'preparing':
    case 'collecting':
    case null:
      return null
    default:
      return phase satisfies never
  }
}
