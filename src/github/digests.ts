/** The issue of the review queue, found again by its signed marker among those that this App made. */
import type { KeyObject } from 'node:crypto'
import type { RepoRef } from '../domain/repository.ts'
import { digestMark } from '../ports/digests.ts'
import type { DigestIssue, DigestText, Digests } from '../ports/digests.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Log } from '../ports/log.ts'
import type { Client } from './client.ts'
import { moment } from './issues.ts'
import { makeMarker, readMarkers } from './marker.ts'
import { PER_PAGE } from './pages.ts'
import { PIN_ISSUE } from './queries/pin-issue.ts'
import { runQuery } from './run-query.ts'

export interface DigestsOptions {
  readonly client: Client
  readonly markerKey: KeyObject
  readonly log: Log
}

export function createDigests({ client, markerKey, log }: DigestsOptions): Digests {
  const at = ({ owner, name }: RepoRef) => ({ owner, repo: name })
  // It is written before GitHub numbers the issue.
  const placeOf = (repo: RepoRef) => ({ repo: repo.id, issue: 0 })
  const going = ({ notAfter }: DigestText) => ({ lane: 'projection', notAfter }) as const
  const marked = (repo: RepoRef, { body }: DigestText): string =>
    `${body}\n\n${makeMarker(markerKey, placeOf(repo), digestMark(repo.id))}`

  return {
    async find(repo, slug): Promise<DigestIssue | null> {
      const { data } = await client.on(repo, 'look').rest.issues.listForRepo({
        ...at(repo),
        creator: `${slug}[bot]`,
        state: 'all',
        sort: 'created',
        direction: 'asc',
        per_page: PER_PAGE,
      })
      const ours = data.find(({ body }) =>
        readMarkers(markerKey, placeOf(repo), body ?? '').includes(digestMark(repo.id)),
      )
      if (ours === undefined) return null
      const { number, state, created_at: createdAt } = ours
      return { number, open: state === 'open', createdAt: moment(createdAt) }
    },

    async create(repo, wanted) {
      const octokit = client.write(repo, 'tell', going(wanted))
      const { title } = wanted
      const { data } = await octokit.rest.issues.create({
        ...at(repo),
        title,
        body: marked(repo, wanted),
      })
      await runQuery(octokit, PIN_ISSUE, { issue: data.node_id }).catch((error: unknown) => {
        if (!(error instanceof WorldFault)) throw error
        // Three are pinned already, perhaps: it is found without that too.
        log.info({ repo: repo.id, error: error.message }, 'the review queue could not be pinned')
      })
      return { number: data.number, open: true, createdAt: moment(data.created_at) }
    },

    async edit(repo, number, wanted) {
      const { title } = wanted
      await client.write(repo, 'tell', going(wanted)).rest.issues.update({
        ...at(repo),
        issue_number: number,
        title,
        body: marked(repo, wanted),
      })
    },
  }
}
