/** Reads git's words once, here, and says which of the world's faults they mean. */
import { plainText } from '../domain/plain-text.ts'
import { WorldFault, type Applied, type FaultKind } from '../ports/fault.ts'
import type { GitResult } from './run.ts'

export interface FaultContext {
  /** What was attempted, such as `git fetch octo/shop`. */
  readonly operation: string
  readonly applied: Applied
  /** What words that name no cause mean: `transient` where a network was involved. */
  readonly otherwise: FaultKind
}

/** In the order in which they are asked; the first that fits. A 403 by which GitHub tells to slow down is no missing right. */
const SIGNS: readonly (readonly [RegExp, FaultKind])[] = [
  [/rate limit|error: 429|HTTP 429/i, 'rate-limited'],
  [
    /authentication failed|could not read (username|password)|invalid (username|credentials)|error: 401|HTTP 401/i,
    'unauthorised',
  ],
  [
    /error: 403|HTTP 403|permission to \S+ denied|write access to repository not granted/i,
    'forbidden',
  ],
  [/error: 410|HTTP 410|error: 451|HTTP 451/i, 'gone'],
  [
    /repository '[^']*' not found|repository not found|error: 404|HTTP 404|does not appear to be a git repository|not our ref|couldn't find remote ref/i,
    'not-found',
  ],
]

/** Of our own machine, so never in a line that the remote said. */
const LOCAL =
  /no space left on device|disk quota exceeded|read-only file system|too many open files|cannot allocate memory|out of memory|permission denied|input\/output error/i

export function gitFault(result: GitResult, context: FaultContext): WorldFault {
  const { operation, applied, otherwise } = context
  const status = /(?:error:|HTTP) (\d{3})\b/.exec(result.stderr)?.[1]
  return new WorldFault(`${operation}: ${reason(result)}`, {
    kind: kindOf(result, otherwise),
    applied,
    operation,
    ...(status === undefined ? {} : { status: Number(status) }),
  })
}

export const isRefusedCredential = (result: GitResult): boolean =>
  result.code !== 0 && kindOf(result, 'local') === 'unauthorised'

function kindOf(result: GitResult, otherwise: FaultKind): FaultKind {
  if (result.unstarted !== null) return 'local'
  if (result.late) return otherwise === 'local' ? 'local' : 'transient'
  const ours = result.stderr.replace(/^remote:.*$/gm, '')
  const sign = SIGNS.find(([pattern]) => pattern.test(result.stderr))
  if (sign !== undefined) return sign[1]
  return LOCAL.test(ours) ? 'local' : otherwise
}

function reason(result: GitResult): string {
  if (result.unstarted === 'ENOENT') return 'the program git was not found; install it'
  if (result.unstarted !== null) return `git could not be started (${result.unstarted})`
  if (result.late) return 'git did not finish in time'
  const words = remoteWords(result.stderr)
  return words === '' ? `git ended with code ${result.code ?? 'none'}` : words
}

/** What git and the remote said, safe to show: no control characters, no progress, no hints, at most a thousand characters. */
export function remoteWords(stderr: string): string {
  const lines = plainText(stderr)
    .split('\n')
    .map((line) => line.replace(/^(?:remote|fatal|error): ?/, '').trim())
    .filter((line) => line !== '' && !NOISE.test(line))
  return [...new Set(lines)].join('\n').slice(0, 1000).toWellFormed()
}

const NOISE =
  /^(?:hint:|To \S+$|Done$|(?:Enumerating|Counting|Compressing|Writing|Receiving|Resolving|Unpacking) \w+: )/
