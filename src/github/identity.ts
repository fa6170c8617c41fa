/** Who we are on GitHub, and whether the credentials and permissions that we were given suffice. */
import type { Octokit } from '@octokit/rest'
import { installationId, type Instant } from '../domain/ids.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Client } from './client.ts'
import { moment } from './issues.ts'
import type { Permissions } from './tokens.ts'

export interface Identity {
  /** The App's name in addresses and mentions. */
  readonly slug: string
  readonly id: number
  /** When the App was made: nothing of ours on GitHub is older. */
  readonly createdAt: Instant
  /** The account under which it comments and commits; left out when no installation could be asked. */
  readonly botUserId?: number
}

export type CredentialCheck =
  | {
      readonly kind: 'accepted'
      readonly slug: string
      /** Such as `issues: write`; empty when all is granted. */
      readonly missingPermissions: readonly string[]
      readonly missingEvents: readonly string[]
      /** It hears of cards that people move. */
      readonly tellsCards: boolean
      /** Permissions beyond app.yml that the App holds and should not. */
      readonly dangerous: readonly string[]
    }
  | { readonly kind: 'refused'; readonly reason: string }

/** As in app.yml, but for what boards need. */
export const WANTED_PERMISSIONS: Permissions = {
  issues: 'write',
  pull_requests: 'write',
  contents: 'write',
  checks: 'write',
  statuses: 'read',
  metadata: 'read',
}
export const WANTED_EVENTS: readonly string[] = [
  'issues',
  'issue_comment',
  'pull_request',
  'pull_request_review',
  'check_suite',
  'push',
  'repository',
  'status',
]
/** Wanted only where a repository names a board: an App without it works, and shows everything by labels. */
const BOARD_EVENT = 'projects_v2_item'
const UNWANTED: readonly string[] = ['workflows', 'administration', 'secrets', 'environments']

export function createIdentity(app: Octokit, client: Client) {
  let known: Promise<Identity> | null = null

  async function read(): Promise<Identity> {
    const { data } = await app.rest.apps.getAuthenticated()
    if (data === null) throw notAnApp()
    const { id } = data
    const slug = data.slug ?? String(id)
    const botUserId = await botUser(slug)
    const createdAt = moment(data.created_at)
    return botUserId === null ? { slug, id, createdAt } : { slug, id, createdAt, botUserId }
  }

  /** Only an installation may ask for users. Not to know it costs a prettier commit address, no more. */
  async function botUser(slug: string): Promise<number | null> {
    try {
      const { data: installations } = await app.rest.apps.listInstallations({ per_page: 100 })
      const usable = installations.find(({ suspended_at }) => suspended_at === null)
      if (usable === undefined) return null
      const octokit = client.within(installationId(usable.id))
      const { data } = await octokit.rest.users.getByUsername({ username: `${slug}[bot]` })
      return data.id
    } catch (error) {
      if (error instanceof WorldFault) return null
      throw error
    }
  }

  /** Asked once; a failure is asked again next time. */
  async function identity(): Promise<Identity> {
    const asked = (known ??= read())
    try {
      const found = await asked
      // Installed on nothing yet: ask again later.
      if (found.botUserId === undefined && known === asked) known = null
      return found
    } catch (error) {
      if (known === asked) known = null
      throw error
    }
  }

  /** For `doctor`: never throws for what the operator can mend. A network fault is thrown. */
  async function verifyCredentials(): Promise<CredentialCheck> {
    try {
      const { data } = await app.rest.apps.getAuthenticated()
      if (data === null) throw notAnApp()
      const granted: Readonly<Record<string, string | undefined>> = data.permissions
      return {
        kind: 'accepted',
        slug: data.slug ?? String(data.id),
        missingPermissions: Object.entries(WANTED_PERMISSIONS)
          .filter(([name, level]) => !suffices(granted[name], level))
          .map(([name, level]) => `${name}: ${level}`),
        tellsCards: data.events.includes(BOARD_EVENT),
        missingEvents: WANTED_EVENTS.filter((event) => !data.events.includes(event)),
        dangerous: UNWANTED.filter((name) => granted[name] !== undefined),
      }
    } catch (error) {
      if (!(error instanceof WorldFault)) throw error
      if (error.kind === 'transient' || error.kind === 'rate-limited') throw error
      return { kind: 'refused', reason: error.message }
    }
  }

  return { identity, verifyCredentials }
}

const suffices = (granted: string | undefined, wanted: 'read' | 'write'): boolean =>
  granted === 'admin' || granted === 'write' || granted === wanted

const notAnApp = (): WorldFault =>
  new WorldFault('GitHub knows no App by these credentials.', {
    kind: 'unauthorised',
    applied: 'no',
    operation: 'GET /app',
  })
