/** People's words as they are now, and our reactions to them. */
import type { Octokit } from '@octokit/rest'
import type { RepoRef } from '../domain/repository.ts'
import type { CommentNow, Tracker } from '../ports/tracker.ts'
import { isMissing, type Client } from './client.ts'
import { sameRepository } from './head.ts'
import { COMMENT_EDITS } from './queries/comment-edits.ts'
import { runQuery } from './run-query.ts'

export function createWords(client: Client): Pick<Tracker, 'commentNow' | 'react'> {
  return {
    async commentNow(repo, spoken, how) {
      const octokit = client.on(repo, 'look')
      return await orGone(async (): Promise<CommentNow> => {
        if (spoken.on === 'review') {
          const { data } = await octokit.rest.pulls.getReview({
            ...address(repo),
            pull_number: spoken.number,
            review_id: spoken.id,
          })
          // REST does not say when a review was edited: its words alone tell.
          return { text: data.body, edited: false }
        }
        const { data } = await octokit.rest.issues.getComment({
          ...address(repo),
          comment_id: spoken.id,
        })
        const edited = data.updated_at !== data.created_at
        const certain = edited || how === 'told' ? edited : await wasEdited(octokit, repo, data)
        return { text: data.body ?? '', edited: certain }
      }, null)
    },

    async react(repo, spoken, { content, notAfter }) {
      // Only GraphQL lets one react to a review.
      if (spoken.on === 'review') return false
      const octokit = client.write(repo, 'tell', { lane: 'people', notAfter })
      return await orGone(async () => {
        await octokit.rest.reactions.createForIssueComment({
          ...address(repo),
          comment_id: spoken.id,
          content,
        })
        return true
      }, false)
    },
  }
}

/** GitHub's moments are whole seconds: an edit within the comment's first one shows in none of them. */
async function wasEdited(
  octokit: Octokit,
  repo: RepoRef,
  comment: { readonly node_id: string },
): Promise<boolean> {
  const { repository, node } = await runQuery(octokit, COMMENT_EDITS, {
    owner: repo.owner,
    name: repo.name,
    comment: comment.node_id,
  })
  sameRepository(repo, repository.databaseId, COMMENT_EDITS.name)
  return node === null || (node.lastEditedAt ?? null) !== null
}

async function orGone<Found, Gone>(ask: () => Promise<Found>, gone: Gone): Promise<Found | Gone> {
  try {
    return await ask()
  } catch (error) {
    if (isMissing(error)) return gone
    throw error
  }
}

const address = (repo: RepoRef) => ({ owner: repo.owner, repo: repo.name })
