/** Pushes to the default branch: its head and perhaps the settings file moved. */
import * as z from 'zod'
import { addressOf, envelope, object, type Narrowing } from './shapes.ts'

const payload = envelope.omit({ action: true }).extend({
  ref: z.string(),
  deleted: z.boolean().nullish(),
  after: object,
})

export function narrowPush(from: unknown): Narrowing {
  const parsed = payload.safeParse(from)
  if (!parsed.success) return 'malformed'
  const { ref, deleted, after, repository } = parsed.data
  if (deleted === true || ref !== `refs/heads/${repository.default_branch}`) return []
  return [
    { to: 'repository', repo: addressOf(parsed.data), fact: { kind: 'branch-moved', head: after } },
  ]
}
