/**
 * What must be known before something that happened on a pull request is decided: how GitHub shows it now, and of a
 * review that asks for changes, its words. Only the words of people who may write now are ever read (T10).
 */
import { mayWrite } from '../domain/actor.ts'
import type { Permission } from '../domain/actor.ts'
import type { Subject, World } from '../domain/decide/decision.ts'
import type { TaskFact } from '../domain/fact.ts'
import type { Repository } from '../domain/repository.ts'
import type { Remark } from '../domain/revision.ts'
import { isTerminal } from '../domain/task.ts'
import { visibleText } from '../render/visible.ts'
import type { EngineDeps } from './deps.ts'
import type { Heads } from './heads.ts'
import { roleOf } from './gather-words.ts'

type AboutPull = Extract<
  TaskFact,
  { kind: 'review-submitted' | 'pull-pushed' | 'checks-changed' | 'merges-changed' }
>

const ABOUT_PULL: ReadonlySet<TaskFact['kind']> = new Set([
  'review-submitted',
  'pull-pushed',
  'checks-changed',
  'merges-changed',
] satisfies readonly AboutPull['kind'][])

export const isAboutPull = (fact: TaskFact): fact is AboutPull => ABOUT_PULL.has(fact.kind)

export async function gatherPull(
  { task }: Subject,
  fact: AboutPull,
  repository: Repository,
  {
    deps,
    heads,
  }: { readonly deps: Pick<EngineDeps, 'codeHost' | 'tracker'>; readonly heads: Heads },
): Promise<Pick<World, 'permission' | 'pull' | 'remarks' | 'onto'>> {
  const nothing = { permission: null, pull: null, remarks: [], onto: null }
  if (task.pull === null || isTerminal(task.state)) return nothing
  const { number } = task.pull
  if (fact.kind === 'merges-changed') {
    const [fresh, pull] = await Promise.all([
      heads.refresh(repository),
      deps.codeHost.pullNow(repository, number),
    ])
    return { ...nothing, pull, onto: fresh.head }
  }
  if (fact.kind !== 'review-submitted')
    return { ...nothing, pull: await deps.codeHost.pullNow(repository, number) }
  if (fact.actor === null || fact.actor.kind === 'bot' || fact.pull !== number) return nothing
  const [permission, pull] = await Promise.all([
    roleOf(repository, fact.actor, deps),
    deps.codeHost.pullNow(repository, number),
  ])
  return {
    ...nothing,
    permission,
    pull,
    remarks: await remarksOf({ fact, repository, permission }, deps),
  }
}

interface Reviewed {
  readonly fact: Extract<AboutPull, { kind: 'review-submitted' }>
  readonly repository: Repository
  readonly permission: Permission | null
}

async function remarksOf(
  { fact, repository, permission }: Reviewed,
  { codeHost }: Pick<EngineDeps, 'codeHost'>,
): Promise<readonly Remark[]> {
  const { actor, says, pull, review } = fact
  if (says !== 'changes' || actor === null || permission === null || !mayWrite(permission))
    return []
  const words = await codeHost.reviewWords(repository, { pull, review })
  if (words === null) return []
  const { login } = actor
  return [
    { comment: null, login, path: null, line: null, text: visibleText(words.text) },
    ...words.comments.map(({ id, path, line, text }) => ({
      comment: id,
      login,
      path,
      line,
      text: visibleText(text),
    })),
  ].filter(({ text }) => text.trim() !== '')
}
