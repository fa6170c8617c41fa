/**
 * Two programs that answer each other never stop by themselves (T4). Whatever leads to it, an issue that got too many
 * comments of ours within a short time is held, says so once, and hears nothing more of the kind that can echo.
 */
import type { ActDetail } from '../act.ts'
import { later } from '../ids.ts'
import type { Instant } from '../ids.ts'
import type { Notice } from '../notice.ts'
import { isTerminal } from '../task.ts'
import type { Hold, Task } from '../task.ts'

/** More comments of our own than this on one issue, within that many milliseconds (T4). */
export const MOST_NOTICES = 5
export const NOTICES_WITHIN = 600_000

/** What answers somebody, and could be answered. The others end or wait, so that nothing comes of them by itself. */
const ECHOES: ReadonlySet<Notice['kind']> = new Set([
  'refused',
  'two-profiles',
  'unknown-profile',
  'reply',
  'how-to-answer',
])

export interface Broken {
  readonly acts: readonly ActDetail[]
  readonly notices: readonly Instant[]
  readonly hold: Hold | null
}

export function breaker(task: Task, acts: readonly ActDetail[], now: Instant): Broken {
  const recent = task.notices.filter((at) => at > later(now, -NOTICES_WITHIN))
  const said = acts.filter((act) => act.kind === 'comment')
  // Kept as they are where nothing is said, so that what does not speak does not change the task either.
  if (said.length === 0) return { acts, notices: task.notices, hold: task.hold }
  const notices = [...recent, ...said.map(() => now)]
  if (notices.length <= MOST_NOTICES) return { acts, notices, hold: task.hold }
  const others = acts.filter((act) => act.kind !== 'comment' || !ECHOES.has(act.notice.kind))
  if (others.length === acts.length) return { acts, notices, hold: task.hold }
  // It was told already.
  if (recent.length > MOST_NOTICES) return { acts: others, notices: recent, hold: task.hold }
  const held = task.wish !== null && !isTerminal(task.state)
  const notice: Notice = { kind: 'breaker', login: task.wish?.by.login ?? null, held }
  const reason = `more than ${MOST_NOTICES} comments of Yardmaster within ten minutes`
  return {
    acts: [...others, { kind: 'comment', notice, on: null }],
    notices,
    hold: held ? (task.hold ?? { by: 'yardmaster', reason, at: now }) : task.hold,
  }
}
