/** GitHub as it truly is in a simulated world: repositories, issues, pull requests, people and what they may do. */
import { createSecretKey } from 'node:crypto'
import type { Actor, Permission } from '../../src/domain/actor.ts'
import { sha } from '../../src/domain/ids.ts'
import type { SimBoard } from './board.ts'
import type { Sha } from '../../src/domain/ids.ts'

export interface SimComment {
  readonly id: number
  readonly by: Actor
  readonly ours: boolean
  body: string
  readonly createdAt: number
  updatedAt: number
  /** Lists show it from here on. */
  readonly visibleAt: number
  /** What a person said when it was new; left out: nobody said it. */
  readonly said?: string
  rewordedAt?: number
  /** When the App last looked at this very comment. */
  lookedAt?: number
  readonly reactions: Set<string>
}

interface SimLabelEvent {
  readonly kind: 'labeled' | 'unlabeled'
  readonly label: string
  readonly by: Actor
  readonly at: number
}

export interface SimIssue {
  readonly id: number
  readonly number: number
  title: string
  body: string
  open: boolean
  gone: boolean
  readonly labels: Set<string>
  updatedAt: number
  editedAt: number | null
  /** Every body it ever had, and since when. */
  readonly texts: { readonly since: number; readonly body: string }[]
  readonly events: SimLabelEvent[]
  readonly comments: SimComment[]
  /** What lists showed before the last change, until it is visible there too. */
  stale: { readonly shown: IssueShown | null; readonly until: number } | null
}

export interface IssueShown {
  readonly title: string
  readonly body: string
  readonly open: boolean
  readonly labels: readonly string[]
  readonly updatedAt: number
}

export interface SimPull {
  readonly id: number
  readonly number: number
  readonly branch: string
  title: string
  body: string
  open: boolean
  merged: boolean
  mergedBy: Actor | null
  head: Sha
  /** Logins of who is asked for a look. */
  readonly reviewers: Set<string>
  readonly visibleAt: number
  readonly reviews: SimReview[]
  /** Heads on which CI is red. */
  readonly red: Set<Sha>
  /** Whatever is pushed, CI turns red on it. */
  cursed: boolean
  /** It cannot be merged before the base is merged into it. */
  conflict: boolean
  readonly replies: { readonly id: number; readonly to: number; readonly body: string }[]
}

export interface SimReview {
  readonly id: number
  readonly by: Actor
  readonly changes: boolean
  readonly head: Sha
  readonly at: number
  readonly text: string
  /** The one comment on a line that it brings. */
  readonly comment: number
  /** Under which it is taken once. */
  readonly key: string
}

export interface SimCheck {
  readonly id: number
  readonly name: string
  readonly head: Sha
  readonly externalId: string
  title: string
  readonly visibleAt: number
}

export interface SimRepo {
  readonly id: number
  readonly owner: string
  readonly name: string
  readonly installation: number
  head: Sha
  config: string
  readonly labels: Set<string>
  readonly issues: Map<number, SimIssue>
  readonly pulls: Map<number, SimPull>
  readonly branches: Map<string, Sha>
  readonly checks: SimCheck[]
  readonly roles: Map<number, Permission>
  nextNumber: number
}

export interface Hub {
  readonly repos: Map<number, SimRepo>
  readonly board: SimBoard
  readonly find: (owner: string, name: string) => SimRepo | null
  /** Milliseconds since 1970, GitHub's own clock. */
  readonly now: () => number
  readonly nextId: () => number
  readonly nextSha: () => Sha
  /** How long lists lag behind this change. Milliseconds. */
  readonly lag: () => number
  /** What nobody may do on GitHub, and the App tried. */
  readonly wrongs: string[]
}

export const APP: Actor = { id: 900, login: 'yardmaster[bot]', kind: 'bot' }
export const APP_ID = 77
/** By which the App's own comments are known again; every life of it derives the same. */
export const MARKER_KEY = createSecretKey(Buffer.alloc(32, 7))

export function createHub(clock: { readonly now: () => number; readonly lag: () => number }): Hub {
  const repos = new Map<number, SimRepo>()
  let ids = 10_000
  let shas = 0
  return {
    repos,
    board: { cards: new Map(), moves: [] },
    find(owner, name) {
      for (const repo of repos.values()) if (repo.owner === owner && repo.name === name) return repo
      return null
    },
    now: clock.now,
    lag: clock.lag,
    wrongs: [],
    nextId: () => (ids += 1),
    nextSha: () => sha((shas += 1).toString(16).padStart(40, 'c0ffee')),
  }
}

export function createRepo(hub: Hub, made: { readonly number: number; readonly config: string }) {
  const repo: SimRepo = {
    id: 100 + made.number,
    owner: 'octo',
    name: `yard-${made.number}`,
    installation: 1 + (made.number % 2),
    head: hub.nextSha(),
    config: made.config,
    labels: new Set(['yardmaster', 'bug']),
    issues: new Map(),
    pulls: new Map(),
    branches: new Map(),
    checks: [],
    roles: new Map(),
    nextNumber: 1,
  }
  hub.repos.set(repo.id, repo)
  return repo
}

export function createIssue(hub: Hub, repo: SimRepo): SimIssue {
  const number = repo.nextNumber
  repo.nextNumber += 1
  const issue: SimIssue = {
    id: hub.nextId(),
    number,
    title: `Greet by name ${number}`,
    body: 'Say hello to whoever asks.',
    open: true,
    gone: false,
    labels: new Set(),
    updatedAt: hub.now(),
    editedAt: null,
    texts: [{ since: -Infinity, body: 'Say hello to whoever asks.' }],
    events: [],
    comments: [],
    stale: null,
  }
  repo.issues.set(number, issue)
  return issue
}

/** Changes an issue; its lists may show the former form for a while. */
export function changeIssue(hub: Hub, issue: SimIssue, change: () => void): void {
  const lag = hub.lag()
  const before = listed(hub, issue)
  change()
  issue.updatedAt = hub.now()
  issue.stale = lag > 0 ? { shown: before, until: hub.now() + lag } : null
}

/** The form that lists show now. */
export function listed(hub: Hub, issue: SimIssue): IssueShown | null {
  if (issue.stale !== null && hub.now() < issue.stale.until) return issue.stale.shown
  const { title, body, open, updatedAt } = issue
  return { title, body, open, updatedAt, labels: [...issue.labels] }
}

/** GitHub tells moments in whole seconds. */
export const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`
