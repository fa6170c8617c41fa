// Who sees and changes a project: its organisation's members or its person, those invited, and Apps
// where the organisation granted it. A person's projects are out of every App's reach.
import type { Permissions } from '../world/app.ts'
import { forbidden, notFound } from '../world/refusal.ts'
import type { User } from '../world/people.ts'
import type { Project } from '../world/project.ts'
import { allows } from './permission.ts'

/** GitHub lets all members of an organisation write its projects unless told otherwise. */
export function mayWriteProject(project: Project, user: User): boolean {
  const { collaborators, owner } = project
  return owner === user || owner.members.has(user.id) || collaborators.has(user.id)
}

export function maySeeProject(project: Project, user: User): boolean {
  return project.public || mayWriteProject(project, user)
}

export function requireProject(project: Project, user: User): void {
  if (!maySeeProject(project, user)) throw notFound()
  if (!mayWriteProject(project, user)) {
    throw forbidden(`${user.login} may not change the project ${project.title}`)
  }
}

/** `account` is where the App is installed. */
export function appMay(
  project: Project,
  given: {
    readonly account: User
    readonly permissions: Permissions
    readonly level: 'read' | 'write'
  },
): boolean {
  const { account, level, permissions } = given
  return (
    project.owner === account &&
    account.type === 'Organization' &&
    allows(permissions, `organization_projects:${level}`)
  )
}
