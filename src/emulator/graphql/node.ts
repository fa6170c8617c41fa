// Global ids: what they stand for, for who may know.
import type { Issue, Repository } from '../world/issue.ts'
import type { Project } from '../world/project.ts'
import type { Node } from '../world/world.ts'
import { needIssue, needProject, refuse, sees, seesProject, type QueryContext } from './context.ts'

/** The object of a global id; refused as not found where it is not there or not to be seen. */
export function nodeOf(id: string, context: QueryContext): Node {
  const found = context.world.nodes.get(id)
  const missing = refuse('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`)
  if (found === undefined) throw missing
  const project = projectOf(found)
  if (project !== null) {
    if (!seesProject(context, project)) throw missing
    needProject(context, project, 'read')
  }
  const issue = issueOf(found)
  const repo: Repository | null = issue?.repo ?? (found.kind === 'repository' ? found.value : null)
  if (repo !== null && !sees(context, repo)) throw missing
  if (issue !== null) needIssue(context, issue)
  return found
}

function projectOf(node: Node): Project | null {
  if (node.kind === 'project') return node.value
  return node.kind === 'project-field' || node.kind === 'project-item' ? node.value.project : null
}

/** The issue or pull request that it belongs to, if it does. */
function issueOf(node: Node): Issue | null {
  switch (node.kind) {
    case 'issue':
      return node.value
    case 'comment':
    case 'review':
    case 'thread':
      return node.value.issue
    case 'review-comment':
      return node.value.thread.issue
    case 'project':
    case 'project-field':
    case 'project-item':
    case 'repository':
    case 'user':
      return null
  }
}
