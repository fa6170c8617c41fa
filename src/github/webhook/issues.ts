/** What happens to issues: labels, edits, closing, moving away. */
import * as z from 'zod'
import type { TaskFact } from '../../domain/fact.ts'
import { addressOf, envelope, issue, viewOf, type Narrowing } from './shapes.ts'

const payload = envelope.extend({
  issue,
  label: z.object({ name: z.string().min(1) }).nullish(),
})

export function narrowIssues(from: unknown): Narrowing {
  const parsed = payload.safeParse(from)
  if (!parsed.success) return 'malformed'
  // GitHub sends no pull requests here; if it ever did, they would be no issues.
  if (parsed.data.issue.pull_request !== undefined) return []
  const fact = factOf(parsed.data)
  if (fact === null || fact === 'malformed') return fact ?? []
  const view = viewOf(parsed.data.issue)
  return [{ to: 'issue', repo: addressOf(parsed.data), issue: view.id, fact }]
}

function factOf(event: z.infer<typeof payload>): TaskFact | 'malformed' | null {
  const { sender: actor } = event
  const view = viewOf(event.issue)
  switch (event.action) {
    case 'labeled':
      return event.label
        ? {
            kind: 'label-added',
            label: event.label.name,
            actor,
            issue: view,
            // The payload has no moment of its own for the label; setting it moved this one.
            at: event.issue.updated_at,
            via: 'webhook',
            editedSince: false,
          }
        : 'malformed'
    case 'unlabeled':
      return event.label
        ? { kind: 'label-removed', label: event.label.name, actor, issue: view, via: 'webhook' }
        : 'malformed'
    case 'edited':
      return { kind: 'issue-edited', actor, issue: view }
    case 'closed':
      return { kind: 'issue-closed', actor, issue: view, via: 'webhook' }
    case 'reopened':
      return { kind: 'issue-reopened', actor, issue: view }
    case 'transferred':
    case 'deleted':
      return { kind: 'issue-gone', how: event.action, actor }
    default:
      return null
  }
}
