// Repositories, collaborators and branches.
import { roleOf } from '../auth/role.ts'
import { readCommit } from '../git/commits.ts'
import { NO_CONTENT, ok, paged, type Call, type Operations } from '../http/operation.ts'
import { commitJson } from '../present/commit.ts'
import { fullRepoJson, repoHtmlUrl, repoJson, repoUrl, roleFlags } from '../present/repository.ts'
import { userJson } from '../present/user.ts'
import { notFound, type JsonObject } from '../world/refusal.ts'
import type { Role } from '../world/people.ts'

const HEADS = 'refs/heads/'
const NO_FLAGS = roleFlags('none')

export const repoOperations: Operations = {
  'repos/get': {
    by: 'installation',
    needs: ['metadata:read'],
    run: (call) => ok(repository(call)),
  },
  'repos/get-by-id': {
    by: 'installation',
    needs: ['metadata:read'],
    run: (call) => ok(repository(call)),
  },
  'repos/list-for-org': {
    by: 'installation',
    needs: ['metadata:read'],
    run: (call) => {
      const org = call.world.user(call.params.text('org'))
      const repos = [...call.world.repositories.values()].filter((repo) => repo.owner === org)
      return paged(call, repos, (repo) => ({
        ...repoJson(call.world, repo),
        permissions: NO_FLAGS,
      }))
    },
  },
  'repos/get-all-topics': {
    by: 'installation',
    needs: ['metadata:read'],
    run: () => ok({ names: [] }),
  },
  'repos/get-collaborator-permission-level': {
    by: 'installation',
    needs: ['metadata:read'],
    run: (call) => {
      const user = call.world.user(call.params.text('username'))
      const role = roleOf(call.repo, user)
      return ok({
        permission: legacyPermission(role),
        role_name: role,
        user: { ...userJson(call.world, user), permissions: roleFlags(role), role_name: role },
      })
    },
  },
  'repos/check-collaborator': {
    by: 'installation',
    needs: ['metadata:read'],
    run: (call) => {
      const user = call.world.user(call.params.text('username'))
      const { repo } = call
      if (repo.owner !== user && !repo.collaborators.has(user.id)) throw notFound()
      return NO_CONTENT
    },
  },
  'repos/list-collaborators': {
    by: 'installation',
    needs: ['metadata:read'],
    run: (call) => {
      const { repo, world } = call
      const users = [...world.users.values()].filter(
        (user) => user === repo.owner || repo.collaborators.has(user.id),
      )
      return paged(
        call,
        users.filter((user) => user.type === 'User'),
        (user) => {
          const role = roleOf(repo, user)
          return { ...userJson(world, user), permissions: roleFlags(role), role_name: role }
        },
      )
    },
  },
  'repos/list-branches': {
    by: 'installation',
    needs: ['contents:read'],
    run: (call) => {
      const { repo, world } = call
      const branches = [...repo.refs].filter(([ref]) => ref.startsWith(HEADS))
      return paged(call, branches, ([ref, sha]) => {
        const name = ref.slice(HEADS.length)
        const commit = { sha, url: `${repoUrl(world, repo)}/commits/${sha}` }
        return { name, commit, protected: repo.protectedBranches.has(name) }
      })
    },
  },
  'repos/get-branch': {
    by: 'installation',
    needs: ['contents:read'],
    run: async (call) => {
      const { repo, world } = call
      const name = call.params.text('branch')
      const sha = repo.refs.get(`${HEADS}${name}`)
      if (sha === undefined) throw notFound()
      const rules = repo.protectedBranches.get(name)
      const classic = rules?.by === 'protection' ? rules : null
      const contexts = classic?.requiredChecks ?? []
      const self = `${repoUrl(world, repo)}/branches/${encodeURIComponent(name)}`
      return ok({
        name,
        commit: commitJson(world, repo, await readCommit(repo.gitDir, sha)),
        _links: { self, html: `${repoHtmlUrl(world, repo)}/tree/${name}` },
        protected: rules !== undefined,
        protection: {
          enabled: classic !== null,
          required_status_checks: {
            enforcement_level: contexts.length === 0 ? 'off' : 'everyone',
            contexts,
            checks: contexts.map((context) => ({ context, app_id: null })),
          },
        },
        protection_url: `${self}/protection`,
      })
    },
  },
}

function repository(call: Call): JsonObject {
  return { ...fullRepoJson(call.world, call.repo), permissions: NO_FLAGS }
}

/** The older four-step scale, which the `permission` field still speaks. */
function legacyPermission(role: Role | 'none'): string {
  if (role === 'maintain') return 'write'
  return role === 'triage' ? 'read' : role
}
