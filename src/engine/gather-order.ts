/**
 * What must be known before a command without a comment is obeyed. A button shows no text, so that a retry by it is good
 * only for the text that was approved before (T9). What the operator orders on the host needs nobody's permission.
 */
import type { IssueNow, Subject, World } from '../domain/decide/decision.ts'
import type { TaskFact } from '../domain/fact.ts'
import type { Repository } from '../domain/repository.ts'
import { snapshotHash } from '../domain/snapshot.ts'
import { visibleText, visibleTitle } from '../render/visible.ts'
import type { EngineDeps } from './deps.ts'
import { roleOf, saidBy } from './gather-words.ts'
import type { WordsContext } from './gather-words.ts'

type Ordered = Extract<TaskFact, { kind: 'ordered' }>

export interface OrderKnown extends Pick<World, 'permission' | 'said' | 'issue'> {
  readonly repository: Repository
}

export async function gatherOrder(
  subject: Subject,
  fact: Ordered,
  row: Repository,
  { deps, heads, policyOf }: WordsContext,
): Promise<OrderKnown> {
  const { actor, command, route } = fact
  const nothing: OrderKnown = { repository: row, permission: null, said: null, issue: null }
  if (actor === null || actor.kind === 'bot' || subject.task.version === 0) return nothing
  const line = { command, line: 1, raw: '' }
  if (route === 'cli')
    return { ...nothing, said: { commands: [{ ...line, refusal: null }], refused: [] } }
  const repository = row.head === null ? await heads.refresh(row) : row
  const permission = await roleOf(repository, actor, deps)
  const policy = policyOf(repository.config)
  const said = saidBy({ commands: [line], refused: [] }, { subject, actor, permission, policy })
  const starts = command.kind === 'retry' && said.commands[0]?.refusal === null
  const issue = starts ? await asApproved(subject, repository, deps) : null
  return { repository, permission, said, issue }
}

async function asApproved(
  { task }: Subject,
  repository: Repository,
  { tracker }: EngineDeps,
): Promise<IssueNow | null> {
  const present = await tracker.issue(repository, task.number)
  if (present === null || present === 'gone') return null
  const { title, body } = present.issue
  const shown = { title: visibleTitle(title), body: visibleText(body) }
  return {
    view: present.issue,
    editedSince: task.wish !== null && snapshotHash(shown) !== task.wish.snapshot,
  }
}
