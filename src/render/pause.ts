/** Who or what stands behind a pause, in one plain sentence without a full stop. */
import type { Alike } from '../domain/alike.ts'
import { YARD, isOfYard } from '../domain/pause.ts'
import type { Pause } from '../domain/pause.ts'
import { plainLine } from './plain.ts'

/** Why a repository is paused whose tasks failed alike. */
export const sayAlike = ({ tasks, error }: Pick<Alike, 'tasks' | 'error'>): string =>
  `${tasks.length} tasks failed alike (${plainLine(error)})`

/** For pauses that people, or failures that were alike, brought about. */
export function sayPause({ scope, by, reason }: Pick<Pause, 'scope' | 'by' | 'reason'>): string {
  const yard = isOfYard({ scope })
  const what = yard ? 'all work' : 'this repository'
  const why = reason.trim() === '' ? '' : `: ${plainLine(reason)}`
  if (!yard && by === null) return `${what} is paused${why}`
  const how = yard && scope !== YARD ? ' with the kill switch' : ''
  return `${by === null ? 'the operator' : `@${plainLine(by, 50)}`} has paused ${what}${how}${why}`
}
