/** Puts the GitHub edge together. What composes the product needs no other file of this folder but `webhook.ts`. */
import { SETTLE } from '../domain/deadline.ts'
import type { InstallationId } from '../domain/ids.ts'
import type { Secrets } from '../policy/secrets/secrets.ts'
import type { Clock } from '../ports/clock.ts'
import type { Board } from '../ports/board.ts'
import type { CodeHost } from '../ports/code-host.ts'
import type { GitRemote } from '../ports/git.ts'
import type { Log } from '../ports/log.ts'
import type { PaceBook } from '../ports/pace-book.ts'
import type { Deliveries, Installations, Tracker } from '../ports/tracker.ts'
import { createAppClient, readablePem } from './app-client.ts'
import { createBoard } from './board/create-board.ts'
import { makeBoard } from './board/make-board.ts'
import type { BoardMade, BoardWish } from './board/make-board.ts'
import { createBreaker, type Down } from './breaker.ts'
import { createClient, type Client, type Gate } from './client.ts'
import { createCounters, type GitHubCounters } from './counters.ts'
import type { Digests } from '../ports/digests.ts'
import { createDigests } from './digests.ts'
import { createDeliveries } from './deliveries.ts'
import { createFiles } from './files.ts'
import { createGovernor } from './governor.ts'
import { createLeaveClean } from './leave-clean.ts'
import { createIdentity, type CredentialCheck, type Identity } from './identity.ts'
import { createInstallations } from './installations.ts'
import { deriveMarkerKey } from './marker.ts'
import { createMint } from './mint.ts'
import { createPulls } from './pulls.ts'
import { createGitRemote } from './remote.ts'
import { createTokens, onlyToken } from './tokens.ts'
import { createTracker } from './create-tracker.ts'

export interface GitHubOptions {
  readonly appId: number
  /** The PEM that GitHub offered for download. */
  readonly privateKey: string
  /** `https://api.github.com`, or `https://HOST/api/v3` of a server. */
  readonly baseUrl: string
  /** `https://github.com`, or a server's address: where people and git go. */
  readonly webUrl: string
  /** What must not leave; minted tokens are added. */
  readonly secrets: Secrets
  readonly clock: Clock
  readonly log: Log
  /** At least this long between two writes through one installation. GitHub asks for 1,000. */
  readonly paceMilliseconds: number
  /** Where what was spent of GitHub's limits is kept, shared by all processes of one store. */
  readonly book: PaceBook
  /** Names this life of this process in the book; no other has the same. */
  readonly instance: string
  /** Numeric ids of the repositories that are served; null: every one that the App is installed on. */
  /** A person's classic token with the scope `project`, for boards of accounts of people; used for nothing else. */
  readonly boardToken?: string | null
  readonly allowed: readonly number[] | null
  /** How long an answer about somebody's permission holds; 60,000 at most, which is the default. */
  readonly permissionCacheMilliseconds?: number
  /** How long a creation whose answer was lost may still appear; 60,000 by default (rule). */
  readonly settleMilliseconds?: number
  /** How long one request may take; 15,000 by default. */
  readonly timeoutMilliseconds?: number
}

export interface GitHub {
  readonly tracker: Tracker
  readonly board: Board
  /** Makes a project, or adopts one. */
  readonly makeBoard: (wish: BoardWish) => Promise<BoardMade>
  readonly codeHost: CodeHost
  readonly digests: Digests
  readonly installations: Installations
  readonly deliveries: Deliveries
  readonly gitRemote: GitRemote
  identity(): Promise<Identity>
  verifyCredentials(): Promise<CredentialCheck>
  /** Live numbers; read them, do not write them. */
  readonly counters: Readonly<GitHubCounters>
  /** Installations that nothing is asked for at present, because they or GitHub do not answer. */
  down(): ReadonlyMap<InstallationId, Down>
  /** Every request it makes passes what guards the requests of that installation. */
  readonly client: Client
  /** Hears no more of other processes. */
  close(): void
}

// A judgement: GitHub itself gives up on a request after ten seconds.
const TIMEOUT = 15_000
const LONGEST_CACHE = 60_000

/** Throws a courteous `WorldFault` when the private key cannot be read. Asks nothing of GitHub yet. */
export function createGitHub(options: GitHubOptions): GitHub {
  const { appId, baseUrl, clock, log, secrets } = options
  const timeoutMilliseconds = options.timeoutMilliseconds ?? TIMEOUT
  const privateKey = readablePem(options.privateKey)
  const counters = createCounters()

  const leave = createLeaveClean(secrets, log)
  secrets.register('the private key of the App', privateKey)

  const app = createAppClient({
    appId,
    privateKey,
    baseUrl,
    timeoutMilliseconds,
    leave,
    clock,
    log,
  })
  const mint = createMint(app, counters)
  const tokens = createTokens({
    clock,
    async mint(scope) {
      const minted = await mint(scope)
      secrets.expire(clock.now())
      secrets.register('a GitHub token of Yardmaster', minted.token, minted.expiresAt)
      return minted
    },
  })
  const gates = new Map<InstallationId, Gate>()
  const openGate = (installation: InstallationId): Gate => ({
    governor: createGovernor({
      clock,
      installation,
      book: options.book,
      instance: options.instance,
      paceMilliseconds: options.paceMilliseconds,
      onHeldBack: () => {
        counters.heldBack += 1
      },
    }),
    breaker: createBreaker({
      clock,
      log,
      installation,
      onOpened: () => {
        counters.doorsShut += 1
      },
      onRefused: () => {
        counters.refusedAtDoor += 1
      },
    }),
  })
  const gateOf = (installation: InstallationId): Gate => {
    const gate = gates.get(installation) ?? openGate(installation)
    gates.set(installation, gate)
    return gate
  }
  const client = createClient({
    baseUrl,
    timeoutMilliseconds,
    tokens,
    gateOf,
    counters,
    leave,
    clock,
    log,
  })

  const personal =
    typeof options.boardToken === 'string'
      ? createClient({
          baseUrl,
          timeoutMilliseconds,
          tokens: onlyToken(options.boardToken),
          gateOf,
          counters,
          leave,
          clock,
          log,
        })
      : null

  const settling = {
    client,
    secrets,
    clock,
    appId,
    markerKey: deriveMarkerKey(privateKey),
    settleMilliseconds: options.settleMilliseconds ?? SETTLE,
  }
  const tracker = createTracker({
    ...settling,
    permissionCacheMilliseconds: Math.min(
      options.permissionCacheMilliseconds ?? LONGEST_CACHE,
      LONGEST_CACHE,
    ),
  })

  return {
    tracker,
    board: createBoard({ client, personal, clock }),
    makeBoard: (wish) => makeBoard({ client, personal }, wish),
    codeHost: { ...createPulls(settling), ...createFiles(client) },
    digests: createDigests({ ...settling, log }),
    deliveries: createDeliveries(app),
    installations: createInstallations({ app, client, allowed: options.allowed }),
    gitRemote: createGitRemote({ webUrl: options.webUrl, tokens, clock }),
    ...createIdentity(app, client),
    counters,
    client,
    down: () =>
      new Map(
        [...gates].flatMap(([installation, { breaker }]) => {
          const down = breaker.down()
          return down === null ? [] : [[installation, down] as const]
        }),
      ),
    close() {
      for (const { governor } of gates.values()) governor.close()
    },
  }
}
