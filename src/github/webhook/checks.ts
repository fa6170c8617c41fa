/**
 * What others check on our branches. Suites tell once when all their runs have ended, so that a matrix of thirty jobs is
 * looked at once; statuses tell one by one. What they say is not believed but looked up.
 */
import * as z from 'zod'
import type { RepoRef } from '../../domain/repository.ts'
import { addressOf, envelope, issueOfBranch, type Draft, type Narrowing } from './shapes.ts'

const suite = envelope.extend({
  check_suite: z.object({
    // Null for a pull request from a fork.
    head_branch: z.string().nullish(),
    app: z.object({ slug: z.string().nullish() }).nullish(),
  }),
})

export function narrowSuites(from: unknown, slug: string): Narrowing {
  const parsed = suite.safeParse(from)
  if (!parsed.success) return 'malformed'
  const { action, check_suite: found } = parsed.data
  if (action !== 'completed' || found.app?.slug === slug) return []
  return changed(addressOf(parsed.data), [found.head_branch ?? ''])
}

const status = envelope.omit({ action: true }).extend({
  state: z.string(),
  branches: z.array(z.object({ name: z.string() })).max(100),
})

export function narrowStatuses(from: unknown): Narrowing {
  const parsed = status.safeParse(from)
  if (!parsed.success) return 'malformed'
  const { state, branches } = parsed.data
  if (state === 'pending') return []
  const names = branches.map(({ name }) => name)
  return changed(addressOf(parsed.data), names)
}

const changed = (repo: RepoRef, branches: readonly string[]): readonly Draft[] =>
  branches.flatMap((branch) => {
    const number = issueOfBranch(branch)
    if (number === null) return []
    const fact = { kind: 'checks-changed', via: 'webhook' } as const
    return [{ to: 'known', by: 'issue', repo, number, fact } as const]
  })
