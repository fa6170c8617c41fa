/** Octokit's log lines, one per request, at debug: what fails is told by the fault itself. */
import type { Log } from '../ports/log.ts'
import { redact } from './redact.ts'

export function quietLog(log: Log) {
  const debug = (message: string): void => log.debug({ from: 'octokit' }, redact(String(message)))
  const warn = (message: string): void => log.warn({ from: 'octokit' }, redact(String(message)))
  return { debug, info: debug, warn, error: debug }
}
