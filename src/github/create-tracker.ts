/** Puts the tracker together from its parts, over any client: the wire's own, or one that is played. */
import { readApprovals } from './approvals.ts'
import type { KeyObject } from 'node:crypto'
import type { Secrets } from '../policy/secrets/secrets.ts'
import type { Clock } from '../ports/clock.ts'
import type { Tracker } from '../ports/tracker.ts'
import { createChecks } from './checks.ts'
import type { Client } from './client.ts'
import { createComments } from './comments.ts'
import type { Settling } from './create-once.ts'
import { createReadHead } from './head.ts'
import { labelEvents, lastEdited } from './issue-history.ts'
import { createChangedIssues, labelledIssues, readIssue } from './issues.ts'
import { createLabels } from './labels.ts'
import { observe } from './observe.ts'
import { createPermission } from './permission.ts'
import { createWords } from './words.ts'
import { createCommentsSince } from './words-since.ts'

export interface TrackerOptions extends Omit<Settling, 'unsettled'> {
  readonly client: Client
  readonly clock: Clock
  readonly appId: number
  readonly markerKey: KeyObject
  readonly secrets: Pick<Secrets, 'find' | 'mask'>
  /** How long an answer about somebody's permission holds. */
  readonly permissionCacheMilliseconds: number
}

export function createTracker(options: TrackerOptions): Tracker {
  const { client, clock } = options
  const settling = { ...options, unsettled: new Map<string, number>() }
  return {
    permission: createPermission(client, clock, options.permissionCacheMilliseconds),
    readHead: createReadHead(client),
    issue: (repo, number) => readIssue(client, repo, number),
    changedIssues: createChangedIssues(client),
    labelledIssues: (repo, label) => labelledIssues(client, repo, label),
    labelEvents: (repo, number) => labelEvents(client, repo, number),
    observe: (repo, numbers) => observe(client, repo, numbers),
    approvals: (repo, pull) => readApprovals(client, repo, pull),
    lastEdited: (repo, number) => lastEdited(client, repo, number),
    ...createComments(settling),
    ...createWords(client),
    commentsSince: createCommentsSince(client),
    ...createLabels(client, settling),
    ...createChecks(settling),
  }
}
