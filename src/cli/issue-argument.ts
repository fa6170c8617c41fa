/** The argument that names an issue, read before anything is opened. */
import { Argument, InvalidArgumentError } from 'commander'
import { parseIssueName } from '../web/issue-name.ts'
import type { IssueName } from '../web/issue-name.ts'
import type { Found } from '../web/view-types.ts'
import { CommandEnd, EXIT } from './exit.ts'

export const ISSUE_WORDS =
  'Such as owner/repo#12, or its address; #12 will do where only one repository is known.'

export const issueArgument = (): Argument =>
  new Argument('<issue>', ISSUE_WORDS).argParser(readIssue)

/** Throws what the command line takes for a person's mistake. */
export function readIssue(text: string): IssueName {
  const name = parseIssueName(text)
  if (name !== null) return name
  throw new InvalidArgumentError('Name the issue as owner/repo#12.')
}

/** What was found, or the end of the command with the reason. */
export function orEnd<T>(found: Found<T>): T {
  if (found.kind === 'found') return found.value
  throw new CommandEnd(found.message, EXIT.wrong)
}
