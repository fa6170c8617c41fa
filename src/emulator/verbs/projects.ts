// Verbs about projects: boards that people make, cards that they move.
import { requireProject } from '../auth/project-access.ts'
import { pinIssue, unpinIssue } from '../change/pinned.ts'
import {
  createField,
  createProject,
  deleteField,
  deleteProject,
  editProject,
  updateField,
  type NewOption,
} from '../change/projects.ts'
import {
  addItem,
  moveItem,
  removeItem,
  setItemArchived,
  setValue,
  valueText,
} from '../change/project-items.ts'
import { randomBytes } from 'node:crypto'
import { forbidden, notFound } from '../world/refusal.ts'
import type { Actor } from '../world/app.ts'
import type {
  FieldContent,
  FieldType,
  Project,
  ProjectField,
  ProjectItem,
} from '../world/project.ts'
import type { World } from '../world/world.ts'
import { acting, issueAt, type AsAt, type At, type VerbContext } from './context.ts'

/** A project named as a person would: by its owner and its number there. */
export type ProjectAt = { readonly owner: string; readonly project: number }
type AsProject = ProjectAt & { readonly as: string }
/** The card of an issue or pull request in a project. */
export type CardAt = AsProject & { readonly card: At }

export function projectVerbs({ world }: VerbContext) {
  return {
    /** With GitHub's first fields; Status offers Todo, In Progress and Done. */
    createProject: (given: {
      readonly owner: string
      readonly as?: string
      readonly title: string
    }): Project => {
      const owner = world.user(given.owner)
      const [first] = owner.members.keys()
      const login = given.as ?? world.userById(first ?? 0)?.login ?? given.owner
      const user = world.user(login)
      if (owner !== user && !owner.members.has(user.id)) throw forbidden(`${login} is no member`)
      return createProject(world, { user, app: null }, { owner, title: given.title })
    },

    closeProject: (at: AsProject): void => {
      const { actor, project } = opened(world, at)
      editProject(world, project, actor, { closed: true })
    },

    deleteProject: (at: AsProject): void => {
      const { actor, project } = opened(world, at)
      deleteProject(world, project, actor)
    },

    /** Lets somebody change the project who is no member. */
    inviteToProject: (at: AsProject & { readonly user: string }): void => {
      opened(world, at).project.collaborators.add(world.user(at.user).id)
    },

    createField: (
      at: AsProject & {
        readonly name: string
        readonly type: FieldType
        readonly options?: readonly NewOption[]
      },
    ): ProjectField => {
      const { name, options = [], type } = at
      return createField(world, opened(world, at).project, { name, dataType: type, options })
    },

    /** A new name, or other options; on the page of GitHub each option stays itself. */
    editField: (
      at: AsProject & {
        readonly name: string
        readonly rename?: string
        /** From the names of today to those of tomorrow; `null` takes an option away. */
        readonly options?: Readonly<Record<string, string | null>>
      },
    ): void => {
      const field = fieldNamed(opened(world, at).project, at.name)
      const renamed = at.options ?? {}
      const options = field.options.flatMap((option): readonly NewOption[] => {
        const name = Object.hasOwn(renamed, option.name) ? renamed[option.name] : option.name
        return name === null || name === undefined ? [] : [{ ...option, name }]
      })
      updateField(world, field, {
        ...(at.rename === undefined ? {} : { name: at.rename }),
        ...(field.dataType === 'single_select' ? { options } : {}),
      })
    },

    deleteField: (at: AsProject & { readonly name: string }): void => {
      deleteField(world, fieldNamed(opened(world, at).project, at.name))
    },

    addCard: (at: CardAt): ProjectItem => {
      const { actor, project } = opened(world, at)
      const issue = issueAt(world, at.card)
      acting(world, issue.repo, at.as, 'read')
      return addItem(world, project, actor, issue).item
    },

    /** Drags the card to the column of that name; `null`: to the column without a status. */
    moveCard: (at: CardAt & { readonly to: string | null }): void => {
      const { actor, item, project } = cardOf(world, at)
      const field = fieldNamed(project, 'Status')
      setValue(world, item, actor, { field, content: contentNamed(field, at.to) })
    },

    /** Sets any field of a card; an option by its name. */
    setField: (
      at: CardAt & { readonly field: string; readonly value: FieldContent | null },
    ): void => {
      const { actor, item, project } = cardOf(world, at)
      const field = fieldNamed(project, at.field)
      const content =
        field.dataType === 'single_select' && typeof at.value !== 'number'
          ? contentNamed(field, at.value)
          : at.value
      setValue(world, item, actor, { field, content })
    },

    /** Puts the card behind another one of its project, or first. */
    reorderCard: (at: CardAt & { readonly after: At | null }): void => {
      const { actor, item } = cardOf(world, at)
      const after = at.after === null ? null : cardOf(world, { ...at, card: at.after }).item
      moveItem(world, item, actor, after)
    },

    archiveCard: (at: CardAt): void => {
      const { actor, item } = cardOf(world, at)
      setItemArchived(world, item, actor, true)
    },

    restoreCard: (at: CardAt): void => {
      const { actor, item } = cardOf(world, at)
      setItemArchived(world, item, actor, false)
    },

    removeCard: (at: CardAt): void => {
      const { actor, item } = cardOf(world, at)
      removeItem(world, item, actor)
    },

    pinIssue: (at: AsAt): void => {
      const issue = issueAt(world, at)
      pinIssue(world, issue, acting(world, issue.repo, at.as, 'write'))
    },

    unpinIssue: (at: AsAt): void => {
      const issue = issueAt(world, at)
      unpinIssue(world, issue, acting(world, issue.repo, at.as, 'write'))
    },

    /** A person's classic token, as they would make one in their settings. */
    createPersonToken: (login: string, scopes: readonly string[]): string => {
      const token = `ghp_${randomBytes(18).toString('hex')}`
      world.personTokens.set(token, { token, user: world.user(login), scopes: new Set(scopes) })
      return token
    },

    revokePersonToken: (token: string): void => {
      world.personTokens.delete(token)
    },

    project: (at: ProjectAt): Project => projectAt(world, at),
    projects: (owner: string): readonly Project[] => {
      const user = world.user(owner)
      return [...world.projects.values()].filter((project) => project.owner === user)
    },
    /** What a field of a card says, the name of an option where it is one. */
    cardValue: (at: ProjectAt & { readonly card: At }, field: string): string | null => {
      const project = projectAt(world, at)
      return valueText(itemAt(world, project, at.card), fieldNamed(project, field))
    },
  }
}

function projectAt(world: World, at: ProjectAt): Project {
  const owner = world.user(at.owner)
  const found = [...world.projects.values()].find(
    (project) => project.owner === owner && project.number === at.project,
  )
  if (found === undefined) throw notFound()
  return found
}

/** For somebody who may change it. */
function opened(world: World, at: AsProject): { readonly project: Project; readonly actor: Actor } {
  const project = projectAt(world, at)
  const user = world.user(at.as)
  requireProject(project, user)
  return { project, actor: { user, app: null } }
}

function cardOf(world: World, at: CardAt) {
  const { actor, project } = opened(world, at)
  return { actor, project, item: itemAt(world, project, at.card) }
}

function itemAt(world: World, project: Project, card: At): ProjectItem {
  const issue = issueAt(world, card)
  const found = project.items.find((item) => item.content === issue)
  if (found === undefined) throw notFound()
  return found
}

function fieldNamed(project: Project, name: string): ProjectField {
  const found = project.fields.find((field) => field.name === name)
  if (found === undefined) throw notFound()
  return found
}

function contentNamed(field: ProjectField, name: string | null): string | null {
  if (name === null) return null
  const found = field.options.find((option) => option.name === name)
  if (found === undefined) throw notFound()
  return found.id
}
