// May this credential call this operation on this repository? Refused uses are recorded, since a
// correct client never makes them; a foreign private repository is simply not there.
import { allows, effective, reaches } from '../auth/permission.ts'
import type { Credential } from '../auth/credential.ts'
import type { Route } from '../schema/route.ts'
import { forbidden, notFound, Refusal } from '../world/refusal.ts'
import type { PersonToken } from '../world/installation.ts'
import type { Repository } from '../world/issue.ts'
import type { World } from '../world/world.ts'
import type { Operation } from './operation.ts'

export type Request = {
  readonly credential: Credential
  readonly operation: Operation
  readonly route: Route
  readonly method: string
  readonly path: string
}

/** The repository that the path names, if it names one. */
export function permit(world: World, request: Request): Repository | null {
  const { credential, operation } = request
  if (operation.by === 'app') {
    if (credential.kind === 'app') return repoIn(world, request, () => true)
    throw new Refusal(401, { message: 'A JSON web token could not be decoded' })
  }
  if (operation.by === 'anyone')
    return repoIn(world, request, (repo) => !repo.private || seen(credential, repo))
  if (credential.kind === 'anonymous')
    throw new Refusal(401, { message: 'Requires authentication' })
  if (credential.kind === 'app') {
    // The JWT of an App opens /app only; GitHub's answer names no permission.
    violate(world, request, 'an App must use an installation token here')
    throw forbidden('Resource not accessible by integration')
  }
  if (credential.kind === 'person') return permitPerson(world, request, credential.token)
  const reads = request.method === 'GET'
  const repo = repoIn(world, request, (one) => !one.private || seen(credential, one))
  if (!request.route.schema.apps) {
    violate(world, request, 'GitHub does not let Apps call it')
    throw forbidden('Resource not accessible by integration')
  }
  const outside = repo !== null && !reaches(credential.token, repo)
  // A public repository may be read without having been granted.
  if (outside && reads) return repo
  const held = effective(credential.token)
  const granted = operation.needs.length === 0 || operation.needs.some((need) => allows(held, need))
  if (granted && !outside) return checkArchived(repo, reads)
  violate(
    world,
    request,
    outside ? 'the token does not reach the repository' : `needs ${operation.needs.join(' or ')}`,
  )
  const accepted = operation.needs.map((need) => need.replace(':', '=')).join('; ')
  throw new Refusal(
    403,
    { message: 'Resource not accessible by integration' },
    { 'x-accepted-github-permissions': accepted },
  )
}

/** A person's classic token opens what it has the scope for; it is taken for few operations. */
function permitPerson(world: World, request: Request, token: PersonToken): null {
  const { scopes } = request.operation
  if (scopes === undefined) {
    const detail = 'the emulator takes no classic tokens here'
    world.violate('unimplemented', `${request.method} ${request.path}`, detail)
    throw new Refusal(501, { message: detail })
  }
  if (scopes.some((scope) => token.scopes.has(scope))) return null
  throw new Refusal(
    403,
    { message: 'Resource not accessible by personal access token' },
    { 'x-accepted-oauth-scopes': scopes.join(', ') },
  )
}

function repoIn(
  world: World,
  { route }: Request,
  visible: (repo: Repository) => boolean,
): Repository | null {
  const { owner, repo: name, repository_id: id } = route.params
  if (id !== undefined) return required(world.repositories.get(Number(id)), visible)
  if (owner === undefined || name === undefined) return null
  return required(world.findRepository(`${owner}/${name}`), visible)
}

function required(
  repo: Repository | undefined,
  visible: (repo: Repository) => boolean,
): Repository {
  if (repo === undefined || !visible(repo)) throw notFound()
  return repo
}

function seen(credential: Credential, repo: Repository): boolean {
  return credential.kind === 'installation' && reaches(credential.token, repo)
}

function checkArchived(repo: Repository | null, reads: boolean): Repository | null {
  if (repo?.archived === true && !reads) {
    throw forbidden('Repository was archived so is read-only.')
  }
  return repo
}

function violate(world: World, request: Request, detail: string): void {
  world.violate('permission', `${request.method} ${request.path}`, detail)
}
