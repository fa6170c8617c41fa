// Commits, comparisons, trees and blobs.
import { distance, listCommits, mergeBase, readCommit, isCommit } from '../git/commits.ts'
import { differences } from '../git/differences.ts'
import { readBlob } from '../git/files.ts'
import { git } from '../git/run-git.ts'
import { ok, paged, type Answer, type Call, type Operations } from '../http/operation.ts'
import { commitJson, fileJson, gitCommitJson } from '../present/commit.ts'
import { repoHtmlUrl, repoUrl } from '../present/repository.ts'
import { notFound } from '../world/refusal.ts'
import { nodeId } from '../world/world.ts'
import { resolveCommit } from './resolve-commit.ts'

const READ = ['contents:read'] as const

export const commitOperations: Operations = {
  'git/get-commit': {
    by: 'installation',
    needs: READ,
    run: async (call) => {
      const sha = call.params.text('commit_sha')
      if (!(await isCommit(call.repo.gitDir, sha))) throw notFound()
      return ok(gitCommitJson(call.world, call.repo, await readCommit(call.repo.gitDir, sha)))
    },
  },
  'git/get-blob': {
    by: 'installation',
    needs: READ,
    run: async (call) => {
      const { repo, world } = call
      const sha = call.params.text('file_sha')
      const type = await git(repo.gitDir, ['cat-file', '-t', sha], { codes: [128] })
      if (type !== 'blob') throw notFound()
      const data = await readBlob(repo.gitDir, sha)
      return ok({
        sha,
        node_id: nodeId('B', repo.id),
        size: data.length,
        url: `${repoUrl(world, repo)}/git/blobs/${sha}`,
        content: data.toString('base64'),
        encoding: 'base64',
      })
    },
  },
  'repos/get-commit': {
    by: 'installation',
    needs: READ,
    run: async (call) => {
      const { repo, world } = call
      const sha = await resolveCommit(repo, call.params.text('ref'))
      const commit = await readCommit(repo.gitDir, sha)
      const files = await differences(repo.gitDir, commit.parents[0] ?? null, sha)
      const additions = files.reduce((sum, file) => sum + file.additions, 0)
      const deletions = files.reduce((sum, file) => sum + file.deletions, 0)
      return ok({
        ...commitJson(world, repo, commit),
        stats: { additions, deletions, total: additions + deletions },
        files: files.map((file) => fileJson(world, repo, sha, file)),
      })
    },
  },
  'repos/list-commits': {
    by: 'installation',
    needs: READ,
    run: async (call) => {
      const { query, repo, world } = call
      const sha = await resolveCommit(repo, query.maybe('sha') ?? repo.defaultBranch)
      const commits = await listCommits(repo.gitDir, [sha])
      return paged(call, commits.toReversed(), (commit) => commitJson(world, repo, commit))
    },
  },
  'repos/compare-commits-with-basehead': {
    by: 'installation',
    needs: READ,
    run: async (call) => compare(call),
  },
}

async function compare(call: Call): Promise<Answer> {
  const { repo, world } = call
  const basehead = call.params.text('basehead')
  const [baseName, headName] = basehead.split('...')
  if (baseName === undefined || headName === undefined) throw notFound()
  const base = await resolveCommit(repo, own(baseName))
  const head = await resolveCommit(repo, own(headName))
  const fork = await mergeBase(repo.gitDir, base, head)
  if (fork === null) throw notFound()
  const [{ ahead, behind }, commits, files, baseCommit, forkCommit] = await Promise.all([
    distance(repo.gitDir, base, head),
    listCommits(repo.gitDir, [`${base}..${head}`]),
    differences(repo.gitDir, fork, head),
    readCommit(repo.gitDir, base),
    readCommit(repo.gitDir, fork),
  ])
  const html = `${repoHtmlUrl(world, repo)}/compare/${encodeURIComponent(basehead)}`
  return ok({
    url: `${repoUrl(world, repo)}/compare/${encodeURIComponent(basehead)}`,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: commitJson(world, repo, baseCommit),
    merge_base_commit: commitJson(world, repo, forkCommit),
    status: statusOf(ahead, behind),
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: commits.map((commit) => commitJson(world, repo, commit)),
    files: files.map((file) => fileJson(world, repo, head, file)),
  })
}

/** `owner:branch` is the same as `branch` where there are no forks. */
function own(name: string): string {
  return name.includes(':') ? (name.split(':')[1] ?? '') : name
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged'
  if (ahead > 0) return 'ahead'
  return behind > 0 ? 'behind' : 'identical'
}
