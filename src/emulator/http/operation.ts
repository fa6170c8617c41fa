// What an operation of the REST API is to the emulator: who may call it, with which permission, and
// the function that answers. `rest/` holds one table of them per family.
import type { Credential } from '../auth/credential.ts'
import { actorOf } from '../auth/credential.ts'
import type { Need } from '../auth/permission.ts'
import type { Actor } from '../world/app.ts'
import type { Issue, PullIssue, Repository } from '../world/issue.ts'
import { notFound, Refusal } from '../world/refusal.ts'
import { repoUrl } from '../present/repository.ts'
import { isPull } from '../change/follow-branches.ts'
import type { World } from '../world/world.ts'
import type { Deps } from './deps.ts'
import type { Fields } from './fields.ts'

export type Answer = {
  readonly status: number
  /** `undefined`: no content. */
  readonly body?: unknown
  /** Instead of JSON: bytes of another media type. */
  readonly bytes?: { readonly type: string; readonly data: Uint8Array<ArrayBuffer> }
  readonly headers?: Readonly<Record<string, string>>
}

export type Operation = {
  readonly by: 'app' | 'installation' | 'anyone'
  /** One of them suffices; none: every token of the installation may. */
  readonly needs: readonly Need[]
  /** Of a person's classic token, one of which suffices; left out: the emulator takes none here. */
  readonly scopes?: readonly string[]
  /** Counts against GitHub's limits of content creation. */
  readonly creates?: true
  readonly run: (call: Call) => Answer | Promise<Answer>
}

export type Operations = Readonly<Record<string, Operation>>

/** One request, authenticated, permitted and checked. */
export class Call {
  readonly deps: Deps
  readonly world: World
  readonly credential: Credential
  readonly params: Fields
  readonly query: Fields
  readonly body: Fields
  /** The body as it came, for the few operations that take a bare array. */
  readonly rawBody: unknown
  readonly accept: string
  /** The request's own address, for Link headers. */
  readonly address: URL
  readonly #repo: Repository | null

  constructor(given: {
    readonly deps: Deps
    readonly credential: Credential
    readonly params: Fields
    readonly query: Fields
    readonly body: Fields
    readonly rawBody: unknown
    readonly accept: string
    readonly address: URL
    readonly repo: Repository | null
  }) {
    this.deps = given.deps
    this.world = given.deps.world
    this.credential = given.credential
    this.params = given.params
    this.query = given.query
    this.body = given.body
    this.rawBody = given.rawBody
    this.accept = given.accept
    this.address = given.address
    this.#repo = given.repo
  }

  get repo(): Repository {
    if (this.#repo === null) throw notFound()
    return this.#repo
  }

  get actor(): Actor {
    return actorOf(this.credential)
  }

  /** The pull request that the path names; an issue of that number is not found. */
  get pullIssue(): PullIssue {
    const { issue } = this
    if (!isPull(issue)) throw notFound()
    return issue
  }

  /** The issue that the path names: 410 when deleted, 301 when transferred. */
  get issue(): Issue {
    const number = this.params.number(
      this.params.has('issue_number') ? 'issue_number' : 'pull_number',
    )
    const found = this.repo.issues.get(number)
    if (found !== undefined) return found
    const gone = this.repo.gone.get(number)
    if (gone === undefined) throw notFound()
    if (gone === 'deleted') throw new Refusal(410, { message: 'This issue was deleted' })
    const url = `${repoUrl(this.world, gone.repo)}/issues/${gone.number}`
    throw new Refusal(301, { message: 'Moved Permanently', url }, { location: url })
  }
}

export function ok(body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, body, headers }
}

export function created(body: unknown, location?: string): Answer {
  return { status: 201, body, headers: location === undefined ? {} : { location } }
}

export const NO_CONTENT: Answer = { status: 204 }

const DEFAULT_PER_PAGE = 30

/** One page of `items` with GitHub's Link header; `wrap` for answers such as `{total_count, …}`. */
export function paged<T>(
  call: Call,
  items: readonly T[],
  present: (item: T) => unknown,
  wrap: (page: readonly unknown[], total: number) => unknown = (page) => page,
): Answer {
  const size = call.query.has('per_page') ? call.query.number('per_page') : DEFAULT_PER_PAGE
  const page = call.query.has('page') ? Math.max(1, call.query.number('page')) : 1
  const last = Math.max(1, Math.ceil(items.length / size))
  const shown = items.slice((page - 1) * size, page * size)
  const links: string[] = []
  const link = (target: number, rel: string): void => {
    const url = new URL(call.address)
    url.searchParams.set('page', String(target))
    links.push(`<${url.href}>; rel="${rel}"`)
  }
  if (page > 1) link(page - 1, 'prev')
  if (page < last) {
    link(page + 1, 'next')
    link(last, 'last')
  }
  if (page > 1) link(1, 'first')
  const headers = links.length === 0 ? undefined : { link: links.join(', ') }
  return ok(wrap(shown.map(present), items.length), headers)
}
