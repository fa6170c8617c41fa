/** Tasks of its repository failed alike, this one last: it tells, once, that the repository is paused and how to resume. */
import type { TaskFact } from '../fact.ts'
import { decision } from './decision.ts'
import type { Decision, Subject, World } from './decision.ts'

export function decideFailedAlike(
  subject: Subject,
  fact: Extract<TaskFact, { kind: 'failed-alike' }>,
  world: World,
): Decision | null {
  const { task } = subject
  if (task.version === 0) return null
  const { attempt, issues, error, line } = fact
  const login = task.wish?.by.login ?? null
  return decision(subject, world, {
    event: 'repository.paused',
    why: `${issues.length} tasks failed alike: ${error}`,
    data: { issues },
    acts: [
      {
        kind: 'comment',
        notice: { kind: 'failed-alike', attempt, login, issues, error, line },
        on: null,
      },
    ],
    surfaces: [],
  })
}
