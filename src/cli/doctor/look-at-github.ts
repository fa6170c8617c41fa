/** Gathers what GitHub tells with the permissions we have. Reads only; what cannot be read is null, never guessed. */
import type { Octokit } from '@octokit/rest'
import type { RepoPolicy } from '../../domain/settings.ts'
import type { RepoRef } from '../../domain/repository.ts'
import { slug } from '../../domain/repository.ts'
import { createAppClient } from '../../github/app-client.ts'
import { createGitHub } from '../../github/create-github.ts'
import type { GitHub } from '../../github/create-github.ts'
import { createLeaveClean } from '../../github/leave-clean.ts'
import { createMemoryBook } from '../../github/memory-book.ts'
import { readRepoPolicy } from '../../policy/repo-file.ts'
import { WorldFault } from '../../ports/fault.ts'
import { systemClock } from '../../system/clock.ts'
import { createLog } from '../../system/log.ts'
import { secrets } from '../known-secrets.ts'
import type { Environment } from '../environment.ts'
import type { CredentialFacts, WebhookFacts } from './judge-app.ts'
import type { BoardFacts } from './judge-board.ts'
import type { RepositoryFacts } from './judge-repository.ts'

export interface GitHubFacts {
  readonly credentials: CredentialFacts
  /** Null: GitHub did not tell. */
  readonly webhook: WebhookFacts | null
  readonly repositories: readonly RepositoryFacts[]
  /** How many more there are that were not looked at. */
  readonly further: number
}

/** A person waits for the answer, so each request has less time than in real work. Milliseconds. */
const TIMEOUT = 10_000
/** Each costs five requests; more would keep a person waiting. */
const MOST_REPOSITORIES = 20

const NOTHING = { webhook: null, repositories: [], further: 0 }

export async function lookAtGitHub(
  environment: Environment,
  allowed: readonly number[] | null,
): Promise<GitHubFacts> {
  if (environment.app === null) return { credentials: { kind: 'none' }, ...NOTHING }
  const { id: appId, privateKey } = environment.app
  const log = createLog('silent')
  const shared = {
    baseUrl: environment.apiUrl,
    clock: systemClock,
    log,
    secrets,
    timeoutMilliseconds: TIMEOUT,
  }
  try {
    const options = {
      ...shared,
      appId,
      privateKey,
      webUrl: environment.webUrl,
      allowed,
      boardToken: environment.boardToken,
    }
    // It looks and writes nothing, so that its few reads need not be told to a running Yardmaster.
    const book = createMemoryBook(() => systemClock.now())
    const github = createGitHub({ ...options, paceMilliseconds: 1_000, book, instance: 'doctor' })
    const credentials = await github.verifyCredentials()
    if (credentials.kind !== 'accepted') return { credentials, ...NOTHING }
    const app = createAppClient({
      ...shared,
      leave: createLeaveClean(secrets, log),
      appId,
      privateKey,
    })
    const [webhook, repositories] = await Promise.all([
      orNull(() => lookAtWebhook(app)),
      orNull(() => servedRepositories(github)),
    ])
    const all = repositories ?? []
    const look = repositoryLooker(github, credentials.tellsCards)
    return {
      credentials,
      webhook,
      repositories: await Promise.all(all.slice(0, MOST_REPOSITORIES).map(look)),
      further: Math.max(0, all.length - MOST_REPOSITORIES),
    }
  } catch (error) {
    if (!(error instanceof WorldFault)) throw error
    const kind = error.kind === 'unauthorised' ? 'refused' : 'unreachable'
    return { credentials: { kind, reason: error.message }, ...NOTHING }
  }
}

async function lookAtWebhook(app: Octokit): Promise<WebhookFacts> {
  const { data: config } = await app.rest.apps.getWebhookConfigForApp()
  const deliveries = await orNull(async () => {
    const { data } = await app.rest.apps.listWebhookDeliveries({ per_page: 30 })
    return data.map(({ status_code, delivered_at }) => ({ status: status_code, at: delivered_at }))
  })
  return {
    url: config.url === undefined || config.url === '' ? null : config.url,
    hasSecret: config.secret !== undefined && config.secret !== '',
    json: config.content_type !== 'form',
    deliveries,
  }
}

async function servedRepositories({ installations }: GitHub): Promise<readonly RepoRef[]> {
  const found: RepoRef[] = []
  for (const { id, suspended } of await installations.list()) {
    if (!suspended) found.push(...(await installations.repositories(id)))
  }
  return found.filter(({ id }) => installations.serves(id))
}

function repositoryLooker(
  github: GitHub,
  tellsCards: boolean,
): (repo: RepoRef) => Promise<RepositoryFacts> {
  return async (repo) => {
    const octokit = github.client.on(repo, 'look')
    const at = { owner: repo.owner, repo: repo.name }
    const rulesOn = async (branch: string): Promise<readonly string[]> => {
      const { data } = await octokit.rest.repos.getBranchRules({ ...at, branch })
      return data.map(({ type }) => type)
    }
    const [head, rules, branch, rootNames] = await Promise.all([
      orNull(() => github.tracker.readHead(repo)),
      orNull(async () => ({
        base: await rulesOn(repo.defaultBranch),
        ours: await rulesOn('yardmaster/1'),
      })),
      orNull(() => octokit.rest.repos.getBranch({ ...at, branch: repo.defaultBranch })),
      orNull(async () => {
        const { data } = await octokit.rest.repos.getContent({ ...at, path: '' })
        return Array.isArray(data) ? data.map(({ name }) => name) : []
      }),
    ])
    const config = head?.config ?? null
    const policy = readRepoPolicy(config)
    return {
      name: slug(repo),
      defaultBranch: repo.defaultBranch,
      policy,
      board: await lookAtBoard(github, repo, { policy, tellsCards }),
      prefixed: config !== null && /^commands:\s*['"]?prefixed\b/m.test(config),
      rules,
      isProtected: branch?.data.protected ?? null,
      rootNames,
    }
  }
}

async function lookAtBoard(
  { board }: GitHub,
  repo: RepoRef,
  { policy, tellsCards }: { readonly policy: RepoPolicy; readonly tellsCards: boolean },
): Promise<BoardFacts | null> {
  if (policy.kind !== 'ready' || policy.settings.board === null) return null
  const { board: settings } = policy.settings
  const at = { owner: repo.owner, project: settings.project, repo }
  const shape = await board.shape(at).catch((error: unknown) => {
    if (error instanceof WorldFault) return { refused: error.message }
    throw error
  })
  return { settings, shape, tellsCards }
}

/** What GitHub does not tell is left open; a bug of ours is not. */
async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof WorldFault) return null
    throw error
  }
}
