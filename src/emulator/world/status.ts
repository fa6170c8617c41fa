// Commit statuses: the older way for others to say how a commit fares.
import type { Repository } from './issue.ts'
import type { Stamp, User } from './people.ts'

export type StatusState = 'error' | 'failure' | 'pending' | 'success'

export type CommitStatus = {
  readonly id: number
  readonly nodeId: string
  readonly repo: Repository
  readonly sha: string
  readonly context: string
  readonly creator: User
  readonly createdAt: Stamp
  readonly state: StatusState
  readonly description: string | null
  readonly targetUrl: string | null
}
