/** What happens to issues: labels, edits, closing, moving away. */
import * as z from 'zod'
import type { TaskFact } from '../../domain/fact.ts'
import { addressOf, envelope, issue, viewOf, type Narrowing } from './shapes.ts'

const payload = envelope.extend({
  issue,
  label: z.object({ name: z.string().min(1) }).nullish(),
})

// Asked first, because events that are nothing to us may look differently (`pinned` shows half an issue).
const known = z.object({
  action: z.enum([
    'labeled',
    'unlabeled',
    'edited',
    'closed',
    'reopened',
    'transferred',
    'deleted',
  ]),
})
const anyAction = z.object({ action: z.string() })

export function narrowIssues(from: unknown): Narrowing {
  const relevant = known.safeParse(from)
  if (!relevant.success) return anyAction.safeParse(from).success ? [] : 'malformed'
  const parsed = payload.safeParse(from)
  if (!parsed.success) return 'malformed'
  // GitHub sends no pull requests here; if it ever did, they would be no issues.
  if (parsed.data.issue.pull_request !== undefined) return []
  const fact = factOf(relevant.data.action, parsed.data)
  if (fact === 'malformed') return 'malformed'
  const view = viewOf(parsed.data.issue)
  return [{ to: 'issue', repo: addressOf(parsed.data), issue: view.id, fact }]
}

type Action = z.infer<typeof known>['action']

function factOf(action: Action, event: z.infer<typeof payload>): TaskFact | 'malformed' {
  const { sender: actor } = event
  // The payload has no moment of its own for what was done; doing it moved this one.
  const at = event.issue.updated_at
  const view = viewOf(event.issue)
  switch (action) {
    case 'labeled':
      return event.label
        ? {
            kind: 'label-added',
            label: event.label.name,
            actor,
            issue: view,
            at,
            via: 'webhook',
            editedSince: false,
          }
        : 'malformed'
    case 'unlabeled':
      return event.label
        ? { kind: 'label-removed', label: event.label.name, actor, issue: view, at, via: 'webhook' }
        : 'malformed'
    case 'edited':
      return { kind: 'issue-edited', actor, issue: view }
    case 'closed':
      return { kind: 'issue-closed', actor, issue: view, at, via: 'webhook' }
    case 'reopened':
      return { kind: 'issue-reopened', actor, issue: view }
    case 'transferred':
    case 'deleted':
      return { kind: 'issue-gone', how: action, actor }
    default:
      return action satisfies never
  }
}
