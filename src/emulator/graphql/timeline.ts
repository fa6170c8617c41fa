// `Issue.timelineItems`, as far as title changes go: they are told nowhere else, for they do not move
// `lastEditedAt`. Other items are refused loudly.
import type { Fields } from '../http/fields.ts'
import type { Issue, IssueEvent } from '../world/issue.ts'
import { connection, type Connection } from './connection.ts'
import { refuse } from './context.ts'

export function timelineOf(issue: Issue, args: Fields): Connection {
  const types = args.has('itemTypes') ? args.texts('itemTypes') : []
  if (types.length !== 1 || types[0] !== 'RENAMED_TITLE_EVENT')
    throw refuse('UNPROCESSABLE', 'Only timelineItems(itemTypes: [RENAMED_TITLE_EVENT]) are served')
  const renames = issue.repo.events.filter(
    (event) => event.issue === issue && event.detail.kind === 'rename',
  )
  return connection('timelineItems', renames, args)
}

export const renameFields = {
  id: (event: IssueEvent) => event.nodeId,
  createdAt: (event: IssueEvent) => event.createdAt,
  actor: (event: IssueEvent) => event.actor,
  previousTitle: (event: IssueEvent) => (event.detail.kind === 'rename' ? event.detail.from : ''),
  currentTitle: (event: IssueEvent) => (event.detail.kind === 'rename' ? event.detail.to : ''),
}
