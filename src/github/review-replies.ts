/** Replies in the threads of a review, each visible at most once, and requests for another look. */
import type { KeyObject } from 'node:crypto'
import type { CodeHost } from '../ports/code-host.ts'
import { WorldFault } from '../ports/fault.ts'
import { isMissing, type Client } from './client.ts'
import { createOnce, type Settling } from './create-once.ts'
import { makeMarker, readMarkers } from './marker.ts'
import { PER_PAGE, allPages } from './pages.ts'

export interface RepliesOptions extends Settling {
  readonly client: Client
  readonly markerKey: KeyObject
}

export function createReviewReplies(
  options: RepliesOptions,
): Pick<CodeHost, 'replyToRemark' | 'requestReview'> {
  const { client, markerKey } = options
  return {
    async replyToRemark(repo, to, reply) {
      const place = { repo: repo.id, issue: to.pull }
      const body = `${reply.body}\n\n${makeMarker(markerKey, place, reply.marker)}`
      const at = { owner: repo.owner, repo: repo.name, pull_number: to.pull }
      // These comments do not say by which App they were made; the marker is signed, and stands nowhere before ours.
      const look = async (): Promise<number | null> => {
        const octokit = client.on(repo, 'look')
        const all = await allPages(async (page) => {
          const { data, headers } = await octokit.rest.pulls.listReviewComments({
            ...at,
            per_page: PER_PAGE,
            page,
          })
          return { items: data, link: headers.link }
        })
        const ours = all
          .filter((one) => readMarkers(markerKey, place, one.body).includes(reply.marker))
          .map(({ id }) => id)
        return ours.length === 0 ? null : Math.min(...ours)
      }
      const going = { lane: 'act', notAfter: reply.notAfter } as const
      const create = async (): Promise<number> => {
        const { data } = await client
          .write(repo, 'pull', going)
          .rest.pulls.createReplyForReviewComment({ ...at, comment_id: to.comment, body })
        return data.id
      }
      const { formerTry } = reply
      const key = `${repo.id} ${reply.marker}`
      const operation = 'reply to a review comment'
      try {
        return await createOnce({ key, operation, create, look, formerTry }, options)
      } catch (error) {
        // The remark was deleted, and with it who would read the reply.
        if (isMissing(error)) return null
        throw error
      }
    },

    async requestReview(repo, { pull, login, notAfter }) {
      try {
        await client.write(repo, 'pull', { lane: 'act', notAfter }).rest.pulls.requestReviewers({
          owner: repo.owner,
          repo: repo.name,
          pull_number: pull,
          reviewers: [login],
        })
        return true
      } catch (error) {
        // Its author, or somebody who has left: GitHub takes no request for them.
        const refused = error instanceof WorldFault && error.kind === 'invalid'
        if (refused || isMissing(error)) return false
        throw error
      }
    },
  }
}
