/** A task's state in plain words: a headline, and one or two sentences that say why it is there and what comes next. */
import type { Attempt, AttemptPhase } from '../domain/attempt.ts'
import type { Gate } from '../domain/gate.ts'
import { shortSha } from '../domain/ids.ts'
import type { Instant } from '../domain/ids.ts'
import { mayPass } from '../domain/leak.ts'
import type { Task } from '../domain/task.ts'
import type { Wait } from '../domain/wait.ts'
import { sayMoment } from './time.ts'
import { ofProvider, sayWait } from './wait.ts'

export interface StateView {
  readonly task: Task
  readonly live: Attempt | null
  readonly wait: Wait | null
  readonly now: Instant
}

export interface StateWords {
  readonly headline: string
  /** Plain text with strangers' words in it: sanitise before it is shown as Markdown. Null: the headline says it all. */
  readonly why: string | null
}

export const PHASES: Readonly<Record<AttemptPhase, string>> = {
  preparing: 'preparing the worktree',
  agent: 'the agent is at work',
  collecting: 'collecting the work',
  verifying: 'running the checks',
}

export function stateWords({ task, live, wait, now }: StateView): StateWords {
  const { state } = task
  switch (state.kind) {
    case 'blocked':
      return { headline: 'Blocked', why: 'It waits until other work is done.' }
    case 'queued':
      return wait === null
        ? { headline: 'Queued', why: 'It starts at the next look, within a second or two.' }
        : { headline: 'Waiting', why: `${capital(sayWait(wait, now))}.` }
    case 'held':
      return { headline: 'Held', why: `Held by @${state.by}: ${state.reason}.` }
    case 'running':
      return {
        headline: `Working, attempt ${live?.n ?? task.attempts}`,
        why: live === null ? null : `${capital(PHASES[live.phase])}${standingIn(task, now)}.`,
      }
    case 'publishing':
      return {
        headline: 'Publishing',
        why: 'The checks are done; the branch and the pull request follow.',
      }
    case 'parked':
      return {
        headline: 'A question waits for a person',
        why: 'It holds no slot meanwhile; the work so far is kept.',
      }
    case 'gated':
      return { headline: 'A person must approve', why: gateWords(task) }
    case 'retrying':
      return {
        headline: `Trying again at ${sayMoment(state.at, now)}`,
        why:
          state.failures === 1
            ? 'The attempt before failed.'
            : `${state.failures} attempts have failed.`,
      }
    case 'in-review':
      return {
        headline: `Pull request #${state.pull.number} waits for review`,
        why: `Its head is ${shortSha(state.pull.head)}. Yardmaster never merges: that is yours.`,
      }
    case 'done':
      return { headline: 'Done', why: sentence(state.reason) }
    case 'failed':
      return { headline: 'Failed', why: sentence(state.reason) }
    case 'cancelled':
      return { headline: 'Withdrawn', why: sentence(state.reason) }
    default:
      return state satisfies never
  }
}

function standingIn({ standIn }: Task, now: Instant): string {
  if (standIn === undefined) return ''
  const { profile, wished, reason, until } = standIn
  return `, with the profile ${profile}, because ${ofProvider({ profile: wished, reason, until }, now)}`
}

function gateWords({ gate }: Task): string | null {
  if (gate === null) return null
  if (gate.kind === 'workflows')
    return `The work is done. All that it changes are workflow files, which Yardmaster may not push: its own comment holds them as a patch for a person. When it is applied, \`/approve ${gate.head}\` ends the task.`
  if (gate.kind === 'secrets') return secretsWords(gate)
  const [path = '', ...more] = gate.paths
  const what = more.length === 0 ? `\`${path}\`` : `\`${path}\` and ${more.length} more`
  return `The work is done and its checks have passed. It changes ${what}, so nothing is pushed before a person with write access says \`/approve ${gate.head}\`. The gate’s own comment shows the change.`
}

function secretsWords({ head, leaks = [] }: Gate): string {
  const names = [...new Set(leaks.map(({ name }) => name))].join(', ')
  const how = leaks.every(mayPass)
    ? `before a person with write access has looked and says \`/approve ${head}\``
    : 'of it; `/revise` sends it back, `/reject` ends it'
  return `The work is done and its checks have passed. Something in it looks like ${names}, so nothing is pushed ${how}. The gate’s own comment says where it stands.`
}

/** Reasons are clauses in lower case, of one or several lines. */
const sentence = (reason: string): string => {
  const text = capital(reason.trim())
  return /[.!?…:]$/.test(text) || text === '' ? text : `${text}.`
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
