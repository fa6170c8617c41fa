// Check runs and their suites.
import type { Commit } from '../git/commits.ts'
import type { App } from './app.ts'
import type { Repository } from './issue.ts'
import type { Stamp } from './people.ts'

export type CheckStatus = 'queued' | 'in_progress' | 'completed'
export type CheckConclusion =
  | 'action_required'
  | 'cancelled'
  | 'failure'
  | 'neutral'
  | 'success'
  | 'skipped'
  | 'stale'
  | 'timed_out'

export type CheckSuite = {
  readonly id: number
  readonly nodeId: string
  readonly repo: Repository
  readonly app: App
  readonly headSha: string
  readonly commit: Commit
  readonly createdAt: Stamp
  updatedAt: Stamp
}

export type Annotation = { readonly [key: string]: string | number }
export type CheckAction = {
  readonly label: string
  readonly description: string
  readonly identifier: string
}

export type CheckRun = {
  readonly id: number
  readonly nodeId: string
  readonly suite: CheckSuite
  readonly annotations: Annotation[]
  name: string
  externalId: string
  detailsUrl: string | null
  status: CheckStatus
  conclusion: CheckConclusion | null
  startedAt: Stamp
  completedAt: Stamp | null
  output: {
    readonly title: string | null
    readonly summary: string | null
    readonly text: string | null
  }
  actions: readonly CheckAction[]
}
