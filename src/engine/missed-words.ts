/**
 * What people said while no webhook told of it. Only words that nobody has edited since: what stood there before cannot
 * be known, and edits carry no commands (T6). Keys are those of the webhooks, so that each comment is taken once.
 */
import { screen } from '../commands/screen.ts'
import type { Actor } from '../domain/actor.ts'
import type { IssueView, TaskFact } from '../domain/fact.ts'
import { taskId } from '../domain/ids.ts'
import type { Instant, TaskId } from '../domain/ids.ts'
import type { Repository } from '../domain/repository.ts'
import { spokenKey } from '../domain/spoken.ts'
import type { Spoken } from '../domain/spoken.ts'
import type { NewFact, WatchedTask } from '../ports/store.ts'
import type { ChangedIssue, CommentFound, ObservedPull } from '../ports/tracker.ts'
import type { EngineDeps } from './deps.ts'

export interface WordsPass {
  readonly repository: Repository
  readonly deps: Pick<EngineDeps, 'store' | 'tracker' | 'slug'>
}

interface Unheard {
  readonly spoken: Spoken
  readonly actor: Actor
  /** It may hold commands. */
  readonly commands: boolean
}

/** `changed`: what the same pass has read of issues already. */
export async function missedComments(
  found: readonly CommentFound[],
  changed: readonly ChangedIssue[],
  pass: WordsPass,
): Promise<readonly NewFact[]> {
  const facts: NewFact[] = []
  for (const comment of found) {
    const { id, on, number, text, at, author, edited } = comment
    if (author === null || edited || comment.byApp === pass.deps.slug) continue
    const one = unheard({ id, on, number, text, at }, author, pass)
    if (one === null) continue
    const fact = on === 'pull' ? await onPull(one, pass) : await onIssue(one, changed, pass)
    if (fact !== null) facts.push(fact)
  }
  return facts
}

/** Of pull requests that their tasks wait for; those of before `since` a former pass has seen. */
export function missedReviews(
  task: WatchedTask,
  pull: ObservedPull,
  pass: WordsPass & { readonly since: Instant },
): readonly NewFact[] {
  return pull.reviews.flatMap((review): readonly NewFact[] => {
    const { id, text, at, author, edited } = review
    if (author === null || edited || at < pass.since) return []
    const one = unheard({ id, on: 'review', number: pull.number, text, at }, author, pass)
    if (one === null || (!one.commands && task.state.kind !== 'parked')) return []
    return [found(one, task.id, null, pass)]
  })
}

/** GitHub tells moments in whole seconds: what was said within the second of our first sight may have come after it. Milliseconds. */
const SECOND = 1_000

/** Bots are not heard, and words of before our first sight are nobody's orders. */
function unheard(spoken: Spoken, actor: Actor, { repository, deps }: WordsPass): Unheard | null {
  if (actor.kind === 'bot' || spoken.at <= repository.firstSeen - SECOND) return null
  const screened = screen(spoken.text, { slug: deps.slug, commands: 'bare' })
  return { spoken, actor, commands: screened.kind !== 'nothing' }
}

async function onPull(one: Unheard, pass: WordsPass): Promise<NewFact | null> {
  if (!one.commands) return null
  const task = await pass.deps.store.findByPull(pass.repository.id, one.spoken.number)
  return task === null ? null : found(one, task.id, null, pass)
}

async function onIssue(
  one: Unheard,
  changed: readonly ChangedIssue[],
  pass: WordsPass,
): Promise<NewFact | null> {
  const { repository, deps } = pass
  const { number } = one.spoken
  if (!one.commands) {
    const task = await deps.store.find(repository.id, number)
    return task?.state.kind === 'parked' ? found(one, task.id, null, pass) : null
  }
  const read =
    changed.find(({ issue }) => issue.number === number) ??
    (await deps.tracker.issue(repository, number))
  if (read === null || read === 'gone') return null
  return found(one, taskId(repository.id, read.issue.id), read.issue, pass)
}

function found(
  { spoken, actor, commands }: Unheard,
  task: TaskId,
  issue: IssueView | null,
  { repository }: WordsPass,
): NewFact {
  const fact: TaskFact = commands
    ? { kind: 'commanded', spoken, actor, issue, via: 'reconcile' }
    : { kind: 'replied', spoken, actor, via: 'reconcile' }
  return {
    source: 'reconcile',
    key: spokenKey(repository.id, spoken),
    aggregate: `task:${task}`,
    repo: repository,
    fact,
  }
}
