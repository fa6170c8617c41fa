/** What one attempt is run with. */
import type { Attempt, AttemptPhase } from '../domain/attempt.ts'
import type { Sha } from '../domain/ids.ts'
import type { Repository } from '../domain/repository.ts'
import type { Profile, RepoSettings } from '../domain/settings.ts'
import type { Task } from '../domain/task.ts'
import type { AgentNews } from '../ports/agent.ts'

export interface AttemptRun {
  readonly attempt: Attempt
  readonly task: Task
  readonly repository: Repository
  readonly base: Sha
  /** The default branch's head: what is there somebody with write access has put there. */
  readonly approved: Sha
  readonly settings: RepoSettings
  readonly profile: Profile
  /** Aborts with a `Stop` when the attempt must end early. */
  readonly signal: AbortSignal
  /** False: nothing more may begin, see `Lease`. */
  readonly stillHeld: () => boolean
  readonly onPhase: (phase: AttemptPhase) => void
  readonly onNews: (news: AgentNews) => void
}

/** Why an attempt must end before its time. */
export interface Stop {
  /** `withdrawn`: a person took the wish back. `shutdown`: Yardmaster stops. `fenced`: another process has the attempt. */
  readonly cause: 'withdrawn' | 'shutdown' | 'fenced'
  readonly reason: string
}
