/**
 * Ends an attempt's agent when what it tells of its use reaches what the attempt may spend. An agent tells after it has
 * spent, so that it goes beyond its allowance by at most what it spends between two of its reports.
 */
import { hasReached } from '../domain/budget.ts'
import type { Budget } from '../domain/money.ts'
import type { AgentNews } from '../ports/agent.ts'
import type { AttemptRun } from './attempt-run.ts'

export interface Keeper {
  /** Aborts with the attempt's own signal, or when all is used up. */
  readonly signal: AbortSignal
  readonly onNews: (news: AgentNews) => void
  /** What was used up; null: it was not. */
  readonly usedUp: () => Budget | null
}

export function keepWithin({
  attempt: { allowance },
  signal,
  onNews,
}: Pick<AttemptRun, 'attempt' | 'signal' | 'onNews'>): Keeper {
  const spent = new AbortController()
  return {
    signal: AbortSignal.any([signal, spent.signal]),
    onNews(news) {
      onNews(news)
      if (allowance === null || news.usage === undefined || spent.signal.aborted) return
      if (hasReached(news.usage, allowance)) spent.abort('it has used what it may spend')
    },
    usedUp: () => (spent.signal.aborted ? allowance : null),
  }
}
