/** People's words as they are now, and our reactions to them. */
import type { Octokit } from '@octokit/rest'
import type { Reaction } from '../domain/act.ts'
import type { SpokenRef } from '../domain/spoken.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { CommentNow, Tracker } from '../ports/tracker.ts'
import { isMissing, type Client } from './client.ts'
import { sameRepository } from './head.ts'
import { REACT_TO_REVIEW } from './queries/react-to-review.ts'
import { WORDS_EDITS } from './queries/words-edits.ts'
import { runQuery } from './run-query.ts'

export function createWords(client: Client): Pick<Tracker, 'commentNow' | 'react'> {
  return {
    async commentNow(repo, spoken, how) {
      const octokit = client.on(repo, 'look')
      return await orGone(async (): Promise<CommentNow> => {
        if (spoken.on === 'review') {
          const review = await getReview(octokit, repo, spoken)
          const edited = how === 'found' && (await wasEdited(octokit, repo, review))
          return { text: review.body, edited }
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
      const going = { lane: 'people', notAfter } as const
      return await orGone(async () => {
        if (spoken.on === 'review') {
          const { node_id } = await getReview(client.on(repo, 'look'), repo, spoken)
          const octokit = client.write(repo, 'pull', going)
          await runQuery(octokit, REACT_TO_REVIEW, { review: node_id, content: NAMES[content] })
        } else {
          const octokit = client.write(repo, 'tell', going)
          await octokit.rest.reactions.createForIssueComment({
            ...address(repo),
            comment_id: spoken.id,
            content,
          })
        }
        return true
      }, false)
    },
  }
}

/** As GraphQL spells them. */
const NAMES: Readonly<Record<Reaction, string>> = {
  eyes: 'EYES',
  '+1': 'THUMBS_UP',
  confused: 'CONFUSED',
}

async function getReview(octokit: Octokit, repo: RepoRef, { number, id }: SpokenRef) {
  const { data } = await octokit.rest.pulls.getReview({
    ...address(repo),
    pull_number: number,
    review_id: id,
  })
  return data
}

/** GitHub's moments of comments are whole seconds, in the first of which an edit does not show; reviews have none by REST. */
async function wasEdited(
  octokit: Octokit,
  repo: RepoRef,
  { node_id }: { readonly node_id: string },
): Promise<boolean> {
  const { repository, node } = await runQuery(octokit, WORDS_EDITS, {
    owner: repo.owner,
    name: repo.name,
    words: node_id,
  })
  sameRepository(repo, repository.databaseId, WORDS_EDITS.name)
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
