/** The folders of one attempt, as an agent is given them. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { attemptId, issueId, repoId, sha, taskId } from '../../src/domain/ids.ts'
import type { Place } from '../../src/ports/workspace.ts'

/** `issue`: of whose task it is. `homes`: where HOME lies; beside the others unless given. */
export async function makePlace(
  folder: string,
  { issue = 70, homes = null }: { readonly issue?: number; readonly homes?: string | null } = {},
): Promise<Place> {
  const task = taskId(repoId(7), issueId(issue))
  const place: Place = {
    task,
    attempt: attemptId(task, 1),
    repository: join(folder, 'repository'),
    worktree: join(folder, 'worktree'),
    home: homes === null ? join(folder, 'home') : join(homes, task),
    exchange: join(folder, 'exchange'),
    readable: [],
    base: sha('a'.repeat(40)),
  }
  for (const path of [place.repository, place.worktree, place.home, place.exchange])
    await mkdir(path, { recursive: true })
  return place
}
