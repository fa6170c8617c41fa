// Reviews, their threads and comments, and what GitHub makes of them for a pull request.
import { decisionOf } from '../change/review-decision.ts'
import { association, issueHtmlUrl } from '../present/issue.ts'
import { reviewCommentHtmlUrl } from '../present/review-comment.ts'
import type { PullIssue, Review, ReviewComment, ReviewThread } from '../world/issue.ts'
import type { User } from '../world/people.ts'
import { reactionsOf } from './reactions.ts'
import { connection } from './connection.ts'
import type { QueryContext } from './context.ts'
import type { Table } from './resolver.ts'

type ReviewRequest = { readonly requested: User; readonly issue: PullIssue }

export const reviewedPullFields: Table<PullIssue> = {
  reviewDecision: (issue) => decisionOf(issue),
  reviews: (issue, args, context) => {
    const states = args.texts('states')
    const author = args.maybe('author')
    const found = seenReviews(issue, context).filter(
      (one) =>
        (states.length === 0 || states.includes(one.state)) &&
        (author === null || one.user.login === author),
    )
    return connection('reviews', found, args)
  },
  latestReviews: (issue, args, context) => {
    const said = seenReviews(issue, context).filter((one) => one.state !== 'PENDING')
    const latest = new Map(said.map((one) => [one.user, one]))
    return connection('latestReviews', [...latest.values()], args)
  },
  reviewThreads: (issue, args) =>
    connection(
      'reviewThreads',
      issue.pull.threads.filter((thread) => told(thread).length > 0),
      args,
    ),
  reviewRequests: (issue, args) => {
    const requests = issue.pull.requestedReviewers.map((requested): ReviewRequest => {
      return { requested, issue }
    })
    return connection('reviewRequests', requests, args)
  },
}

export const REVIEW_TABLES = {
  PullRequestReview: {
    id: (review) => review.nodeId,
    databaseId: (review) => review.id,
    fullDatabaseId: (review) => String(review.id),
    author: (review) => review.user,
    authorAssociation: (review) => association(review.issue.repo, review.user),
    body: (review) => review.body,
    bodyText: (review) => review.body,
    state: (review) => review.state,
    createdAt: (review) => review.createdAt,
    submittedAt: (review) => review.submittedAt,
    updatedAt: (review) => review.editedAt ?? review.submittedAt ?? review.createdAt,
    lastEditedAt: (review) => review.editedAt,
    reactions: (review, args) => reactionsOf(review.reactions, args),
    commit: (review) => ({ repo: review.issue.repo, sha: review.commitId }),
    pullRequest: (review) => review.issue,
    repository: (review) => review.issue.repo,
    url: (review, _args, { world }) =>
      `${issueHtmlUrl(world, review.issue)}#pullrequestreview-${review.id}`,
    comments: (review, args) => {
      const all = review.issue.pull.threads.flatMap((thread) => thread.comments)
      return connection(
        'comments',
        all.filter((comment) => comment.review === review),
        args,
      )
    },
  } satisfies Table<Review>,
  PullRequestReviewThread: {
    id: (thread) => thread.nodeId,
    path: (thread) => thread.path,
    line: (thread) => thread.line,
    startLine: (thread) => thread.startLine,
    originalLine: (thread) => thread.originalLine,
    originalStartLine: (thread) => thread.originalStartLine,
    diffSide: (thread) => thread.side,
    startDiffSide: (thread) => thread.startSide,
    subjectType: (thread) => thread.subject.toUpperCase(),
    isOutdated: (thread) => thread.outdated,
    isResolved: (thread) => thread.resolvedBy !== null,
    isCollapsed: (thread) => thread.resolvedBy !== null || thread.outdated,
    resolvedBy: (thread) => thread.resolvedBy,
    pullRequest: (thread) => thread.issue,
    repository: (thread) => thread.issue.repo,
    viewerCanReply: (thread) => !thread.issue.locked,
    viewerCanResolve: (thread) => thread.resolvedBy === null,
    viewerCanUnresolve: (thread) => thread.resolvedBy !== null,
    comments: (thread, args) => connection('comments', told(thread), args),
  } satisfies Table<ReviewThread>,
  PullRequestReviewComment: {
    id: (comment) => comment.nodeId,
    databaseId: (comment) => comment.id,
    fullDatabaseId: (comment) => String(comment.id),
    author: (comment) => comment.user,
    authorAssociation: (comment) => association(comment.thread.issue.repo, comment.user),
    body: (comment) => comment.body,
    bodyText: (comment) => comment.body,
    createdAt: (comment) => comment.createdAt,
    updatedAt: (comment) => comment.updatedAt,
    lastEditedAt: (comment) => comment.lastEditedAt,
    diffHunk: (comment) => comment.thread.diffHunk,
    path: (comment) => comment.thread.path,
    line: (comment) => comment.thread.line,
    startLine: (comment) => comment.thread.startLine,
    originalLine: (comment) => comment.thread.originalLine,
    originalStartLine: (comment) => comment.thread.originalStartLine,
    position: (comment) => comment.thread.position,
    originalPosition: (comment) => comment.thread.originalPosition,
    outdated: (comment) => comment.thread.outdated,
    subjectType: (comment) => comment.thread.subject.toUpperCase(),
    state: (comment) => (comment.review.state === 'PENDING' ? 'PENDING' : 'SUBMITTED'),
    isMinimized: () => false,
    commit: ({ thread }) => ({ repo: thread.issue.repo, sha: thread.commitId }),
    originalCommit: ({ thread }) => ({ repo: thread.issue.repo, sha: thread.originalCommitId }),
    pullRequest: (comment) => comment.thread.issue,
    pullRequestReview: (comment) => comment.review,
    replyTo: (comment) => comment.replyTo,
    repository: (comment) => comment.thread.issue.repo,
    url: (comment, _args, { world }) => reviewCommentHtmlUrl(world, comment),
    reactions: (comment, args) => reactionsOf(comment.reactions, args),
  } satisfies Table<ReviewComment>,
  ReviewRequest: {
    requestedReviewer: (request) => request.requested,
    pullRequest: (request) => request.issue,
    asCodeOwner: () => false,
  } satisfies Table<ReviewRequest>,
}

function seenReviews(issue: PullIssue, { actor }: QueryContext): readonly Review[] {
  return issue.pull.reviews.filter((one) => one.state !== 'PENDING' || one.user === actor.user)
}

function told({ comments }: ReviewThread): readonly ReviewComment[] {
  return comments.filter(({ review }) => review.state !== 'PENDING')
}
