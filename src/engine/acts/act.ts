/** What every act is given, and what it gives back. */
import type { Deadline } from '../../domain/deadline.ts'
import type { ActOutcome } from '../../domain/fact.ts'
import type { Instant } from '../../domain/ids.ts'
import type { Repository } from '../../domain/repository.ts'
import type { Task } from '../../domain/task.ts'
import type { ActRow } from '../../ports/store.ts'

/** What an act is performed for. */
export interface ActContext {
  readonly row: ActRow
  /** Nothing of it may go out later. */
  readonly notAfter: Deadline
  readonly task: Task
  readonly repository: Repository
}

export interface ActResult {
  readonly outcome: ActOutcome
  readonly remoteId: string | null
}

/** Refused by a rule of ours or of the remote: no further try would change that. */
export class ActRefused extends Error {}

/** Its time has not come; nothing was tried. */
export class NotYet extends Error {
  readonly at: Instant

  constructor(at: Instant) {
    super('not yet')
    this.at = at
  }
}
