// GitHub Apps: registered from a manifest, installed on repositories, given tokens.
import { createPublicKey, generateKeyPair, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { atMost, covers } from '../auth/permission.ts'
import { installationJson } from '../present/app.ts'
import { userJson } from '../present/user.ts'
import type { App, Level, Permissions } from '../world/app.ts'
import type { Installation, Token } from '../world/installation.ts'
import { invalid, unprocessable, type JsonObject } from '../world/refusal.ts'
import type { Repository } from '../world/issue.ts'
import type { User } from '../world/people.ts'
import { fullNameOf, nodeId, type World } from '../world/world.ts'
import { createUser } from './accounts.ts'
import type { Manifest } from './manifest.ts'

const TOKEN_LIFE_MS = 60 * 60 * 1000

export type NewApp = {
  readonly manifest: Manifest
  readonly owner: User
  readonly webhookUrl: string | null
  readonly webhookSecret: string
  /** PEM; generated when absent, which takes 50 to 200 ms. */
  readonly privateKey?: string
}

export async function createApp(world: World, given: NewApp): Promise<App> {
  const { manifest } = given
  const slug = manifest.name
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  if ([...world.apps.values()].some((app) => app.slug === slug)) {
    throw invalid({ resource: 'App', field: 'name', code: 'already_exists' })
  }
  const privateKey = given.privateKey ?? (await newPrivateKey())
  const id = world.nextId()
  const app: App = {
    id,
    nodeId: nodeId('A', id),
    slug,
    owner: given.owner,
    bot: createUser(world, { login: `${slug}[bot]`, type: 'Bot', name: `${slug}[bot]` }),
    clientId: `Iv23li${randomBytes(7).toString('hex')}`,
    clientSecret: randomBytes(20).toString('hex'),
    privateKey,
    publicKey: createPublicKey(privateKey),
    createdAt: world.stamp(),
    name: manifest.name,
    description: manifest.description,
    externalUrl: manifest.url,
    public: manifest.public,
    webhookUrl: given.webhookUrl,
    webhookSecret: given.webhookSecret,
    permissions: { ...manifest.permissions, metadata: 'read' },
    events: manifest.events,
  }
  world.apps.set(id, app)
  return app
}

/** `'all'` covers every present and future repository of the account. */
export function install(
  world: World,
  app: App,
  given: {
    readonly account: User
    readonly repos: readonly Repository[] | 'all'
    readonly by: User
  },
): Installation {
  const known = installationOf(world, app, given.account)
  if (known !== undefined) throw invalid({ resource: 'Installation', code: 'already_exists' })
  const id = world.nextId()
  const now = world.stamp()
  const installation: Installation = {
    id,
    nodeId: nodeId('IN', id),
    app,
    account: given.account,
    createdAt: now,
    repositories: new Set(given.repos === 'all' ? [] : given.repos),
    selection: given.repos === 'all' ? 'all' : 'selected',
    permissions: app.permissions,
    suspendedAt: null,
    suspendedBy: null,
    updatedAt: now,
  }
  world.installations.set(id, installation)
  emitInstallation(world, installation, given.by, 'created')
  return installation
}

export function installationOf(world: World, app: App, account: User): Installation | undefined {
  return [...world.installations.values()].find((one) => one.app === app && one.account === account)
}

export function uninstall(world: World, installation: Installation, by: User): void {
  emitInstallation(world, installation, by, 'deleted')
  world.installations.delete(installation.id)
}

export function suspend(world: World, installation: Installation, by: User, on: boolean): void {
  installation.suspendedAt = on ? world.stamp() : null
  installation.suspendedBy = on ? by : null
  installation.updatedAt = world.stamp()
  emitInstallation(world, installation, by, on ? 'suspend' : 'unsuspend')
}

/** The account's owner accepts (or an administrator takes away) permissions. */
export function setPermissions(
  world: World,
  installation: Installation,
  by: User,
  permissions: Permissions,
): void {
  installation.permissions = permissions
  installation.updatedAt = world.stamp()
  emitInstallation(world, installation, by, 'new_permissions_accepted')
}

export function changeRepositories(
  world: World,
  installation: Installation,
  by: User,
  given: { readonly add: readonly Repository[]; readonly remove: readonly Repository[] },
): void {
  for (const repo of given.add) installation.repositories.add(repo)
  for (const repo of given.remove) installation.repositories.delete(repo)
  installation.updatedAt = world.stamp()
  for (const action of ['added', 'removed'] as const) {
    const { add, remove } = given
    const added = action === 'added' ? add : []
    const removed = action === 'removed' ? remove : []
    if (added.length + removed.length === 0) continue
    world.emit({
      event: 'installation_repositories',
      action,
      sender: by,
      repo: null,
      only: installation,
      payload: () => ({
        installation: installationJson(world, installation),
        repository_selection: installation.selection,
        repositories_added: added.map(shortRepo),
        repositories_removed: removed.map(shortRepo),
        requester: null,
      }),
    })
  }
}

export type TokenRequest = {
  readonly permissions: Readonly<Record<string, Level>> | null
  readonly repositories: readonly Repository[] | null
}

/** Mints a token; 422 when it asks for more than the installation has. */
export function mintToken(world: World, installation: Installation, asked: TokenRequest): Token {
  for (const [name, level] of Object.entries(asked.permissions ?? {})) {
    if (!atMost(installation.permissions[name], level)) {
      throw unprocessable('The permissions requested are not granted to this installation.')
    }
  }
  if (asked.repositories?.some((repo) => !covers(installation, repo)) === true) {
    throw unprocessable(
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    )
  }
  const claims = Buffer.from(JSON.stringify({ installation: installation.id, at: world.now() }))
  // The form of 2026: `ghs_<app id>_<JWT>`, about 520 characters.
  const jwt = `${Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url')}.${claims.toString('base64url')}.${randomBytes(292).toString('base64url')}`
  const token: Token = {
    token: `ghs_${installation.app.id}_${jwt}`,
    installation,
    permissions:
      asked.permissions === null
        ? installation.permissions
        : { metadata: 'read', ...asked.permissions },
    repositories: asked.repositories === null ? null : new Set(asked.repositories),
    expiresAt: world.now() + TOKEN_LIFE_MS,
  }
  world.tokens.set(token.token, token)
  return token
}

export function installedRepositories(
  world: World,
  installation: Installation,
): readonly Repository[] {
  return [...world.repositories.values()].filter((repo) => covers(installation, repo))
}

async function newPrivateKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
}

function emitInstallation(
  world: World,
  installation: Installation,
  by: User,
  action: string,
): void {
  world.emit({
    event: 'installation',
    action,
    sender: by,
    repo: null,
    only: installation,
    payload: () => ({
      installation: installationJson(world, installation),
      repositories: installedRepositories(world, installation).map(shortRepo),
      ...(action === 'created' ? { requester: null } : {}),
      sender: userJson(world, by),
    }),
  })
}

function shortRepo(repo: Repository): JsonObject {
  return {
    id: repo.id,
    node_id: repo.nodeId,
    name: repo.name,
    full_name: fullNameOf(repo),
    private: repo.private,
  }
}
