/** Evidence in exact words: which command, on which commit, with what result. Never "verified". */
import type { CommandResult } from '../domain/attempt.ts'
import { shortSha } from '../domain/ids.ts'
import type { Sha } from '../domain/ids.ts'
import { code } from './inline.ts'
import { cut } from './plain.ts'
import { sayDuration } from './time.ts'

/** `` `npm test` passed on abc1234 in 3.2 s ``. `head` null: the commit is not known. */
export function sayResult(result: CommandResult, head: Sha | null): string {
  const on = head === null ? '' : ` on ${shortSha(head)}`
  const time = sayDuration(result.milliseconds)
  const command = code(cut(result.command, 200))
  if (result.exitCode === 0) return `${command} passed${on} in ${time}`
  if (result.exitCode === null)
    return `${command} was stopped${on} after ${time}, at its time limit`
  return `${command} failed${on} with exit code ${result.exitCode} after ${time}`
}

/** One sentence for each command, or the honest one for none. */
export function sayResults(results: readonly CommandResult[], head: Sha | null): readonly string[] {
  if (results.length === 0) return ['No check is configured, so nothing was run.']
  return results.map((result) => `${sayResult(result, head)}.`)
}
