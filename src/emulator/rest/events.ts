// An issue's history: its events, and the timeline that puts comments and reviews between them.
import { paged, ok, type Call, type Operations } from '../http/operation.ts'
import { commentJson, eventJson, fullIssueJson } from '../present/issue.ts'
import { reviewJson } from '../present/pull.ts'
import { userJson } from '../present/user.ts'
import { notFound, type JsonObject } from '../world/refusal.ts'
import type { Issue, IssueEvent } from '../world/issue.ts'

const READ = ['issues:read', 'pull_requests:read'] as const

export const eventOperations: Operations = {
  'issues/list-events': {
    by: 'installation',
    needs: READ,
    run: (call) => paged(call, eventsOf(call, call.issue), (event) => eventJson(call.world, event)),
  },
  'issues/list-events-for-repo': {
    by: 'installation',
    needs: READ,
    run: (call) => {
      const events = call.repo.events.filter((event) => call.world.listed(event)).toReversed()
      return paged(call, events, withIssue(call))
    },
  },
  'issues/get-event': {
    by: 'installation',
    needs: READ,
    run: (call) => {
      const id = call.params.number('event_id')
      const found = call.repo.events.find((event) => event.id === id)
      if (found === undefined) throw notFound()
      return ok(withIssue(call)(found))
    },
  },
  'issues/list-events-for-timeline': {
    by: 'installation',
    needs: READ,
    run: (call) => paged(call, timeline(call, call.issue), (entry) => entry.json),
  },
}

function eventsOf(call: Call, issue: Issue): readonly IssueEvent[] {
  return issue.repo.events.filter((event) => event.issue === issue && call.world.listed(event))
}

function withIssue(call: Call): (event: IssueEvent) => JsonObject {
  return (event) => ({
    ...eventJson(call.world, event),
    issue: fullIssueJson(call.world, event.issue),
  })
}

function timeline(
  call: Call,
  issue: Issue,
): readonly { readonly at: string; readonly id: number; readonly json: JsonObject }[] {
  const { world } = call
  const events = eventsOf(call, issue).map((event) => ({
    at: event.createdAt,
    id: event.id,
    json: timelineEvent(call, event),
  }))
  const comments = issue.comments
    .filter((comment) => world.listed(comment))
    .map((comment) => ({
      at: comment.createdAt,
      id: comment.id,
      json: {
        ...commentJson(world, comment),
        event: 'commented',
        actor: userJson(world, comment.user),
      },
    }))
  const reviews = (issue.pull?.reviews ?? []).map((review) => ({
    at: review.submittedAt ?? issue.createdAt,
    id: review.id,
    json: { ...reviewJson(world, issue, review), event: 'reviewed' },
  }))
  // Ids rise with time, and stamps are too coarse to order what happens within a second.
  return [...events, ...comments, ...reviews].toSorted((a, b) => a.id - b.id)
}

function timelineEvent(call: Call, event: IssueEvent): JsonObject {
  const json = eventJson(call.world, event)
  if (event.detail.kind === 'state') return { ...json, state_reason: event.detail.reason }
  if (event.event === 'locked') return { ...json, lock_reason: event.issue.lockReason }
  return json
}
