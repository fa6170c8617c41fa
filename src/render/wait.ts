/** Why a queued task does not start, in one plain sentence that is shown verbatim on every surface. */
import { shortSha } from '../domain/ids.ts'
import type { Instant } from '../domain/ids.ts'
import { CONFIG_PATH } from './config-path.ts'
import type { Wait } from '../domain/wait.ts'
import { dollars, sayBudget, sayTotal } from './budget.ts'
import { sayPause } from './pause.ts'
import { plainLine } from './plain.ts'
import { sayMoment } from './time.ts'

/** Plain text, no Markdown, without a full stop. `now` tells whether a moment needs its day. */
export function sayWait(wait: Wait, now: Instant | null = null): string {
  switch (wait.kind) {
    case 'no-slot':
      return `no slot: ${wait.used} of ${wait.cap} ${whose(wait.of)}${ahead(wait.ahead)}`
    case 'no-configuration':
      return `no configuration: commit ${CONFIG_PATH} to ${wait.branch}`
    case 'broken-configuration':
      return broken(wait)
    case 'unknown-profile':
      return `there is no profile "${plainLine(wait.name, 50)}"; the operator offers ${list(wait.known)}`
    case 'red-base':
      return `${wait.branch} is already red at ${shortSha(wait.sha)}`
    case 'profile-paused':
      return [wait, ...(wait.fallbacks ?? [])]
        .map((one) => ofProvider(one, now))
        .join('; its fallback ')
    case 'repository-paused':
      return wait.until === null
        ? `${sayPause(wait)}; the comment /resume ends that`
        : `this repository is paused${until(wait.until, now)}: ${plainLine(wait.reason)}`
    case 'yard-paused':
      return sayPause(wait)
    case 'actor-quota':
      return `@${wait.login} has started ${wait.cap} attempts in 24 hours, which is all the operator allows`
    case 'task-budget':
      return `its budget of ${sayBudget(wait.budget, wait.spent)} is spent (${sayTotal(wait.spent)}); a person is asked`
    case 'day-budget':
      return dayBudget(wait, now)
    case 'not-allowed':
      return 'this repository is not among those that the operator serves'
    case 'gone':
      return `nothing can run here: ${plainLine(wait.reason)}`
    case 'no-jail':
      return `${wait.profile} does not run without a sandbox, and this host has none: ${plainLine(wait.fix)}`
    case 'no-program':
      return `${wait.profile} waits for its program ${plainLine(wait.program, 100)}, which is not on the host: ${plainLine(wait.fix)}`
    case 'no-runner':
      return noRunner(wait)
    case 'runners-busy':
      return `no slot: ${busy(wait)}`
    case 'runner-too-old':
      return `the runner ${plainLine(wait.name, 50)} is too old (${plainLine(wait.version, 20)}): update it`
    case 'former-attempt':
      return 'the attempt before this one is still being ended'
    case 'suspect':
      return `its process died ${wait.losses} times, as did that of a task which runs now; such tasks run one at a time, to find the cause`
    case 'no-room':
      return 'the disk of the host is full; work goes on when there is room'
    case 'open-reviews':
      return `${wait.open === 1 ? '1 PR waits' : `${wait.open} PRs wait`} for review (cap ${wait.cap})`
    case 'unread':
      return 'the default branch has not been read yet'
    default:
      return wait satisfies never
  }
}

function whose(of: Extract<Wait, { kind: 'no-slot' }>['of']): string {
  switch (of.limit) {
    case 'total':
      return 'busy'
    case 'repository':
      return 'busy in this repository'
    case 'tier':
      return `${of.tier} busy`
    default:
      return of satisfies never
  }
}

function noRunner({ profile, tier, up }: Extract<Wait, { kind: 'no-runner' }>): string {
  if (up === 0) return 'no runner is up: start Yardmaster, or a runner beside it'
  const what = tier === null ? profile : `${profile} (tier ${tier})`
  return `no runner takes ${what} in this repository: start one, or widen what one of them takes`
}

function busy({ profile, runners, places }: Extract<Wait, { kind: 'runners-busy' }>): string {
  const whose = runners === 1 ? `the runner that takes` : `the ${runners} runners that take`
  return places === 1
    ? `the one place of ${whose} ${profile} is busy`
    : `all ${places} places of ${whose} ${profile} are busy`
}

function ahead(count: number): string {
  if (count === 0) return ''
  if (count === 1) return '; one of this repository’s tasks goes first'
  const said = count <= 3 ? String(count) : `more than ${count - 1}`
  return `; ${said} of this repository’s tasks go first`
}

function broken(wait: Extract<Wait, { kind: 'broken-configuration' }>): string {
  const [first] = wait.problems
  const where = `${CONFIG_PATH} on ${wait.branch} cannot be used`
  if (first === undefined) return where
  const line = first.line === null ? '' : `line ${first.line}: `
  const key = first.path === '' ? '' : `${first.path}: `
  const more = wait.problems.length - 1
  return `${where}: ${line}${plainLine(`${key}${first.message}`)}${more === 0 ? '' : ` (and ${more} more)`}`
}

/** Reasons come as "it is at its limit" or "its login was refused"; the profile takes the place of the pronoun. */
export function ofProvider(
  wait: Pick<Extract<Wait, { kind: 'profile-paused' }>, 'profile' | 'reason' | 'until'>,
  now: Instant | null,
): string {
  const reason = plainLine(wait.reason)
  if (reason.startsWith('it ')) {
    return `${wait.profile} ${reason.slice(3)}${until(wait.until, now)}`
  }
  const said = reason.startsWith('its ')
    ? `${wait.profile}’s ${reason.slice(4)}`
    : `${wait.profile} is paused: ${reason}`
  return wait.until === null ? said : `${said}; next try at ${sayMoment(wait.until, now)}`
}

/** Without what was spent: it changes with each attempt, and each change is an edit for every task that waits. */
const dayBudget = (wait: Extract<Wait, { kind: 'day-budget' }>, now: Instant | null): string =>
  wait.until === null
    ? `the repository's budget of ${dollars(wait.budget.cost)} a day is spent, or set aside for what runs`
    : `the repository's budget of ${dollars(wait.budget.cost)} a day is spent; work goes on at ${sayMoment(wait.until, now)}`

const until = (at: Instant | null, now: Instant | null): string =>
  at === null ? '' : ` until ${sayMoment(at, now)}`

const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '))
