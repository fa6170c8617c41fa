/** The status comment. */
import type { Attempt } from '../domain/attempt.ts'
import type { Instant } from '../domain/ids.ts'
import type { Repository } from '../domain/repository.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import type { Task } from '../domain/task.ts'
import type { Wait } from '../domain/wait.ts'
import { sayWait } from './wait.ts'

export interface StatusView {
  readonly task: Task
  readonly attempts: readonly Attempt[]
  readonly repository: Repository
  readonly policy: RepoPolicy
  readonly wait: Wait | null
  readonly jailKind: 'bwrap' | 'none'
  readonly webUrl: string
  readonly now: Instant
  readonly nextUpdateBy: Instant | null
}

export function statusComment(view: StatusView): string {
  const why = view.wait === null ? '' : `\n\n${sayWait(view.wait, view.now)}`
  const reason = 'reason' in view.task.state ? `\n\n${view.task.state.reason}` : ''
  return `**${view.task.state.kind}**${why}${reason}`
}
