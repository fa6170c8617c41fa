/** The few fields of GitHub's payloads that the product looks at. Anything else in them is never read. */
import * as z from 'zod'
import type { Actor } from '../../domain/actor.ts'
import type { IssueView, RepoFact, TaskFact } from '../../domain/fact.ts'
import {
  instant,
  installationId,
  issueId,
  repoId,
  sha,
  type InstallationId,
  type IssueId,
} from '../../domain/ids.ts'
import { UNNAMED_BRANCH } from '../../domain/repository.ts'
import type { RepoRef } from '../../domain/repository.ts'
import { actorOf } from '../actors.ts'

/** A fact on its way to the inbox, with whom it concerns. */
export type Draft =
  | {
      readonly to: 'issue'
      /** Under which it is taken once; without it the delivery's own. */
      readonly key?: string
      readonly repo: RepoRef
      readonly issue: IssueId
      readonly fact: TaskFact
    }
  | {
      /** Somebody's task, found by the number of its issue or of the pull request that it opened. */
      readonly to: 'known'
      readonly by: 'issue' | 'pull'
      readonly key?: string
      readonly repo: RepoRef
      readonly number: number
      readonly fact: TaskFact
    }
  | { readonly to: 'repository'; readonly repo: RepoRef; readonly fact: RepoFact }
  /** For a repository of that installation which names the board; no payload tells which. */
  | {
      readonly to: 'board'
      readonly installation: InstallationId
      readonly fact: Extract<RepoFact, { kind: 'card-nudged' }>
    }

/** Malformed: this event should look otherwise. An empty list: it does not concern us. */
export type Narrowing = readonly Draft[] | 'malformed'

const id = z.int().positive()
/** Names end up in addresses and paths. */
const name = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,100}$/)
  .refine((text) => text !== '.' && text !== '..')

export const timestamp = z
  .string()
  .transform((text) => Date.parse(text))
  .refine(Number.isFinite)
  .transform((milliseconds) => instant(milliseconds))

export const object = z
  .string()
  .regex(/^[0-9a-f]{40}$/)
  .transform((text) => sha(text))

const account = z.object({ id, login: z.string().min(1).max(100), type: z.string() })

/** Null where GitHub does not say, or says it strangely: then nobody did it, and nothing starts. */
export const sender = account
  .nullish()
  .catch(null)
  .transform((found): Actor | null => (found ? actorOf(found) : null))

export const repository = z.object({
  id,
  name,
  owner: z.object({ login: name }),
  default_branch: z.string().min(1).max(255),
})

/** Of our own branches; null: it is none. */
export function issueOfBranch(branch: string): number | null {
  const found = /^yardmaster\/([1-9]\d{0,8})$/.exec(branch)
  return found === null ? null : Number(found[1])
}

export const installation = z.object({ id })

/** Every payload for a repository that the App is installed on. */
export const envelope = z.object({ action: z.string(), repository, installation, sender })

export const addressOf = (from: {
  readonly repository: z.infer<typeof repository>
  readonly installation: { readonly id: number }
}): RepoRef => ({
  id: repoId(from.repository.id),
  owner: from.repository.owner.login,
  name: from.repository.name,
  installation: installationId(from.installation.id),
  defaultBranch: from.repository.default_branch,
})

/** Installation events name repositories shortly, without their default branch. */
export const shortRepository = z.object({
  id,
  full_name: z.string().transform((text, context) => {
    const [owner, repo, ...more] = text.split('/')
    const parsed = z.tuple([name, name]).safeParse([owner, repo])
    if (parsed.success && more.length === 0) return { owner: parsed.data[0], name: parsed.data[1] }
    context.addIssue('not of the form owner/name')
    return z.NEVER
  }),
})

export const shortAddressOf = (
  repo: z.infer<typeof shortRepository>,
  installed: { readonly id: number },
): RepoRef => ({
  id: repoId(repo.id),
  ...repo.full_name,
  installation: installationId(installed.id),
  defaultBranch: UNNAMED_BRANCH,
})

export const issue = z.object({
  id,
  number: id,
  title: z.string(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']),
  labels: z.array(z.object({ name: z.string() })).nullish(),
  updated_at: timestamp,
  pull_request: z.unknown().optional(),
})

export const viewOf = (found: z.infer<typeof issue>): IssueView => ({
  id: issueId(found.id),
  number: found.number,
  title: found.title,
  body: found.body ?? '',
  open: found.state === 'open',
  labels: (found.labels ?? []).map((label) => label.name),
})
