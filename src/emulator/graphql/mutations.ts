// What an App may change over GraphQL. What is not here is refused loudly.
import { react, unreact } from '../change/comments.ts'
import { pinIssue, unpinIssue } from '../change/pinned.ts'
import { addReviewComment, resolveThread } from '../change/review-comments.ts'
import { reviewAround } from '../change/reviews.ts'
import type { Issue } from '../world/issue.ts'
import type { Node } from '../world/world.ts'
import type { Fields } from '../http/fields.ts'
import { need, refuse, type QueryContext } from './context.ts'
import { nodeOf } from './node.ts'
import { contentNamed } from './reactions.ts'
import type { Table } from './resolver.ts'

/** Every payload gives back the client's own mark. */
export type Payload = { readonly mark: string | null; readonly [name: string]: unknown }

export const reviewMutations: Table<unknown> = {
  resolveReviewThread: (_root, args, context) => settle(args, context, true),
  unresolveReviewThread: (_root, args, context) => settle(args, context, false),
  addPullRequestReviewThreadReply: (_root, args, context) => {
    const input = args.object('input')
    const thread = threadOf(input.text('pullRequestReviewThreadId'), context)
    if (input.has('pullRequestReviewId')) {
      throw refuse('UNPROCESSABLE', 'The emulator takes replies outside of pending reviews only')
    }
    const { actor, world } = context
    const { issue } = thread
    const review = reviewAround(world, issue, actor, (around) => {
      addReviewComment(world, thread, actor, { review: around, body: input.text('body') })
    })
    const comment = thread.comments.find((one) => one.review === review)
    return { mark: input.maybe('clientMutationId'), comment } satisfies Payload
  },
  addReaction: (_root, args, context) => {
    const { content, input, target } = reactionTo(args, context)
    const { reaction } = react(context.world, target.value, context.actor, content)
    const subject = target.value
    return { mark: input.maybe('clientMutationId'), reaction, subject } satisfies Payload
  },
  removeReaction: (_root, args, context) => {
    const { content, input, target } = reactionTo(args, context)
    const reaction = target.value.reactions.find(
      (one) => one.user === context.actor.user && one.content === content,
    )
    if (reaction === undefined) throw refuse('NOT_FOUND', 'Could not find the reaction')
    unreact(target.value, context.actor, content)
    const subject = target.value
    return { mark: input.maybe('clientMutationId'), reaction, subject } satisfies Payload
  },
}

export const issueMutations: Table<unknown> = {
  pinIssue: (_root, args, context) => pin(args, context, pinIssue),
  unpinIssue: (_root, args, context) => pin(args, context, unpinIssue),
}

function pin(args: Fields, context: QueryContext, act: typeof pinIssue): Payload {
  const input = args.object('input')
  const id = input.text('issueId')
  const { kind, value } = nodeOf(id, context)
  if (kind !== 'issue') throw unresolved(id, 'Issue')
  need(context, value.repo, ['issues:write'])
  act(context.world, value, context.actor)
  return { mark: input.maybe('clientMutationId'), issue: value }
}

function settle(args: Fields, context: QueryContext, resolved: boolean): Payload {
  const input = args.object('input')
  const thread = threadOf(input.text('threadId'), context)
  resolveThread(context.world, thread, context.actor, resolved)
  return { mark: input.maybe('clientMutationId'), thread }
}

function threadOf(id: string, context: QueryContext) {
  const { kind, value } = nodeOf(id, context)
  if (kind !== 'thread') throw unresolved(id, 'PullRequestReviewThread')
  need(context, value.issue.repo, ['pull_requests:write'])
  return value
}

type Reactable = Extract<Node, { kind: 'issue' | 'comment' | 'review' | 'review-comment' }>

function reactionTo(args: Fields, context: QueryContext) {
  const input = args.object('input')
  const id = input.text('subjectId')
  const found = nodeOf(id, context)
  if (!isReactable(found)) throw unresolved(id, 'Reactable')
  const issue = issueOf(found)
  need(context, issue.repo, [issue.pull === null ? 'issues:write' : 'pull_requests:write'])
  return { input, target: found, content: contentNamed(input.text('content')) }
}

function issueOf({ kind, value }: Reactable): Issue {
  if (kind === 'issue') return value
  return kind === 'review-comment' ? value.thread.issue : value.issue
}

function isReactable(node: Node): node is Reactable {
  return ['issue', 'comment', 'review', 'review-comment'].includes(node.kind)
}

export function unresolved(id: string, type: string) {
  return refuse('NOT_FOUND', `Could not resolve to ${type} node with the global id of '${id}'.`)
}
