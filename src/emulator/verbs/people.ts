// Verbs about people and repositories.
import { createUser, type NewUser } from '../change/accounts.ts'
import {
  createRepository,
  deleteRepository,
  renameRepository,
  setArchived,
  setRole,
  setVisibility,
} from '../change/repositories.ts'
import { invalid } from '../world/refusal.ts'
import type { BranchRules } from '../world/branch-rules.ts'
import type { Repository } from '../world/issue.ts'
import type { Role, User } from '../world/people.ts'
import { acting, type VerbContext } from './context.ts'

export type RepositoryRequest = {
  /** Login of the owner, and who creates it unless `as` says otherwise. */
  readonly owner: string
  readonly name: string
  readonly as?: string
  readonly description?: string
  readonly private?: boolean
  /** `main` by default; with `fromGit` the source's own. */
  readonly defaultBranch?: string
  /** The first commit: by path (`files`), from a folder (ignored files left out), or a whole git repository. */
  readonly files?: Readonly<Record<string, string | Buffer>>
  readonly fromFolder?: string
  readonly fromGit?: string
}

type ByAdmin = { readonly repo: string; readonly as: string }

export function peopleVerbs({ world }: VerbContext) {
  return {
    createUser: (given: NewUser): User => createUser(world, given),

    /** `owners` administer all its repositories; `members` read them. */
    createOrganization: (given: {
      readonly login: string
      readonly owners: readonly string[]
      readonly members?: readonly string[]
    }): User => {
      const owners = given.owners.map((login) => world.user(login))
      if (owners.length === 0)
        throw invalid({ resource: 'Organization', field: 'owners', code: 'missing' })
      const organization = createUser(world, { login: given.login, type: 'Organization' })
      for (const owner of owners) organization.members.set(owner.id, 'admin')
      for (const login of given.members ?? [])
        organization.members.set(world.user(login).id, 'member')
      return organization
    },

    createRepository: async (given: RepositoryRequest): Promise<Repository> => {
      const owner = world.user(given.owner)
      const [firstOwner] = [...owner.members].filter(([, role]) => role === 'admin')
      const creator =
        given.as === undefined
          ? (world.userById(firstOwner?.[0] ?? 0) ?? owner)
          : world.user(given.as)
      return createRepository(world, { user: creator, app: null }, { ...given, owner })
    },

    addCollaborator: (repo: string, login: string, role: Role): void => {
      const found = world.repository(repo)
      setRole(world, found, { user: found.owner, app: null }, { user: world.user(login), role })
    },

    /** `none` takes the collaborator out. */
    setRole: (repo: string, login: string, role: Role | 'none'): void => {
      const found = world.repository(repo)
      setRole(world, found, { user: found.owner, app: null }, { user: world.user(login), role })
    },

    /** Without rules: changes come by pull request, and that is all. */
    protectBranch: ({
      repo,
      as,
      branch,
      ...rules
    }: ByAdmin & { readonly branch: string } & Partial<BranchRules>): void => {
      const found = world.repository(repo)
      acting(world, found, as, 'admin')
      const none = { by: 'protection', requiredChecks: [], strict: false, approvals: 0 } as const
      found.protectedBranches.set(branch, { ...none, ...rules })
    },

    unprotectBranch: ({ repo, as, branch }: ByAdmin & { readonly branch: string }): void => {
      const found = world.repository(repo)
      acting(world, found, as, 'admin')
      found.protectedBranches.delete(branch)
    },

    renameRepository: ({ repo, as, name }: ByAdmin & { readonly name: string }): void => {
      const found = world.repository(repo)
      renameRepository(world, found, acting(world, found, as, 'admin'), name)
    },

    archive: ({ repo, as }: ByAdmin): void => {
      const found = world.repository(repo)
      setArchived(world, found, acting(world, found, as, 'admin'), true)
    },

    unarchive: ({ repo, as }: ByAdmin): void => {
      const found = world.repository(repo)
      setArchived(world, found, acting(world, found, as, 'admin'), false)
    },

    makePrivate: ({ repo, as }: ByAdmin): void => {
      const found = world.repository(repo)
      setVisibility(world, found, acting(world, found, as, 'admin'), true)
    },

    makePublic: ({ repo, as }: ByAdmin): void => {
      const found = world.repository(repo)
      setVisibility(world, found, acting(world, found, as, 'admin'), false)
    },

    deleteRepository: async ({ repo, as }: ByAdmin): Promise<void> => {
      const found = world.repository(repo)
      await deleteRepository(world, found, acting(world, found, as, 'admin'))
    },
  }
}
