/** Pull requests from our own branches: merged, closed, opened again, pushed to by others. */
import * as z from 'zod'
import { addressOf, envelope, issueOfBranch, object, type Narrowing } from './shapes.ts'

const side = z.object({
  ref: z.string(),
  sha: object,
  // Null when the fork was deleted.
  repo: z.object({ id: z.number() }).nullish(),
})

const payload = envelope.extend({
  pull_request: z.object({
    number: z.int().positive(),
    merged: z.boolean().nullish(),
    head: side,
    base: side,
  }),
})

export function narrowPulls(from: unknown): Narrowing {
  const parsed = payload.safeParse(from)
  if (!parsed.success) return 'malformed'
  const { action, pull_request: pull, repository, sender: actor } = parsed.data
  // A fork may have a branch of that name; only one of this repository can be ours.
  if (pull.head.repo?.id !== repository.id) return []
  // Its branch tells the task sooner than the record of it, which is written after it was opened.
  const number = issueOfBranch(pull.head.ref)
  if (number === null) return []
  const to = { to: 'known', by: 'issue', repo: addressOf(parsed.data), number } as const
  switch (action) {
    case 'closed': {
      const merged = pull.merged === true
      return [
        {
          ...to,
          fact: { kind: 'pull-closed', number: pull.number, merged, actor, via: 'webhook' },
        },
      ]
    }
    case 'reopened':
      return [{ ...to, fact: { kind: 'pull-reopened', number: pull.number, actor } }]
    case 'synchronize': {
      const { sha: head } = pull.head
      const fact = { kind: 'pull-pushed', pull: pull.number, head, actor, via: 'webhook' } as const
      return [{ ...to, fact }]
    }
    default:
      return []
  }
}
