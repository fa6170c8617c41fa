/**
 * What people say: new comments on issues and pull requests, and the text of reviews. An edit says nothing (T6), and
 * neither does a bot (T4, T5). The text is only looked at for lines that may be commands; reading them comes later.
 */
import * as z from 'zod'
import { screen } from '../../commands/screen.ts'
import type { Actor } from '../../domain/actor.ts'
import { reviewKey } from '../../domain/pull-now.ts'
import type { ReviewSays } from '../../domain/pull-now.ts'
import { spokenKey } from '../../domain/spoken.ts'
import type { RepoRef } from '../../domain/repository.ts'
import type { Spoken } from '../../domain/spoken.ts'
import { addressOf, envelope, issue, object, sender, timestamp, viewOf } from './shapes.ts'
import type { Draft, Narrowing } from './shapes.ts'

const id = z.int().positive()
const anyAction = z.object({ action: z.string() })
/** Of words that are no command only the beginning is kept: nobody reads on. Characters. */
const GIST = 2_048

const commented = envelope.extend({
  issue,
  comment: z.object({
    id,
    body: z.string(),
    created_at: timestamp,
    user: sender,
    performed_via_github_app: z.object({ slug: z.string().nullish() }).nullish(),
  }),
})

export function narrowComments(from: unknown, slug: string): Narrowing {
  const relevant = anyAction.safeParse(from)
  if (!relevant.success) return 'malformed'
  if (relevant.data.action !== 'created') return []
  const parsed = commented.safeParse(from)
  if (!parsed.success) return 'malformed'
  const { comment, issue: found, sender: by } = parsed.data
  const actor = speaker(by, comment.user)
  if (actor === null || comment.performed_via_github_app?.slug === slug) return []
  const on = found.pull_request === undefined ? 'issue' : 'pull'
  const { body: text, created_at: at } = comment
  const spoken: Spoken = { id: comment.id, on, number: found.number, text, at }
  const repo = addressOf(parsed.data)
  if (on === 'pull') return [aboutPull({ repo, spoken, actor }, slug)]
  const view = viewOf(found)
  if (!mayCommand(text, slug))
    return [{ ...known(repo, spoken), by: 'issue', fact: reply(spoken, actor) }]
  return [
    {
      to: 'issue',
      key: spokenKey(repo.id, spoken),
      repo,
      issue: view.id,
      fact: { kind: 'commanded', spoken, actor, issue: view, via: 'webhook' },
    },
  ]
}

const reviewed = envelope.extend({
  review: z.object({
    id,
    body: z.string().nullish(),
    submitted_at: timestamp,
    user: sender,
    state: z.string(),
    commit_id: object,
  }),
  pull_request: z.object({ number: id }),
})

export function narrowReviews(from: unknown, slug: string): Narrowing {
  const relevant = anyAction.safeParse(from)
  if (!relevant.success) return 'malformed'
  if (relevant.data.action !== 'submitted') return []
  const parsed = reviewed.safeParse(from)
  if (!parsed.success) return 'malformed'
  const { review, pull_request: pull, sender: by } = parsed.data
  const actor = speaker(by, review.user)
  if (actor === null) return []
  const text = review.body ?? ''
  const at = review.submitted_at
  const repo = addressOf(parsed.data)
  const spoken: Spoken = { id: review.id, on: 'review', number: pull.number, text, at }
  const said = text.trim() === '' ? [] : [aboutPull({ repo, spoken, actor }, slug)]
  const says = SAYS.get(review.state.toLowerCase())
  if (says === undefined) return said
  const submitted: Draft = {
    to: 'known',
    by: 'pull',
    key: reviewKey(repo.id, review.id),
    repo,
    number: pull.number,
    fact: {
      kind: 'review-submitted',
      pull: pull.number,
      review: review.id,
      says,
      head: review.commit_id,
      actor,
      at,
      via: 'webhook',
    },
  }
  return [...said, submitted]
}

const SAYS: ReadonlyMap<string, ReviewSays> = new Map([
  ['approved', 'approved'],
  ['changes_requested', 'changes'],
  ['commented', 'commented'],
])

interface Said {
  readonly repo: RepoRef
  readonly spoken: Spoken
  readonly actor: Actor
}

function aboutPull({ repo, spoken, actor }: Said, slug: string): Draft {
  const to = { ...known(repo, spoken), by: 'pull' } as const
  return mayCommand(spoken.text, slug)
    ? { ...to, fact: { kind: 'commanded', spoken, actor, issue: null, via: 'webhook' } }
    : { ...to, fact: reply(spoken, actor) }
}

const known = (repo: RepoRef, spoken: Spoken) =>
  ({ to: 'known', key: spokenKey(repo.id, spoken), repo, number: spoken.number }) as const

const reply = (spoken: Spoken, actor: Actor) =>
  ({
    kind: 'replied',
    spoken: { ...spoken, text: spoken.text.slice(0, GIST).toWellFormed() },
    actor,
    via: 'webhook',
  }) as const

/** Whether a repository wants the bare form is not known here; where it does not, reading the comment tells. */
const mayCommand = (text: string, slug: string): boolean =>
  screen(text, { slug, commands: 'bare' }).kind !== 'nothing'

/** Null: nobody who can be obeyed. Who sent it must be who wrote it. */
const speaker = (by: Actor | null, author: Actor | null): Actor | null =>
  by !== null && by.kind === 'person' && author?.id === by.id ? by : null
