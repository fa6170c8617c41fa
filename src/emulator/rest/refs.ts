// Refs over the API, with the same protection as pushes.
import { moveRef } from '../change/refs.ts'
import { isAncestor } from '../git/commits.ts'
import { git } from '../git/run-git.ts'
import { created, NO_CONTENT, ok, paged, type Call, type Operations } from '../http/operation.ts'
import { refJson } from '../present/commit.ts'
import { notFound, unprocessable, type JsonObject } from '../world/refusal.ts'
import type { Repository } from '../world/issue.ts'

const READ = ['contents:read'] as const
const WRITE = ['contents:write'] as const

export const refOperations: Operations = {
  'git/get-ref': {
    by: 'installation',
    needs: READ,
    run: async (call) => ok(await present(call, existing(call))),
  },
  'git/list-matching-refs': {
    by: 'installation',
    needs: READ,
    run: async (call) => {
      const prefix = `refs/${call.params.text('ref')}`
      const found = [...call.repo.refs].filter(([ref]) => ref.startsWith(prefix))
      const shown = await Promise.all(found.map(([ref, sha]) => present(call, { ref, sha })))
      return paged(call, shown, (json) => json)
    },
  },
  'git/create-ref': {
    by: 'installation',
    needs: WRITE,
    run: async (call) => {
      const ref = call.body.text('ref')
      const sha = call.body.text('sha')
      if (!/^refs\/(heads|tags)\/.+/.test(ref)) {
        throw unprocessable("Reference name must start with 'refs/' and contain at least 2 slashes")
      }
      if (call.repo.refs.has(ref)) throw unprocessable('Reference already exists')
      await typeOf(call.repo, sha)
      await moveRef(call.world, call.repo, call.actor, { ref, to: sha })
      const json = await present(call, { ref, sha })
      return created(json, String(json['url']))
    },
  },
  'git/update-ref': {
    by: 'installation',
    needs: WRITE,
    run: async (call) => {
      const { repo } = call
      const { ref, sha: old } = existing(call)
      const sha = call.body.text('sha')
      refuseProtected(repo, ref)
      await typeOf(repo, sha)
      if (!call.body.flag('force') && !(await isAncestor(repo.gitDir, old, sha))) {
        throw unprocessable('Update is not a fast forward')
      }
      await moveRef(call.world, repo, call.actor, { ref, to: sha })
      return ok(await present(call, { ref, sha }))
    },
  },
  'git/delete-ref': {
    by: 'installation',
    needs: WRITE,
    run: async (call) => {
      const ref = `refs/${call.params.text('ref')}`
      if (!call.repo.refs.has(ref)) throw unprocessable('Reference does not exist')
      refuseProtected(call.repo, ref)
      await moveRef(call.world, call.repo, call.actor, { ref, to: null })
      return NO_CONTENT
    },
  },
}

function existing(call: Call): { readonly ref: string; readonly sha: string } {
  const ref = `refs/${call.params.text('ref')}`
  const sha = call.repo.refs.get(ref)
  if (sha === undefined) throw notFound()
  return { ref, sha }
}

async function present(
  call: Call,
  given: { readonly ref: string; readonly sha: string },
): Promise<JsonObject> {
  return refJson(call.world, call.repo, { ...given, type: await typeOf(call.repo, given.sha) })
}

async function typeOf(repo: Repository, sha: string): Promise<string> {
  if (/^[0-9a-f]{40}$/.test(sha)) {
    const type = await git(repo.gitDir, ['cat-file', '-t', sha], { codes: [128] })
    if (type !== '') return type
  }
  throw unprocessable('Object does not exist')
}

function refuseProtected(repo: Repository, ref: string): void {
  if (
    ref.startsWith('refs/heads/') &&
    repo.protectedBranches.has(ref.slice('refs/heads/'.length))
  ) {
    throw unprocessable(
      'Protected branch update failed: changes must be made through a pull request.',
    )
  }
}
