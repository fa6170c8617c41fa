// The emulator's state and the few things that every part of it needs: clock, ids, look-ups and the
// list of violations. Nothing here decides anything; changes live in `change/`.
import type { App } from './app.ts'
import type { Installation, PersonToken, Token } from './installation.ts'
import type { CheckRun, CheckSuite } from './check.ts'
import { notFound, type JsonObject } from './refusal.ts'
import type { Comment, Issue, Repository, Review, ReviewComment, ReviewThread } from './issue.ts'
import type { Stamp, User } from './people.ts'
import type { Project, ProjectField, ProjectItem } from './project.ts'
import type { CommitStatus } from './status.ts'

export type Clock = { readonly now: () => number }

/** What a webhook tells; `payload` is evaluated at once, and only if some App is subscribed. */
export type Emission = {
  readonly event: string
  readonly action: string | null
  readonly sender: User
  readonly repo: Repository | null
  /** Without a repository: whose installations hear it. */
  readonly account?: User
  /** Only this installation hears it (installation events, requested actions). */
  readonly only?: Installation
  readonly payload: () => JsonObject
}

/** One wrong use of GitHub's API, or one breach of Yardmaster's three nevers. */
export type Violation = {
  readonly at: string
  readonly kind:
    | 'unknown-route'
    | 'request'
    | 'response'
    | 'webhook'
    | 'permission'
    | 'graphql'
    | 'unimplemented'
    | 'never'
  readonly what: string
  readonly detail: string
}

export type Node =
  | { readonly kind: 'issue'; readonly value: Issue }
  | { readonly kind: 'comment'; readonly value: Comment }
  | { readonly kind: 'repository'; readonly value: Repository }
  | { readonly kind: 'user'; readonly value: User }
  | { readonly kind: 'review'; readonly value: Review }
  | { readonly kind: 'thread'; readonly value: ReviewThread }
  | { readonly kind: 'review-comment'; readonly value: ReviewComment }
  | { readonly kind: 'project'; readonly value: Project }
  | { readonly kind: 'project-field'; readonly value: ProjectField }
  | { readonly kind: 'project-item'; readonly value: ProjectItem }

export class World {
  readonly clock: Clock
  /** Where bare repositories live. */
  readonly dataDir: string
  /** Own address without a trailing slash; known once the server listens. */
  url = ''
  /** Milliseconds for which lists do not show a new object yet. */
  lag = 0
  readonly users = new Map<string, User>()
  readonly repositories = new Map<number, Repository>()
  readonly apps = new Map<number, App>()
  readonly installations = new Map<number, Installation>()
  readonly tokens = new Map<string, Token>()
  readonly personTokens = new Map<string, PersonToken>()
  readonly checkSuites = new Map<number, CheckSuite>()
  readonly checkRuns = new Map<number, CheckRun>()
  readonly statuses: CommitStatus[] = []
  readonly projects = new Map<number, Project>()
  /** Apps of others, by slug; they have no webhook and no installation here. */
  readonly otherApps = new Map<string, App>()
  /** Codes of the manifest flow, waiting for their conversion. */
  readonly conversions = new Map<string, { readonly app: App; readonly expiresAt: number }>()
  readonly nodes = new Map<string, Node>()
  readonly violations: Violation[] = []
  emit: (emission: Emission) => void = () => {}
  readonly #births = new WeakMap<object, number>()
  #lastId = 1_000_000

  constructor(given: { readonly clock: Clock; readonly dataDir: string }) {
    this.clock = given.clock
    this.dataDir = given.dataDir
  }

  now(): number {
    return this.clock.now()
  }

  stamp(at: number = this.now()): Stamp {
    return `${new Date(at).toISOString().slice(0, 19)}Z`
  }

  /** One rising sequence for all kinds, so that an id of one kind is never valid as another. */
  nextId(): number {
    this.#lastId += 1
    return this.#lastId
  }

  /** Remembers when an object came to be, for the read-after-write lag of lists. */
  born<T extends object>(value: T): T {
    this.#births.set(value, this.now())
    return value
  }

  /** Whether lists show this object already. */
  listed(value: object): boolean {
    return this.lag === 0 || this.now() - (this.#births.get(value) ?? 0) >= this.lag
  }

  violate(kind: Violation['kind'], what: string, detail: string): void {
    this.violations.push({ at: new Date(this.now()).toISOString(), kind, what, detail })
  }

  user(login: string): User {
    const found = this.users.get(login.toLowerCase())
    if (found === undefined) throw notFound()
    return found
  }

  userById(id: number): User | undefined {
    return [...this.users.values()].find((user) => user.id === id)
  }

  /** By `owner/name`, letter case ignored as GitHub does. */
  repository(fullName: string): Repository {
    const found = this.findRepository(fullName)
    if (found === undefined) throw notFound()
    return found
  }

  findRepository(fullName: string): Repository | undefined {
    const wanted = fullName.toLowerCase()
    return [...this.repositories.values()].find((repo) => fullNameOf(repo).toLowerCase() === wanted)
  }
}

export function fullNameOf(repo: Repository): string {
  return `${repo.owner.login}/${repo.name}`
}

/** `R_kwDO…`: opaque to clients, as GitHub's are. */
export function nodeId(prefix: string, id: number): string {
  return `${prefix}_kwDO${Buffer.from(id.toString(16).padStart(10, '0'), 'hex').toString('base64url')}`
}
