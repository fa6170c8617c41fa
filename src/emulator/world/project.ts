// Projects (GitHub's "Projects v2"): a board of issues and pull requests with fields of its own.
import type { Issue } from './issue.ts'
import type { Stamp, User } from './people.ts'

/** As REST spells them; the first ones every project has, the others are made. */
export type FieldType =
  | 'title'
  | 'assignees'
  | 'labels'
  | 'linked_pull_requests'
  | 'milestone'
  | 'repository'
  | 'reviewers'
  | 'single_select'
  | 'text'
  | 'number'
  | 'date'

export const COLORS = [
  'BLUE',
  'GRAY',
  'GREEN',
  'ORANGE',
  'PINK',
  'PURPLE',
  'RED',
  'YELLOW',
] as const
export type OptionColor = (typeof COLORS)[number]

export type ProjectOption = {
  readonly id: string
  readonly name: string
  readonly color: OptionColor
  readonly description: string
}

export type ProjectField = {
  readonly id: number
  readonly nodeId: string
  readonly project: Project
  readonly dataType: FieldType
  readonly createdAt: Stamp
  name: string
  updatedAt: Stamp
  /** Of a single select field, in the order of the board's columns. */
  options: readonly ProjectOption[]
}

/** A text, a number, a date as text, or the id of an option, as the field's type says. */
export type FieldContent = string | number

export type FieldValue = {
  readonly id: number
  readonly nodeId: string
  readonly item: ProjectItem
  readonly field: ProjectField
  readonly creator: User
  readonly createdAt: Stamp
  content: FieldContent
  updatedAt: Stamp
}

export type ProjectItem = {
  readonly id: number
  readonly nodeId: string
  readonly project: Project
  readonly content: Issue
  readonly creator: User
  readonly createdAt: Stamp
  readonly values: Map<ProjectField, FieldValue>
  updatedAt: Stamp
  archivedAt: Stamp | null
}

export type Project = {
  readonly id: number
  readonly nodeId: string
  readonly number: number
  /** An organisation or a person; no App ever sees the project of a person. */
  readonly owner: User
  readonly creator: User
  readonly createdAt: Stamp
  readonly fields: ProjectField[]
  /** In the order of the board. */
  readonly items: ProjectItem[]
  /** Who may change it besides the members or the person who own it, by user id. */
  readonly collaborators: Set<number>
  title: string
  shortDescription: string | null
  public: boolean
  closedAt: Stamp | null
  updatedAt: Stamp
}
