/**
 * Looks whether tasks of a repository fail alike; then the repository is paused, and the newest of them says so in one
 * comment. The pause comes first and names the attempt that led to it, so that a death in between loses no comment
 * and makes no second one.
 */
import { ALIKE_WITHIN, countsSince, failedAlike } from '../domain/alike.ts'
import type { Alike, EndedAttempt } from '../domain/alike.ts'
import { later } from '../domain/ids.ts'
import type { RepoId } from '../domain/ids.ts'
import { holdScope, inEffect, stop } from '../domain/pause.ts'
import type { Pause } from '../domain/pause.ts'
import { sayAlike } from '../render/pause.ts'
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'

/** What another app decided pokes nobody here. Milliseconds. */
const LOOK = 60_000
/** Numbers of issues that the comment names. */
const SHOWN = 10

export interface AlikeHooks {
  readonly leads: () => boolean
  readonly onPaused: () => void
}

export function startAlikeWatch(
  { store, clock, log }: Pick<EngineDeps, 'store' | 'clock' | 'log'>,
  hooks: AlikeHooks,
): Loop {
  const told = new Set<string>()

  async function turn(): Promise<void> {
    if (!hooks.leads()) return
    const now = clock.now()
    const ended = await store.ended(later(now, -ALIKE_WITHIN))
    if (ended.length === 0) return
    const pauses = await store.admission.pauses()
    for (const [repo, own] of Map.groupBy(ended, (attempt) => attempt.repo))
      await look(
        repo,
        own,
        pauses.find(({ scope }) => scope === holdScope(repo)),
      )
  }

  async function look(
    repo: RepoId,
    ended: readonly EndedAttempt[],
    hold: Pause | undefined,
  ): Promise<void> {
    const now = clock.now()
    if (hold === undefined || !inEffect(hold, now)) {
      const since = countsSince(now, hold)
      const alike = failedAlike(ended.filter(({ endedAt }) => endedAt > since))
      if (alike === null) return
      const reason = sayAlike(alike)
      await store.admission.pause(stop(holdScope(repo), { reason, cause: alike.attempt }))
      log.warn({ repo, reason, tasks: alike.tasks }, 'tasks failed alike: the repository is paused')
      hooks.onPaused()
      return tell(repo, alike)
    }
    if (hold.cause === null || told.has(hold.cause)) return
    // Of a former life, perhaps: what it had told is told once all the same.
    const from = ended.findIndex(({ id }) => id === hold.cause)
    const alike = from === -1 ? null : failedAlike(ended.slice(from))
    if (alike !== null) await tell(repo, alike)
  }

  async function tell(repo: RepoId, { attempt, tasks, error, line }: Alike): Promise<void> {
    const loaded = await Promise.all(tasks.slice(0, SHOWN).map((id) => store.load(id)))
    const issues = loaded.flatMap(({ task }) => (task === null ? [] : [task.number]))
    const [newest] = tasks
    if (newest === undefined) return
    await store.append([
      {
        source: 'timer',
        key: `alike:${attempt}`,
        aggregate: `task:${newest}`,
        repo: null,
        fact: { kind: 'failed-alike', attempt, issues, error, line },
      },
    ])
    told.add(attempt)
    log.debug({ repo, attempt }, 'a pause is told')
  }

  return startLoop({ name: 'alike', clock, log, every: () => LOOK }, turn)
}
