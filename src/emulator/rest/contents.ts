// Files at a ref: as JSON with base64, as raw bytes, or as a directory listing.
import { commitToBranch } from '../change/refs.ts'
import { readCommit } from '../git/commits.ts'
import { entriesIn, entryAt, readBlob, type Entry } from '../git/files.ts'
import { created, ok, type Answer, type Call, type Operations } from '../http/operation.ts'
import { gitCommitJson } from '../present/commit.ts'
import { repoHtmlUrl, repoUrl } from '../present/repository.ts'
import { conflict, notFound, unprocessable, type JsonObject } from '../world/refusal.ts'
import { resolveCommit } from './resolve-commit.ts'

const MAX_JSON_BYTES = 1024 * 1024
const TYPE = { blob: 'file', tree: 'dir', commit: 'submodule' } as const

export const contentOperations: Operations = {
  'repos/get-content': {
    by: 'installation',
    needs: ['contents:read'],
    run: async (call) => {
      const path = call.params.text('path').replace(/^\/|\/$/g, '')
      return content(call, path)
    },
  },
  'repos/create-or-update-file-contents': {
    by: 'installation',
    needs: ['contents:write'],
    run: (call) => write(call),
  },
  'repos/get-readme': {
    by: 'installation',
    needs: ['contents:read'],
    run: async (call) => {
      const sha = await commitFor(call)
      const entries = await entriesIn(call.repo.gitDir, sha, '')
      const readme = entries.find((entry) => /^readme(\.\w+)?$/i.test(entry.path))
      if (readme === undefined) throw notFound()
      return content(call, readme.path)
    },
  },
}

async function content(call: Call, path: string): Promise<Answer> {
  const { gitDir } = call.repo
  const sha = await commitFor(call)
  const entry = await entryAt(gitDir, sha, path)
  if (entry === null) throw notFound()
  const ref = call.query.maybe('ref') ?? call.repo.defaultBranch
  if (entry.type === 'tree') {
    const entries = await entriesIn(gitDir, sha, path)
    return ok(entries.map((one) => ({ ...entryJson(call, one, ref), type: TYPE[one.type] })))
  }
  const data = new Uint8Array(await readBlob(gitDir, entry.sha))
  if (/application\/vnd\.github(\.v3)?\.raw/.test(call.accept)) {
    return { status: 200, bytes: { type: 'application/vnd.github.raw; charset=utf-8', data } }
  }
  const large = data.length > MAX_JSON_BYTES
  return ok({
    ...entryJson(call, entry, ref),
    type: 'file',
    content: large ? '' : inLines(Buffer.from(data).toString('base64')),
    encoding: large ? 'none' : 'base64',
  })
}

/** A new file has no `sha` of a former one; an edit must name what it replaces. */
async function write(call: Call): Promise<Answer> {
  const { repo, body } = call
  const path = call.params.text('path')
  const branch = body.maybe('branch') ?? repo.defaultBranch
  const ref = `refs/heads/${branch}`
  const parent = repo.refs.get(ref)
  if (parent === undefined) throw notFound()
  if (repo.protectedBranches.has(branch))
    throw conflict('Repository rule violations found: changes must be made through a pull request.')
  const former = await entryAt(repo.gitDir, parent, path)
  const replaces = body.maybe('sha')
  if (former !== null && replaces === null)
    throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.')
  if (former !== null && replaces !== former.sha)
    throw conflict(`${path} does not match ${replaces ?? ''}`)
  const sha = await commitToBranch(call.world, repo, call.actor, {
    ref,
    parent,
    files: { [path]: Buffer.from(body.text('content'), 'base64') },
    message: body.text('message'),
  })
  const entry = await entryAt(repo.gitDir, sha, path)
  if (entry === null) throw new Error(`${path} was committed and is not there`)
  const json = {
    content: { ...entryJson(call, entry, branch), type: 'file' },
    commit: gitCommitJson(call.world, repo, await readCommit(repo.gitDir, sha)),
  }
  return former === null ? created(json, String(entryJson(call, entry, branch)['url'])) : ok(json)
}

async function commitFor(call: Call): Promise<string> {
  return resolveCommit(call.repo, call.query.maybe('ref') ?? call.repo.defaultBranch)
}

function entryJson(call: Call, entry: Entry, ref: string): JsonObject {
  const { repo, world } = call
  const path = entry.path.split('/').map(encodeURIComponent).join('/')
  const self = `${repoUrl(world, repo)}/contents/${path}?ref=${encodeURIComponent(ref)}`
  const isBlob = entry.type === 'blob'
  const kind = isBlob ? 'blob' : 'tree'
  const git = `${repoUrl(world, repo)}/git/${kind}s/${entry.sha}`
  const html = `${repoHtmlUrl(world, repo)}/${kind}/${encodeURIComponent(ref)}/${path}`
  return {
    name: entry.path.split('/').at(-1) ?? '',
    path: entry.path,
    sha: entry.sha,
    size: entry.size,
    url: self,
    html_url: html,
    git_url: git,
    download_url: isBlob
      ? `${repoHtmlUrl(world, repo)}/raw/${encodeURIComponent(ref)}/${path}`
      : null,
    _links: { self, git, html },
  }
}

/** GitHub breaks base64 every 60 characters. */
function inLines(text: string): string {
  return text.replaceAll(/.{60}/g, '$&\n').replace(/[^\n]$/, '$&\n')
}
