/**
 * The one door to the network: only the configured API origin is reached (T40), a redirect is followed only within
 * the same repository (T14), no secret leaves (T30), and a body that breaks off counts as no answer.
 */
import type { RepoId } from '../domain/ids.ts'
import type { LeaveClean } from './leave-clean.ts'

/** The answer pointed somewhere that we do not follow. */
export class RefusedRedirect extends Error {
  constructor(to: string) {
    super(`answered with a redirect to ${to}, which is not followed`)
    this.name = 'RefusedRedirect'
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308])
const EMPTY: ReadonlySet<number> = new Set([204, 205, 304])
const MAX_HOPS = 2

/** `repo` null: no redirect is followed at all. */
export function guardedFetch(baseUrl: string, repo: RepoId | null, leave: LeaveClean) {
  const base = new URL(baseUrl)
  return async (url: string, init: RequestInit): Promise<Response> => {
    let target = new URL(url)
    if (target.origin !== base.origin) throw new RefusedRedirect(target.origin)
    const body = leave(target, init.body)
    for (let hop = 0; ; hop += 1) {
      const response = await fetch(target, {
        ...init,
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
      })
      const location = response.headers.get('location')
      if (!REDIRECTS.has(response.status) || location === null) return await whole(response)
      await response.body?.cancel()
      const next = new URL(location, target)
      if (hop >= MAX_HOPS || !staysHere(next, base, repo)) throw new RefusedRedirect(next.origin)
      // GitHub asks to repeat the request verbatim, whatever its method.
      target = next
    }
  }
}

/** A renamed repository redirects to `/repositories/<its id>/…`; a transferred issue to another id. */
function staysHere(next: URL, base: URL, repo: RepoId | null): boolean {
  if (repo === null || next.origin !== base.origin) return false
  const root = base.pathname.replace(/\/$/, '')
  const home = `${root}/repositories/${repo}`
  return next.pathname === home || next.pathname.startsWith(`${home}/`)
}

/** Octokit takes a body that breaks off for an empty one; read here, it is an error. */
async function whole(response: Response): Promise<Response> {
  const { status, statusText, headers } = response
  if (EMPTY.has(status)) return response
  return new Response(await response.text(), { status, statusText, headers })
}
