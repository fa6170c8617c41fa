// What happened to an issue or pull request, in order: comments, reviews and the lines of its history.
import { html } from 'hono/html'
import type { Comment, Issue, IssueEvent, Review } from '../../world/issue.ts'
import { addressOf, type Html, type Visit } from '../visit.ts'
import { commentBox } from './comment.ts'
import { icon, type IconName } from './icons.ts'
import { labelChip } from './label.ts'
import { moment } from './moment.ts'
import { author, avatar, personLink } from './person.ts'
import { isReplyOnly, reviewBox } from './review.ts'

type Entry =
  | { readonly kind: 'comment'; readonly id: number; readonly comment: Comment }
  | { readonly kind: 'review'; readonly id: number; readonly review: Review }
  | { readonly kind: 'events'; readonly id: number; readonly events: readonly IssueEvent[] }

/** Each entry one element with an id, so that the page can change one and leave the others alone. */
export function timeline(
  visit: Visit,
  issue: Issue,
  history: readonly IssueEvent[],
): readonly Html[] {
  return entries(issue, history).map((entry) => {
    if (entry.kind === 'comment') return commentBox(visit, entry.comment)
    if (entry.kind === 'review') return reviewBox(visit, entry.review)
    return eventLine(issue, entry.events)
  })
}

/** Ids of all kinds rise with time; moments are only known to the second. */
function entries(issue: Issue, history: readonly IssueEvent[]): readonly Entry[] {
  const reviews = (issue.pull?.reviews ?? []).filter(
    (review) => review.submittedAt !== null && !isReplyOnly(review),
  )
  const all: readonly Entry[] = [
    ...issue.comments.map((comment) => ({ kind: 'comment', id: comment.id, comment }) as const),
    ...reviews.map((review) => ({ kind: 'review', id: review.id, review }) as const),
    ...history
      .filter((event) => !isMergeClosing(issue, event))
      .map((event) => ({ kind: 'events', id: event.id, events: [event] }) as const),
  ].toSorted((a, b) => a.id - b.id)
  const merged: Entry[] = []
  for (const entry of all) {
    const before = merged.at(-1)
    if (before?.kind === 'events' && entry.kind === 'events' && together(before, entry)) {
      merged[merged.length - 1] = { ...before, events: [...before.events, ...entry.events] }
    } else merged.push(entry)
  }
  return merged
}

/** A merge also closes; one line tells both. */
function isMergeClosing(issue: Issue, event: IssueEvent): boolean {
  return issue.pull?.merged === true && event.event === 'closed' && event.commitId !== null
}

type Events = Extract<Entry, { kind: 'events' }>

/** Labels that one actor changes within a minute are one line. */
function together(before: Events, after: Events): boolean {
  const [first] = before.events
  const [next] = after.events
  if (first?.detail.kind !== 'label' || next?.detail.kind !== 'label') return false
  const apart = Date.parse(next.createdAt) - Date.parse(first.createdAt)
  return first.actor === next.actor && apart < 60_000
}

function eventLine(issue: Issue, events: readonly IssueEvent[]): Html {
  const [first] = events
  if (first === undefined) throw new Error('an event line without events')
  const words = first.detail.kind === 'label' ? labelWords(events) : sentence(issue, first)
  return html`<div class="event" id="event-${first.id}">
    <span class="event-icon ${toneOf(first)}">${icon(iconOf(first))}</span>
    ${avatar(first.actor)}
    <span>${author(first.actor, first.app)} ${words} ${moment(first.createdAt)}</span>
  </div>`
}

function labelWords(events: readonly IssueEvent[]): Html {
  const chips = (event: string): readonly (Html | string)[] =>
    events.flatMap((one) =>
      one.event === event && one.detail.kind === 'label' ? [labelChip(one.detail), ' '] : [],
    )
  const added = chips('labeled')
  const removed = chips('unlabeled')
  return html`${added.length > 0 ? html`added ${added}` : ''}${
    added.length > 0 && removed.length > 0 ? 'and ' : ''
  }${removed.length > 0 ? html`removed ${removed}` : ''}`
}

function sentence(issue: Issue, { commitId, detail, event }: IssueEvent): Html | string {
  const commit =
    commitId === null
      ? ''
      : html` in
          <a class="sha" href="${addressOf(issue.repo)}/commit/${commitId}"
            >${commitId.slice(0, 7)}</a
          >`
  if (detail.kind === 'rename') {
    return html`changed the title from <del>${detail.from}</del> to <strong>${detail.to}</strong>`
  }
  if (detail.kind === 'assignee') {
    return html`${event === 'assigned' ? 'assigned' : 'unassigned'} ${personLink(detail.assignee)}`
  }
  if (detail.kind === 'reviewer')
    return event === 'review_requested'
      ? html`requested a review from ${personLink(detail.reviewer)}`
      : html`no longer asks ${personLink(detail.reviewer)} for a review`
  if (detail.kind === 'dismissal') {
    return html`dismissed the review of ${personLink(detail.review.user)}: ${detail.message}`
  }
  if (event === 'closed') {
    const reason = detail.kind === 'state' && detail.reason !== null ? detail.reason : null
    return html`closed this${reason === null ? '' : ` as ${reason.replaceAll('_', ' ')}`}${commit}`
  }
  if (event === 'reopened') return 'reopened this'
  if (event === 'merged') {
    return html`merged this into <code>${issue.pull?.base.ref ?? ''}</code>${commit}`
  }
  const words: Readonly<Record<string, string>> = {
    locked: 'locked the conversation',
    unlocked: 'unlocked the conversation',
    convert_to_draft: 'made this a draft',
    ready_for_review: 'marked this as ready for review',
    pinned: 'pinned this issue',
    unpinned: 'unpinned this issue',
  }
  return words[event] ?? event.replaceAll('_', ' ')
}

function iconOf({ event }: IssueEvent): IconName {
  if (event.endsWith('labeled')) return 'tag'
  if (event === 'closed') return 'closed'
  if (event === 'reopened') return 'open'
  if (event === 'merged') return 'merged'
  if (event.startsWith('review')) return 'eye'
  if (event.endsWith('assigned')) return 'person'
  if (event.endsWith('locked')) return 'lock'
  return 'pen'
}

function toneOf({ event }: IssueEvent): string {
  if (event === 'closed' || event === 'merged') return 'done'
  return event === 'reopened' ? 'good' : ''
}
