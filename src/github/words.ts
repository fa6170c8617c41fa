/** People's words as they are now, and our reactions to them. */
import type { RepoRef } from '../domain/repository.ts'
import type { CommentNow, Tracker } from '../ports/tracker.ts'
import { isMissing, type Client } from './client.ts'

export function createWords(client: Client): Pick<Tracker, 'commentNow' | 'react'> {
  return {
    async commentNow(repo, spoken) {
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
        return { text: data.body ?? '', edited: data.updated_at !== data.created_at }
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

async function orGone<Found, Gone>(ask: () => Promise<Found>, gone: Gone): Promise<Found | Gone> {
  try {
    return await ask()
  } catch (error) {
    if (isMissing(error)) return gone
    throw error
  }
}

const address = (repo: RepoRef) => ({ owner: repo.owner, repo: repo.name })
