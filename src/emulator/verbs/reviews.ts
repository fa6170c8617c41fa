// Verbs about reviews: who looks, what they say on which lines, and threads that are settled.
import {
  addReviewComment,
  deleteReviewComment,
  editReviewComment,
  resolveThread,
} from '../change/review-comments.ts'
import { cancelReviewRequests, requestReviewers } from '../change/reviewers.ts'
import {
  commentInReview,
  createReview,
  dismissReview,
  dropPendingReview,
  editReview,
  reviewAround,
  submitReview,
  type LineComment,
  type ReviewEvent,
} from '../change/reviews.ts'
import { react, unreact } from '../change/comments.ts'
import { findPlace, openThread, type Place } from '../change/threads.ts'
import { notFound } from '../world/refusal.ts'
import type { ReactionContent, Review, ReviewComment, ReviewThread } from '../world/issue.ts'
import { acting, actingOnOwn, pullAt, type AsAt, type At, type VerbContext } from './context.ts'

type OnComment = { readonly repo: string; readonly id: number; readonly as: string }
type OnReview = AsAt & { readonly id: number }

export function reviewVerbs({ world }: VerbContext) {
  const commentOf = ({ repo, id }: OnComment): ReviewComment => {
    const found = world.repository(repo).reviewComments.get(id)
    if (found === undefined) throw notFound()
    return found
  }
  const reviewOf = (at: OnReview): Review => {
    const found = pullAt(world, at).pull.reviews.find((one) => one.id === at.id)
    if (found === undefined) throw notFound()
    return found
  }
  const settle = (at: OnComment, resolved: boolean): void => {
    const { thread } = commentOf(at)
    const { issue } = thread
    const actor = actingOnOwn(world, issue.repo, at.as, { owner: issue.user, otherwise: 'write' })
    resolveThread(world, thread, actor, resolved)
  }

  return {
    requestReview: (at: AsAt & { readonly from: string }): void => {
      const issue = pullAt(world, at)
      const actor = acting(world, issue.repo, at.as, 'triage')
      requestReviewers(world, issue, actor, [world.user(at.from)])
    },

    cancelReviewRequest: (at: AsAt & { readonly from: string }): void => {
      const issue = pullAt(world, at)
      const actor = acting(world, issue.repo, at.as, 'triage')
      cancelReviewRequests(world, issue, actor, [world.user(at.from)])
    },

    /** With comments on lines of the newest commit; `event: null` leaves it pending. */
    review: async (
      at: AsAt & {
        readonly event: ReviewEvent | null
        readonly body?: string
        readonly comments?: readonly LineComment[]
      },
    ): Promise<Review> => {
      const issue = pullAt(world, at)
      const actor = acting(world, issue.repo, at.as, 'read')
      const { comments = [], event } = at
      return createReview(world, issue, actor, { event, body: at.body ?? '', comments })
    },

    /** Submits one's pending review. */
    submitReview: (
      at: OnReview & { readonly event: ReviewEvent; readonly body?: string },
    ): void => {
      const review = reviewOf(at)
      const actor = acting(world, review.issue.repo, at.as, 'read')
      if (review.user !== actor.user) throw notFound()
      const { event } = at
      submitReview(world, review.issue, actor, { review, event, body: at.body ?? null })
    },

    /** Adds a comment to one's pending review, as "Start a review" does. */
    commentInReview: async (at: AsAt & LineComment): Promise<Review> => {
      const issue = pullAt(world, at)
      const actor = acting(world, issue.repo, at.as, 'read')
      return commentInReview(world, issue, actor, at)
    },

    /** Throws one's pending review away, with all its comments. */
    discardReview: (at: OnReview): void => {
      const review = reviewOf(at)
      const actor = acting(world, review.issue.repo, at.as, 'read')
      if (review.user !== actor.user) throw notFound()
      dropPendingReview(world, review.issue, review)
    },

    editReview: (at: OnReview & { readonly body: string }): void => {
      const review = reviewOf(at)
      const { issue, user } = review
      const actor = actingOnOwn(world, issue.repo, at.as, { owner: user, otherwise: 'write' })
      editReview(world, issue, actor, { review, body: at.body })
    },

    dismissReview: (at: OnReview & { readonly message: string }): void => {
      const review = reviewOf(at)
      const actor = acting(world, review.issue.repo, at.as, 'write')
      dismissReview(world, review.issue, actor, { review, message: at.message })
    },

    /** A single comment on a line, without a review around it that anyone would see. */
    commentOnLine: async (at: AsAt & Place & { readonly body: string }): Promise<ReviewComment> => {
      const issue = pullAt(world, at)
      const actor = acting(world, issue.repo, at.as, 'read')
      const found = await findPlace(issue, at)
      const review = reviewAround(world, issue, actor, (around) => {
        addReviewComment(world, openThread(world, issue, found), actor, {
          review: around,
          body: at.body,
        })
      })
      return only(issue.pull.threads, review)
    },

    /** Answers in the thread that comment `id` stands in. */
    replyToReviewComment: (at: OnComment & { readonly body: string }): ReviewComment => {
      const { thread } = commentOf(at)
      const { issue } = thread
      const actor = acting(world, issue.repo, at.as, 'read')
      const review = reviewAround(world, issue, actor, (around) => {
        addReviewComment(world, thread, actor, { review: around, body: at.body })
      })
      return only([thread], review)
    },

    editReviewComment: (at: OnComment & { readonly body: string }): void => {
      const comment = commentOf(at)
      const { repo } = comment.thread.issue
      const actor = actingOnOwn(world, repo, at.as, { owner: comment.user, otherwise: 'write' })
      editReviewComment(world, comment, actor, at.body)
    },

    deleteReviewComment: (at: OnComment): void => {
      const comment = commentOf(at)
      const { repo } = comment.thread.issue
      const actor = actingOnOwn(world, repo, at.as, { owner: comment.user, otherwise: 'write' })
      deleteReviewComment(world, comment, actor)
    },

    reactToReviewComment: (at: OnComment & { readonly content: ReactionContent }): void => {
      const comment = commentOf(at)
      const actor = acting(world, comment.thread.issue.repo, at.as, 'read')
      react(world, comment, actor, at.content)
    },

    unreactToReviewComment: (at: OnComment & { readonly content: ReactionContent }): void => {
      const comment = commentOf(at)
      const actor = acting(world, comment.thread.issue.repo, at.as, 'read')
      unreact(comment, actor, at.content)
    },

    /** The thread of comment `id`; the author of the pull request may, and whoever may write. */
    resolveThread: (at: OnComment): void => settle(at, true),
    unresolveThread: (at: OnComment): void => settle(at, false),

    /** Submitted and pending, oldest first. */
    reviews: (at: At): readonly Review[] => [...pullAt(world, at).pull.reviews],
    threads: (at: At): readonly ReviewThread[] => [...pullAt(world, at).pull.threads],
  }
}

function only(threads: readonly ReviewThread[], review: Review): ReviewComment {
  const found = threads.flatMap(({ comments }) => comments).find((one) => one.review === review)
  if (found === undefined) throw new Error('a review without its comment')
  return found
}
