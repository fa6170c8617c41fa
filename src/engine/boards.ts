/** Which board shows a repository's tasks, and what this process remembers of boards between two looks. */
import type { BoardSettings, BoardTrouble } from '../domain/board.ts'
import { sameColumn } from '../domain/board.ts'
import type { RepoId, TaskId } from '../domain/ids.ts'
import type { Repository } from '../domain/repository.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import type { BoardAt } from '../ports/board.ts'

/** Null: the repository names none, or its settings cannot be read. */
export function boardOf(
  repository: Repository,
  policy: RepoPolicy,
): { readonly at: BoardAt; readonly settings: BoardSettings } | null {
  if (policy.kind !== 'ready' || policy.settings.board === null) return null
  const { board: settings } = policy.settings
  return { at: { owner: repository.owner, project: settings.project, repo: repository }, settings }
}

/** In memory: what is forgotten by a restart is found again at the next look. */
export interface BoardMemory {
  /** True: it is another trouble than that known before; null ends it. */
  trouble(repo: RepoId, trouble: BoardTrouble | null): boolean
  troubleOf(repo: RepoId): BoardTrouble | null
  /** For how long the card has been seen where neither we nor a known person put it. Milliseconds. */
  strayed(task: TaskId, column: string | null, now: number): number
  settled(task: TaskId): void
}

export function createBoardMemory(): BoardMemory {
  const troubles = new Map<RepoId, BoardTrouble>()
  const strays = new Map<TaskId, { readonly column: string | null; readonly since: number }>()
  return {
    trouble(repo, trouble) {
      const before = JSON.stringify(troubles.get(repo) ?? null)
      if (trouble === null) troubles.delete(repo)
      else troubles.set(repo, trouble)
      return JSON.stringify(trouble) !== before
    },
    troubleOf: (repo) => troubles.get(repo) ?? null,
    strayed(task, column, now) {
      const known = strays.get(task)
      if (known !== undefined && sameColumn(known.column, column)) return now - known.since
      strays.set(task, { column, since: now })
      return 0
    },
    settled: (task) => void strays.delete(task),
  }
}
