// Repositories: creation with first files, collaborators, protection, renaming and deletion.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { initBare, refreshRefs } from '../git/bare-repository.ts'
import { writeCommit } from '../git/commits.ts'
import { treeOfFolder } from '../git/files.ts'
import { importCommit } from '../git/import-commit.ts'
import { git } from '../git/run-git.ts'
import { userJson } from '../present/user.ts'
import { invalid, type JsonObject } from '../world/refusal.ts'
import type { Actor } from '../world/app.ts'
import type { Label, Repository } from '../world/issue.ts'
import type { Role, User } from '../world/people.ts'
import { nodeId, type World } from '../world/world.ts'
import { personOf } from './authorship.ts'

const DEFAULT_LABELS: readonly (readonly [string, string, string])[] = [
  ['bug', 'd73a4a', "Something isn't working"],
  ['documentation', '0075ca', 'Improvements or additions to documentation'],
  ['duplicate', 'cfd3d7', 'This issue or pull request already exists'],
  ['enhancement', 'a2eeef', 'New feature or request'],
  ['good first issue', '7057ff', 'Good for newcomers'],
  ['help wanted', '008672', 'Extra attention is needed'],
  ['invalid', 'e4e669', "This doesn't seem right"],
  ['question', 'd876e3', 'Further information is requested'],
  ['wontfix', 'ffffff', 'This will not be worked on'],
]

export type NewRepository = {
  readonly owner: User
  readonly name: string
  readonly description?: string
  readonly private?: boolean
  readonly defaultBranch?: string
  /** First commit's files by path. */
  readonly files?: Readonly<Record<string, string | Buffer>>
  /** A folder on this machine for the first commit; what its .gitignore names stays out. */
  readonly fromFolder?: string
  /** A git repository on this machine, whose branches and tags are taken over. */
  readonly fromGit?: string
}

export async function createRepository(
  world: World,
  actor: Actor,
  given: NewRepository,
): Promise<Repository> {
  const { owner, name } = given
  if (!/^[\w.-]{1,100}$/.test(name))
    throw invalid({ resource: 'Repository', field: 'name', code: 'invalid' })
  if (world.findRepository(`${owner.login}/${name}`) !== undefined) {
    throw invalid({ resource: 'Repository', field: 'name', code: 'already_exists' })
  }
  const id = world.nextId()
  const now = world.stamp()
  const repo: Repository = {
    id,
    nodeId: nodeId('R', id),
    gitDir: join(world.dataDir, `${id}.git`),
    createdAt: now,
    labels: defaultLabels(world),
    collaborators: new Map(),
    protectedBranches: new Map(),
    refs: new Map(),
    issues: new Map(),
    comments: new Map(),
    reviewComments: new Map(),
    events: [],
    pinned: [],
    gone: new Map(),
    owner,
    name,
    description: given.description ?? null,
    private: given.private ?? false,
    archived: false,
    defaultBranch: given.defaultBranch ?? 'main',
    updatedAt: now,
    pushedAt: now,
    nextNumber: 1,
  }
  await initBare(repo.gitDir, repo.defaultBranch)
  if (given.fromGit !== undefined)
    await takeOver(repo, given.fromGit, given.defaultBranch === undefined)
  else if (given.fromFolder !== undefined) await commitFolder(world, repo, actor, given.fromFolder)
  else if (given.files !== undefined) await firstCommit(world, repo, actor, given.files)
  await refreshRefs(repo)
  world.repositories.set(id, repo)
  world.nodes.set(repo.nodeId, { kind: 'repository', value: repo })
  emitRepository(world, repo, actor, { action: 'created' })
  return repo
}

export function setRole(
  world: World,
  repo: Repository,
  actor: Actor,
  given: { readonly user: User; readonly role: Role | 'none' },
): void {
  const before = repo.collaborators.has(given.user.id)
  if (given.role === 'none') repo.collaborators.delete(given.user.id)
  else repo.collaborators.set(given.user.id, given.role)
  const action = given.role === 'none' ? 'removed' : before ? 'edited' : 'added'
  const changes =
    action === 'removed'
      ? {}
      : { changes: { permission: { to: given.role, ...(before ? { from: '' } : {}) } } }
  world.emit({
    event: 'member',
    action,
    sender: actor.user,
    repo,
    payload: () => ({ member: userJson(world, given.user), ...changes }),
  })
}

export function setVisibility(
  world: World,
  repo: Repository,
  actor: Actor,
  isPrivate: boolean,
): void {
  if (repo.private === isPrivate) return
  repo.private = isPrivate
  repo.updatedAt = world.stamp()
  emitRepository(world, repo, actor, { action: isPrivate ? 'privatized' : 'publicized' })
}

export function setArchived(world: World, repo: Repository, actor: Actor, archived: boolean): void {
  if (repo.archived === archived) return
  repo.archived = archived
  repo.updatedAt = world.stamp()
  emitRepository(world, repo, actor, { action: archived ? 'archived' : 'unarchived' })
}

export function renameRepository(world: World, repo: Repository, actor: Actor, name: string): void {
  if (world.findRepository(`${repo.owner.login}/${name}`) !== undefined) {
    throw invalid({ resource: 'Repository', field: 'name', code: 'already_exists' })
  }
  const changes = { repository: { name: { from: repo.name } } }
  repo.name = name
  repo.updatedAt = world.stamp()
  emitRepository(world, repo, actor, { action: 'renamed', extra: { changes } })
}

export async function deleteRepository(
  world: World,
  repo: Repository,
  actor: Actor,
): Promise<void> {
  emitRepository(world, repo, actor, { action: 'deleted' })
  world.repositories.delete(repo.id)
  world.nodes.delete(repo.nodeId)
  for (const installation of world.installations.values()) installation.repositories.delete(repo)
  await rm(repo.gitDir, { recursive: true, force: true })
}

const FIRST_MESSAGE = 'Initial commit\n'

async function firstCommit(
  world: World,
  repo: Repository,
  actor: Actor,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<void> {
  const ref = `refs/heads/${repo.defaultBranch}`
  const author = personOf(world, actor.user)
  await importCommit(repo.gitDir, { ref, parent: null, files, message: FIRST_MESSAGE, author })
}

async function commitFolder(
  world: World,
  repo: Repository,
  actor: Actor,
  folder: string,
): Promise<void> {
  const tree = await treeOfFolder(repo.gitDir, folder)
  const author = personOf(world, actor.user)
  const commit = { tree, parents: [], message: FIRST_MESSAGE, author, committer: author }
  const sha = await writeCommit(repo.gitDir, commit)
  await git(repo.gitDir, ['update-ref', `refs/heads/${repo.defaultBranch}`, sha])
}

async function takeOver(repo: Repository, source: string, adoptHead: boolean): Promise<void> {
  // Reads another repository's refs and objects only; nothing of its configuration or hooks runs.
  await git(repo.gitDir, [
    'fetch',
    '--quiet',
    '--no-tags',
    '--upload-pack=git -c safe.directory=* upload-pack',
    source,
    '+refs/heads/*:refs/heads/*',
    '+refs/tags/*:refs/tags/*',
  ])
  if (!adoptHead) return
  const listing = await git(repo.gitDir, ['ls-remote', '--symref', source, 'HEAD'])
  const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(listing)?.[1]
  if (branch === undefined) return
  repo.defaultBranch = branch
  await git(repo.gitDir, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`])
}

function defaultLabels(world: World): Map<string, Label> {
  return new Map(
    DEFAULT_LABELS.map(([name, color, description]) => {
      const id = world.nextId()
      return [name, { id, nodeId: nodeId('LA', id), isDefault: true, name, color, description }]
    }),
  )
}

function emitRepository(
  world: World,
  repo: Repository,
  actor: Actor,
  given: { readonly action: string; readonly extra?: JsonObject },
): void {
  const { action, extra = {} } = given
  world.emit({ event: 'repository', action, sender: actor.user, repo, payload: () => extra })
}
