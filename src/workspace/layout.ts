/** Where things lie in the workspace's folder, and the check that a path of ours is still what we made. */
import { readdir, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { TaskId } from '../domain/ids.ts'
import { invalid } from './local-fault.ts'

export interface Layout {
  readonly root: string
  /** One folder per pair: `repository`, `worktree`, `exchange`. It keeps its path for life: a worktree is linked by absolute paths. */
  readonly pairs: string
  /** One record per pair that was handed out; never shown to a jail. */
  readonly places: string
  readonly homes: string
  /** Unpushed work of places that were put away. */
  readonly kept: string
  /** Files taken over from agents, on their way to the import. */
  readonly incoming: string
  readonly trash: string
  /** HOME of the programs that we run for ourselves. */
  readonly own: string
}

export const layoutOf = (root: string): Layout => ({
  root,
  pairs: join(root, 'pairs'),
  places: join(root, 'places'),
  homes: join(root, 'homes'),
  kept: join(root, 'kept'),
  incoming: join(root, 'incoming'),
  trash: join(root, 'trash'),
  own: join(root, 'own'),
})

export const homeOf = (layout: Layout, task: TaskId): string => join(layout.homes, fileName(task))

/** A scratch place's HOME has another name, and goes with its place. */
export const tasksWithHome = async ({ homes }: Layout): Promise<readonly TaskId[]> =>
  (await readdir(homes)).filter((name) => /^\d+-\d+$/.test(name)).map((name) => name as TaskId)

export function fileName(name: string): string {
  if (!/^[\w-][\w.-]*$/.test(name)) throw new Error(`not a file name: ${name.slice(0, 60)}`)
  return name
}

/**
 * Before anything is spawned in a folder that an agent could write: throws a `WorldFault` of kind `invalid` unless
 * each path, followed through every symbolic link, is itself and lies inside the workspace.
 */
export async function assertOurs(layout: Layout, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const real = await realpath(path).catch(() => null)
    if (real !== path || !path.startsWith(layout.root + sep))
      throw invalid(
        'check the workspace',
        'a folder of the workspace was removed, or replaced by a link to somewhere else',
      )
  }
}
