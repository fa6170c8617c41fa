// People, organisations and the bots of Apps.
import { invalid } from '../world/refusal.ts'
import type { User } from '../world/people.ts'
import { nodeId, type World } from '../world/world.ts'

const LOGIN = /^[a-z\d](?:[a-z\d-]{0,37}[a-z\d])?(?:\[bot\])?$/i
const PREFIX: Readonly<Record<User['type'], string>> = { User: 'U', Organization: 'O', Bot: 'BOT' }

export type NewUser = {
  readonly login: string
  readonly name?: string
  readonly type?: User['type']
  readonly email?: string
  /** For git over HTTP; by default the login. */
  readonly password?: string
}

export function createUser(world: World, given: NewUser): User {
  const { login } = given
  const type = given.type ?? 'User'
  if (!LOGIN.test(login))
    throw invalid({ resource: 'User', field: 'login', code: 'invalid', value: login })
  if (world.users.has(login.toLowerCase())) {
    throw invalid({ resource: 'User', field: 'login', code: 'already_exists' })
  }
  const id = world.nextId()
  const user: User = {
    id,
    nodeId: nodeId(PREFIX[type], id),
    type,
    createdAt: world.stamp(),
    password: given.password ?? login,
    members: new Map(),
    login,
    name: given.name ?? login,
    email: given.email ?? `${id}+${login}@users.noreply.github.test`,
  }
  world.users.set(login.toLowerCase(), user)
  world.nodes.set(user.nodeId, { kind: 'user', value: user })
  return user
}
