/**
 * Our comments: created at most once visibly, found again by their signed marker, edited in place.
 * Only comments that this App wrote are ever taken for ours (T11).
 */
import type { KeyObject } from 'node:crypto'
import type { Instant } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import { maskValues } from '../policy/secrets/mask-values.ts'
import type { Secrets } from '../policy/secrets/secrets.ts'
import type { Comment, OwnComment, Tracker } from '../ports/tracker.ts'
import { actorOrNull } from './actors.ts'
import { isMissing, type Client, type Going } from './client.ts'
import { createOnce, editSettled, type Settling } from './create-once.ts'
import { moment } from './issues.ts'
import { lastMarker, makeMarker, readMarkers, type MarkerPlace } from './marker.ts'
import { PER_PAGE, allPages } from './pages.ts'
import { makeRecord, readRecord } from './record.ts'

export interface CommentsOptions extends Settling {
  readonly client: Client
  readonly appId: number
  readonly markerKey: KeyObject
  /** A record is compressed before it leaves, so that it is looked at here. */
  readonly secrets: Pick<Secrets, 'find' | 'mask'>
}

const SUPERSEDED = '_Superseded by the earlier comment of Yardmaster on this issue._'
// Enough for every open task; a forgotten one costs one read.
const MARKERS_KEPT = 2_000

export function createComments(
  options: CommentsOptions,
): Pick<Tracker, 'comments' | 'ownComments' | 'createComment' | 'updateComment'> {
  const { client, appId, markerKey, secrets } = options
  /** The markers of comments by id, because an edit must not lose its comment's marker. */
  const markers = new Map<number, string | null>()

  async function comments(repo: RepoRef, number: number): Promise<readonly Comment[]> {
    const octokit = client.on(repo, 'look')
    const found = await allPages(async (page) => {
      const { data, headers } = await octokit.rest.issues.listComments({
        ...address(repo),
        issue_number: number,
        per_page: PER_PAGE,
        page,
      })
      return { items: data, link: headers.link }
    })
    return found.map((comment) => ({
      id: comment.id,
      author: actorOrNull(comment.user),
      body: comment.body ?? '',
      createdAt: moment(comment.created_at),
      updatedAt: moment(comment.updated_at),
      ours: comment.performed_via_github_app?.id === appId,
    }))
  }

  async function ownComments(repo: RepoRef, since: Instant | null): Promise<readonly OwnComment[]> {
    const octokit = client.on(repo, 'look')
    const own: OwnComment[] = []
    await allPages(async (page) => {
      const { data, headers } = await octokit.rest.issues.listCommentsForRepo({
        ...address(repo),
        sort: 'created',
        direction: 'asc',
        ...(since === null ? {} : { since: new Date(since).toISOString() }),
        per_page: PER_PAGE,
        page,
      })
      // Only ours are kept: a repository may hold many thousands of others.
      for (const comment of data) {
        if (comment.performed_via_github_app?.id !== appId) continue
        const number = Number(comment.issue_url.split('/').at(-1))
        const place = { repo: repo.id, issue: number }
        const body = comment.body ?? ''
        own.push({
          id: comment.id,
          number,
          marks: readMarkers(markerKey, place, body),
          record: readRecord(markerKey, place, body),
          updatedAt: moment(comment.updated_at),
        })
      }
      return { items: [], link: headers.link }
    })
    return own
  }

  const recordOf = (place: MarkerPlace, text: string | undefined): string | null =>
    recordWithout(text, secrets, (clean) => makeRecord(markerKey, place, clean))

  const createComment: Tracker['createComment'] = async (repo, number, comment) => {
    const place = { repo: repo.id, issue: number }
    const marker = makeMarker(markerKey, place, comment.marker)
    const wanted = withMarker(comment.body, marker, recordOf(place, comment.record))
    const look = async (): Promise<number | null> => {
      const marked = (await comments(repo, number))
        .filter(
          ({ ours, body }) => ours && readMarkers(markerKey, place, body).includes(comment.marker),
        )
        .sort((a, b) => a.id - b.id)
      const [first, ...others] = marked
      for (const other of others) await edit(repo, other.id, SUPERSEDED, comment)
      // What an earlier try wrote may be out of date by now.
      if (first !== undefined && first.body !== wanted) await edit(repo, first.id, wanted, comment)
      return first?.id ?? null
    }
    const create = async (): Promise<number> => {
      const { data } = await client.write(repo, 'tell', comment).rest.issues.createComment({
        ...address(repo),
        issue_number: number,
        body: wanted,
      })
      return data.id
    }
    const { formerTry } = comment
    const key = `${repo.id} ${number} ${comment.marker}`
    const creation = { key, operation: 'create a comment', create, look, formerTry }
    return remember(await createOnce(creation, options), marker)
  }

  const updateComment: Tracker['updateComment'] = async (repo, number, comment) => {
    const { id, body, notAfter } = comment
    try {
      const known = markers.get(id)
      const marker = known === undefined ? await markerOf(repo, id) : known
      const record = recordOf({ repo: repo.id, issue: number }, comment.record)
      const going = { lane: 'projection', notAfter } as const
      await edit(repo, id, withMarker(body, marker, record), going)
      return true
    } catch (error) {
      if (isMissing(error)) return false
      throw error
    }
  }

  async function edit(repo: RepoRef, id: number, body: string, going: Going): Promise<void> {
    const octokit = client.write(repo, 'tell', going)
    const wanted = { ...address(repo), comment_id: id, body }
    await editSettled(() => octokit.rest.issues.updateComment(wanted), options)
  }

  async function markerOf(repo: RepoRef, id: number): Promise<string | null> {
    const { data } = await client
      .on(repo, 'look')
      .rest.issues.getComment({ ...address(repo), comment_id: id })
    const marker = lastMarker(data.body ?? '')
    remember(id, marker)
    return marker
  }

  function remember(id: number, marker: string | null): number {
    const [oldest] = markers.keys()
    if (markers.size >= MARKERS_KEPT && oldest !== undefined) markers.delete(oldest)
    markers.set(id, marker)
    return id
  }

  return { comments, ownComments, createComment, updateComment }
}

const address = (repo: RepoRef) => ({ owner: repo.owner, repo: repo.name })

const withMarker = (body: string, marker: string | null, record: string | null): string =>
  [body, [marker, record].filter((part) => part !== null).join('\n')]
    .filter((part) => part !== '')
    .join('\n\n')

/** JSON in, JSON out; a secret that cannot be taken out takes the whole record with it. */
function recordWithout(
  text: string | undefined,
  secrets: Pick<Secrets, 'find' | 'mask'>,
  make: (clean: string) => string,
): string | null {
  if (text === undefined) return null
  if (secrets.mask(text) === text) return make(text)
  const clean = JSON.stringify(maskValues(JSON.parse(text), secrets))
  return secrets.mask(clean) === clean ? make(clean) : null
}
