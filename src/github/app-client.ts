/** Requests as the App itself, signed with its private key: who we are, where we are installed, and tokens. */
import { createPrivateKey } from 'node:crypto'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { instant, type Instant } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Log } from '../ports/log.ts'
import { classify, limitOf } from './errors.ts'
import { readFailure, type Failure } from './failure.ts'
import { guardedFetch } from './guarded-fetch.ts'
import type { LeaveClean } from './leave-clean.ts'
import { quietLog } from './quiet-log.ts'

export interface AppClientOptions {
  readonly appId: number
  readonly privateKey: string
  readonly baseUrl: string
  readonly timeoutMilliseconds: number
  readonly leave: LeaveClean
  readonly clock: Clock
  readonly log: Log
}

/** An Octokit that signs with the App's key and throws `WorldFault`s only. */
export function createAppClient(options: AppClientOptions): Octokit {
  const octokit = new Octokit({
    baseUrl: options.baseUrl,
    authStrategy: createAppAuth,
    auth: { appId: options.appId, privateKey: readablePem(options.privateKey) },
    log: quietLog(options.log),
    request: { fetch: guardedFetch(options.baseUrl, null, options.leave) },
  })
  octokit.hook.wrap('request', async (request, call) => {
    // In place, because Octokit's hooks are bound to this very object: a copy would be ignored.
    call.request = { ...call.request, signal: AbortSignal.timeout(options.timeoutMilliseconds) }
    try {
      return await request(call)
    } catch (error) {
      const failure = readFailure(error)
      if (failure === null) throw error
      const operation = `${call.method} ${call.url}`
      const effect = call.method === 'GET' ? 'read' : 'edit'
      throw classify(failure, { operation, effect }, retryAt(failure, options.clock))
    }
  })
  return octokit
}

/** Newlines spelled `\n`, as they are in many environment files, are put right. Throws a courteous `WorldFault` when the text is no private key; never with the text in it. */
export function readablePem(privateKey: string): string {
  const pem = privateKey.replaceAll('\\n', '\n').trim()
  try {
    createPrivateKey(pem)
    return pem
  } catch {
    throw new WorldFault(
      "The App's private key cannot be read. It must be the whole PEM file that GitHub offered for download when the key was generated, from -----BEGIN to END-----.",
      { kind: 'unauthorised', applied: 'no', operation: "read the App's private key" },
    )
  }
}

function retryAt(failure: Failure, clock: Clock): Instant | null {
  if (limitOf(failure) === null) return null
  const after = Number(failure.headers['retry-after'] ?? Number.NaN)
  if (Number.isFinite(after)) return instant(clock.now() + after * 1_000)
  const reset = Number(failure.headers['x-ratelimit-reset'] ?? Number.NaN)
  const earliest = clock.now() + 60_000
  return instant(Number.isFinite(reset) ? Math.max(reset * 1_000 + 1_000, clock.now()) : earliest)
}
