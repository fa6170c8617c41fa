/** Pull requests from our branches: found before created, so that a lost answer opens no second one. */
import { sha } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { PullRef } from '../domain/task.ts'
import type { CodeHost, PullView, PullWanted } from '../ports/code-host.ts'
import { WorldFault } from '../ports/fault.ts'
import { readBranches } from './branches.ts'
import { pullNow } from './pull-now.ts'
import { createReviewReplies, type RepliesOptions } from './review-replies.ts'
import { reviewAsked } from './review-asked.ts'
import { reviewWords } from './review-words.ts'

interface RestPull {
  readonly number: number
  readonly html_url: string
  readonly state: string
  readonly title: string
  readonly body: string | null
  readonly merged_at: string | null
  readonly head: { readonly sha: string; readonly repo: { readonly id: number } | null }
}

export interface PullsOptions extends Omit<RepliesOptions, 'unsettled'> {
  readonly appId: number
}

export function createPulls(
  options: PullsOptions,
): Omit<CodeHost, 'root' | 'file' | 'proposeFile'> {
  const { client, appId } = options

  async function find(
    repo: RepoRef,
    branch: string,
    state: 'open' | 'all',
  ): Promise<RestPull | null> {
    const { data } = await client.on(repo, 'look').rest.pulls.list({
      owner: repo.owner,
      repo: repo.name,
      head: `${repo.owner}:${branch}`,
      state,
      sort: 'created',
      direction: 'desc',
      per_page: 10,
    })
    // A fork of the same owner under another name may have such a branch too.
    return data.find((pull) => pull.head.repo?.id === repo.id) ?? null
  }

  async function openPull(repo: RepoRef, wanted: PullWanted): Promise<PullRef> {
    const open = await find(repo, wanted.branch, 'open')
    return open === null ? await create(repo, wanted) : await take(repo, open, wanted)
  }

  async function create(repo: RepoRef, wanted: PullWanted): Promise<PullRef> {
    try {
      const { data } = await client.write(repo, 'pull', going(wanted)).rest.pulls.create({
        owner: repo.owner,
        repo: repo.name,
        head: wanted.branch,
        base: wanted.base,
        title: wanted.title,
        body: wanted.body,
        draft: wanted.draft,
      })
      return refOf(data)
    } catch (error) {
      if (!(error instanceof WorldFault) || !/already exists/i.test(error.message)) throw error
      // A list can lag behind; GitHub itself allows one open pull request per branch and base.
      const open = await find(repo, wanted.branch, 'open')
      if (open === null) throw error
      return await take(repo, open, wanted)
    }
  }

  async function take(repo: RepoRef, open: RestPull, wanted: PullWanted): Promise<PullRef> {
    if (open.title !== wanted.title || open.body !== wanted.body)
      await client.write(repo, 'pull', going(wanted)).rest.pulls.update({
        owner: repo.owner,
        repo: repo.name,
        pull_number: open.number,
        title: wanted.title,
        body: wanted.body,
      })
    return refOf(open)
  }

  return {
    openPull,
    ...createReviewReplies({ ...options, unsettled: new Map() }),
    reviewAsked: (repo, pull) => reviewAsked(client, repo, pull),
    pullNow: (repo, number) => pullNow({ client, appId }, repo, number),
    reviewWords: (repo, at) => reviewWords(client, repo, at),
    branches: (repo, prefix) => readBranches(client, repo, prefix),
    async findPull(repo, branch): Promise<PullView | null> {
      const pull = await find(repo, branch, 'all')
      if (pull === null) return null
      const state = pull.state === 'open' ? 'open' : 'closed'
      return { ...refOf(pull), state, merged: pull.merged_at !== null }
    },
  }
}

const going = ({ notAfter }: PullWanted) => ({ lane: 'act', notAfter }) as const

const refOf = (pull: Pick<RestPull, 'number' | 'html_url' | 'head'>): PullRef => ({
  number: pull.number,
  url: pull.html_url,
  head: sha(pull.head.sha),
})
