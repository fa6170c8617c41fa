/** Puts the workspace together behind its port: which pair serves which attempt, and what becomes of it. */
import { dirname, join } from 'node:path'
import type { AttemptId, Sha, TaskId } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { JailSpec } from '../ports/jail.ts'
import type { Place, Workspace } from '../ports/workspace.ts'
import { collect } from './collect.ts'
import { assertOurs, homeOf, tasksWithHome } from './layout.ts'
import { layOut } from './lay-out.ts'
import { guarded } from './local-fault.ts'
import { openFolder, type Folder, type FolderOptions } from './open-folder.ts'
import type { Found, Places, Tenant } from './places.ts'
import { resetRepository } from './reset-repository.ts'
import { runCommands } from './run-commands.ts'
import { settle, shield } from './shield.ts'
import { vouch } from './vouch.ts'

export interface WorkspaceOptions extends FolderOptions {
  /** What setup and verify may reach. */
  readonly network: JailSpec['network']
  /** The operator's variables for setup and verify. Default: none; `CI=true` is always set. */
  readonly env?: Readonly<Record<string, string>>
}

export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { git, jail, clock, ids, network, env = {} } = options
  const working = new Set<Promise<unknown>>()
  const background = (work: Promise<unknown>): void => {
    const watched = work.catch((error: unknown) => {
      options.log.warn({ error }, 'background work of the workspace failed')
    })
    working.add(watched)
    void watched.finally(() => working.delete(watched))
  }
  let opening: Promise<Folder> | null = null
  const opened = async (): Promise<Folder> => {
    opening ??= openFolder(options, background)
    // A disk that was full at the first try may have room at the next.
    opening.catch(() => {
      opening = null
    })
    return await opening
  }
  const occupy = async (repo: RepoRef, base: Sha, tenant: Omit<Tenant, 'repo'>): Promise<Place> => {
    const { pool, places } = await opened()
    return await places.assign(await pool.take(repo, base), { ...tenant, repo: repo.id })
  }

  return {
    warm: async (repo, head) =>
      await guarded('make a pair ahead', async () => await (await opened()).pool.warm(repo, head)),

    prepare: async (repo, task, attempt, base) =>
      await guarded('prepare a place', async () => {
        const { places, layout, trash } = await opened()
        for (const earlier of places.of(task)) background(places.putAway(earlier))
        const home = homeOf(layout, task)
        // No conversation goes on in a fresh place, and settings that an attempt left there would steer the next one.
        await trash.discard(home)
        return await occupy(repo, base, { kind: 'attempt', task, attempt, home })
      }),

    scratch: async (repo, task, base) =>
      await guarded('prepare a place', async () => {
        const { layout } = await opened()
        const name = ids.unique()
        const attempt = `${task}.base` as AttemptId
        const home = join(layout.homes, `base-${name}`)
        return await occupy(repo, base, { kind: 'scratch', task, attempt, home })
      }),

    reopen: async (task, from, attempt) =>
      await guarded('reopen a place', async () => {
        const { places, layout } = await opened()
        const found = places.of(task).find((each) => each.attempt === from && !each.leaving)
        if (found === undefined) return null
        const place = await places.handOver(found, attempt)
        const { worktree, repository, exchange, home } = place
        const intact = await assertOurs(layout, [worktree, repository, exchange, home]).then(
          () => true,
          () => false,
        )
        // Without a record of what its git was made with (an earlier version's) its work is brought into a fresh one.
        const { config } = found
        if (!intact || config === undefined) return null
        return (await resetRepository(place, config)) ? place : null
      }),

    layOut: async (place, work, paths) =>
      await guarded('lay out work', async () => {
        const room = await opened()
        await layOut(room, known(room.places, place).at, { ...work, paths: paths ?? null })
      }),

    shield: async (repo, place, approved, { unseen, conflicts = [] } = {}) =>
      await guarded('shield a place', async () => {
        const { places, layout } = await opened()
        const { at } = known(places, place)
        const files = approved === null ? null : await git.approved(repo, approved)
        await assertOurs(layout, [at.worktree])
        const pair = dirname(at.worktree)
        await settle(pair, files ?? [], conflicts)
        return await shield(pair, files, unseen)
      }),

    vouch: async (place) =>
      await guarded('vouch for a place', async () => {
        const { places } = await opened()
        await vouch(dirname(known(places, place).at.worktree))
      }),

    collect: async (repo, place, words) =>
      await guarded('collect the work', async () => {
        const room = await opened()
        return await collect({ ...room, git }, { repo, ...known(room.places, place), words })
      }),

    run: async (place, commands, limits) =>
      await guarded('run commands', async () => {
        const { layout, places } = await opened()
        const { at } = known(places, place)
        await assertOurs(layout, [at.worktree, at.repository, at.exchange, at.home])
        return await runCommands({ jail, clock, network, env }, at, commands, limits)
      }),

    release: async (place) =>
      await guarded('release a place', async () => {
        const { places } = await opened()
        const found = places.find(place)
        if (found !== null) await places.putAway(found.record)
      }),

    tenants: async () =>
      await guarded('look for places', async () => {
        const { places, layout } = await opened()
        return [...new Set([...places.tenants(), ...(await tasksWithHome(layout))])]
      }),

    releaseTask: async (task: TaskId) =>
      await guarded('release a task', async () => {
        const { places, layout, trash } = await opened()
        await Promise.all(places.of(task).map(places.putAway))
        await trash.discard(homeOf(layout, task))
      }),

    settle: async () => {
      await opening?.catch(() => null)
      while (working.size > 0) await Promise.all(working)
    },
  }
}

/** A place that was released, or was never ours, is a mistake of the caller. */
function known(places: Places, place: Place): Found {
  const found = places.find(place)
  if (found === null) throw new Error(`no such place: ${place.attempt} at ${place.worktree}`)
  return found
}
