// What a page knows of the one who looks at it: the world, the person they act as, and the token
// that their forms must carry.
import type { Context } from 'hono'
import { html } from 'hono/html'
import { requireRole, roleOf } from '../auth/role.ts'
import type { Journal } from '../http/journal.ts'
import type { Verbs } from '../verbs/verbs.ts'
import type { Webhooks } from '../webhooks/dispatcher.ts'
import { notFound } from '../world/refusal.ts'
import type { Issue, Repository } from '../world/issue.ts'
import type { User } from '../world/people.ts'
import type { Project } from '../world/project.ts'
import { fullNameOf, type World } from '../world/world.ts'

export type Html = ReturnType<typeof html>

/** The emulator as far as its pages need it. */
export type Site = Verbs & {
  readonly world: World
  readonly webhooks: Webhooks
  readonly journal: Journal
}

export type Visit = {
  readonly site: Site
  /** `null` in a world without people. */
  readonly me: User | null
  readonly token: string
  /** Path and query of this page. */
  readonly path: string
}

export type PageEnv = { Variables: { visit: Visit; form: FormData } }
export type Ask = Context<PageEnv>

/** The login that every deed of this visit is done under. */
export function loginOf({ me }: Visit): string {
  if (me === null) throw notFound()
  return me.login
}

/** The repository of the address, for who may see it; 404 otherwise. */
export function repositoryOf(c: Ask): Repository {
  const visit = c.get('visit')
  const { owner = '', repo: name = '' } = c.req.param()
  const repo = visit.site.world.repository(`${owner}/${name}`)
  if (visit.me === null) throw notFound()
  requireRole(repo, visit.me, 'read')
  return repo
}

export function mayRead(visit: Visit, repo: Repository): boolean {
  return visit.me !== null && roleOf(repo, visit.me) !== 'none'
}

/** The number in the address; 404 when it is none. */
export function numberOf(c: Ask): number {
  const number = Number(c.req.param('number'))
  if (!Number.isSafeInteger(number)) throw notFound()
  return number
}

/** Hidden in every form that changes something: that it is ours, and whom its page showed as acting. */
export function tokenField({ me, token }: Visit): Html {
  return html`<input type="hidden" name="token" value="${token}" /><input
      type="hidden"
      name="acting"
      value="${me?.login ?? ''}"
    />`
}

export function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value.replaceAll('\r\n', '\n') : ''
}

export function addressOf(repo: Repository): string {
  return `/${encodeURIComponent(repo.owner.login)}/${encodeURIComponent(repo.name)}`
}

export function issueAddress(issue: Issue): string {
  return `${addressOf(issue.repo)}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`
}

export function projectsAddress({ login, type }: User): string {
  return `/${type === 'Organization' ? 'orgs' : 'users'}/${encodeURIComponent(login)}/projects`
}

export function projectAddress({ number, owner }: Project): string {
  return `${projectsAddress(owner)}/${number}`
}

export function atOf(issue: Issue): { readonly repo: string; readonly number: number } {
  return { repo: fullNameOf(issue.repo), number: issue.number }
}

/** A path inside a repository, its slashes kept. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
