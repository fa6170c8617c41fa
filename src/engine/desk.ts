/** The desk of an app: it holds the App's key, so it asks GitHub itself. */
import { mayWrite } from '../domain/actor.ts'
import type { Permission } from '../domain/actor.ts'
import type { Repository } from '../domain/repository.ts'
import type { Task } from '../domain/task.ts'
import type { Briefing, Desk, Held } from '../ports/desk.ts'
import { WorldFault, isPassing } from '../ports/fault.ts'
import type { GitRemote } from '../ports/git.ts'
import type { Store } from '../ports/store.ts'
import type { Comment, Tracker } from '../ports/tracker.ts'
import { visibleText } from '../render/visible.ts'
import type { EngineDeps } from './deps.ts'

export interface DeskDeps extends Pick<EngineDeps, 'clock' | 'log'> {
  readonly store: Pick<Store, 'load'> & {
    readonly repositories: Pick<Store['repositories'], 'get'>
  }
  readonly tracker: Pick<Tracker, 'permission' | 'comments'>
  readonly gitRemote: Pick<GitRemote, 'credential'>
  /** The App's own name and mail address. */
  readonly author: { readonly name: string; readonly email: string }
}

/** How often GitHub is asked for the comments before the agent starts without them. */
const TRIES = 3

export function createDesk(deps: DeskDeps): Desk {
  return {
    async briefing(held) {
      const { task, repository } = await subjectOf(held, deps)
      const comments = await blessedWords(task, repository, deps)
      // Last: a permission is remembered for a while, and reading comments that do not come would make it older still.
      const refusal = await refusalOf(task, repository, deps)
      return { refusal, comments: refusal === null ? comments : [], author: deps.author }
    },
    async credential(held) {
      const { repository } = await subjectOf(held, deps)
      return await deps.gitRemote.credential(repository, 'read')
    },
  }
}

/** What the agent is shown of the comments: those that were blessed, as a reader sees them. */
export async function blessedWords(
  task: Task,
  repository: Repository,
  deps: Pick<DeskDeps, 'tracker' | 'clock' | 'log'>,
): Promise<Briefing['comments']> {
  const comments = await blessedComments(task, repository, deps)
  return comments.map(({ author, body }) => ({
    login: author?.login ?? '',
    body: visibleText(body),
  }))
}

async function subjectOf(
  { attempt, epoch }: Held,
  { store }: DeskDeps,
): Promise<{ readonly task: Task; readonly repository: Repository }> {
  const id = attempt.slice(0, attempt.lastIndexOf('.')) as Task['id']
  const { task, live } = await store.load(id)
  const repository = task === null ? null : await store.repositories.get(task.repo)
  if (task !== null && repository !== null && live?.id === attempt && live.epoch === epoch)
    return { task, repository }
  throw new WorldFault('the attempt is not under way any more', {
    kind: 'conflict',
    applied: 'no',
    operation: 'desk',
  })
}

/** A task may have waited for days: whoever asked for it must still be allowed to, at this moment (I7, T1). */
async function refusalOf(
  { wish }: Task,
  repository: Repository,
  { tracker }: DeskDeps,
): Promise<string | null> {
  if (wish === null) return 'nobody asked for this'
  if (mayWrite(await tracker.permission(repository, wish.by))) return null
  return `@${wish.by.login} asked for this work and has no write access any more; nothing was started`
}

/** Comments that stood, unedited, when the label was set, by people with write access now (T9, T10). */
async function blessedComments(
  task: Task,
  repository: Repository,
  deps: Pick<DeskDeps, 'tracker' | 'clock' | 'log'>,
): Promise<readonly Comment[]> {
  const all = await read(task, repository, deps)
  const at = task.wish?.at ?? 0
  const candidates = all.filter(
    (comment) =>
      !comment.ours &&
      comment.author?.kind === 'person' &&
      comment.createdAt <= at &&
      comment.updatedAt <= at,
  )
  const permissions = new Map<number, Permission>()
  const blessed: Comment[] = []
  for (const comment of candidates) {
    if (comment.author === null) continue
    const permission =
      permissions.get(comment.author.id) ??
      (await deps.tracker.permission(repository, comment.author))
    permissions.set(comment.author.id, permission)
    if (mayWrite(permission)) blessed.push(comment)
  }
  return blessed
}

async function read(
  task: Task,
  repository: Repository,
  { tracker, clock, log }: Pick<DeskDeps, 'tracker' | 'clock' | 'log'>,
): Promise<readonly Comment[]> {
  for (let tried = 1; ; tried++) {
    try {
      return await tracker.comments(repository, task.number)
    } catch (error) {
      if (!isPassing(error)) throw error
      if (tried >= TRIES) {
        log.warn(
          { task: task.id, error: error.message },
          'the comments could not be read; the agent starts without them',
        )
        return []
      }
      await clock.sleep(1_000 * tried)
    }
  }
}
