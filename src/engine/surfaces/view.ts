/** Everything that any surface of a task may show, read at the moment of writing. */
import type { Attempt } from '../../domain/attempt.ts'
import type { TaskId } from '../../domain/ids.ts'
import type { Repository } from '../../domain/repository.ts'
import type { RepoPolicy } from '../../domain/settings.ts'
import type { Task } from '../../domain/task.ts'
import type { Wait } from '../../domain/wait.ts'
import type { EngineDeps } from '../deps.ts'

export interface TaskView {
  readonly task: Task
  readonly attempts: readonly Attempt[]
  readonly repository: Repository
  readonly policy: RepoPolicy
  readonly wait: Wait | null
}

/** Null: nothing can be shown, because the task or its repository is out of reach. */
export async function viewOf(
  id: TaskId,
  read: {
    readonly deps: EngineDeps
    readonly policyOf: (config: string | null) => RepoPolicy
    readonly wait: Wait | null
  },
): Promise<TaskView | null> {
  const { store } = read.deps
  const { task } = await store.load(id)
  if (task === null) return null
  const repository = await store.repositories.get(task.repo)
  if (repository === null || repository.gone !== null) return null
  return {
    task,
    attempts: await store.attempts(id),
    repository,
    policy: read.policyOf(repository.config),
    wait: read.wait,
  }
}
