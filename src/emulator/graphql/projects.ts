// Projects over GraphQL: of whom, with which fields, and what lies on them.
import { filterItems } from '../change/filter-items.ts'
import { itemsOf } from '../change/project-items.ts'
import type { Fields } from '../http/fields.ts'
import { projectHtmlUrl } from '../present/project.ts'
import type { Issue, Repository } from '../world/issue.ts'
import type { User } from '../world/people.ts'
import type {
  FieldValue,
  Project,
  ProjectField,
  ProjectItem,
  ProjectOption,
} from '../world/project.ts'
import { connection } from './connection.ts'
import { needProject, refuse, sees, seesProject, type QueryContext } from './context.ts'
import type { Table } from './resolver.ts'

/** What the fields that every project has say of an item: read off its issue, never stored. */
type Shown =
  | { readonly kind: 'title'; readonly field: ProjectField; readonly item: ProjectItem }
  | { readonly kind: 'repository'; readonly field: ProjectField; readonly item: ProjectItem }
  | { readonly kind: 'stored'; readonly field: ProjectField; readonly value: FieldValue }

export const projectQueries: Table<unknown> = {
  organization: (_root, args, { world }) =>
    owner(world.users.get(login(args)), 'Organization', args),
  user: (_root, args, { world }) => owner(world.users.get(login(args)), 'User', args),
}

export const projectOwnerFields: Table<User> = {
  projectV2: (user, args, context) => {
    const number = args.number('number')
    const found = projectsOf(user, context).find((one) => one.number === number)
    if (found === undefined) {
      throw refuse('NOT_FOUND', `Could not resolve to a ProjectV2 with the number ${number}.`)
    }
    needProject(context, found, 'read')
    return found
  },
  projectsV2: (user, args, context) => {
    const query = args.maybe('query')?.toLowerCase() ?? ''
    const order = args.object('orderBy')
    if (order.text('field') !== 'NUMBER' || order.text('direction') !== 'DESC')
      throw new Error('the emulator gives projectsV2 by NUMBER descending only')
    const found = projectsOf(user, context).filter(({ title }) =>
      title.toLowerCase().includes(query),
    )
    for (const project of found) needProject(context, project, 'read')
    return connection('projectsV2', found.toReversed(), args)
  },
}

export const projectItemFields: Table<Issue> = {
  projectItems: (issue, args, context) => {
    const all = args.has('includeArchived') ? args.flag('includeArchived') : true
    const found = itemsOf(context.world, issue).filter(
      ({ archivedAt, project }) => seesProject(context, project) && (all || archivedAt === null),
    )
    for (const { project } of found) needProject(context, project, 'read')
    return connection('projectItems', found, args)
  },
}

const fieldFields: Table<ProjectField> = {
  id: (field) => field.nodeId,
  databaseId: (field) => field.id,
  name: (field) => field.name,
  dataType: (field) => field.dataType.toUpperCase(),
  createdAt: (field) => field.createdAt,
  updatedAt: (field) => field.updatedAt,
  project: (field) => field.project,
}

const valueFields: Table<Shown> = {
  id: (one) => (one.kind === 'stored' ? one.value.nodeId : `${one.field.nodeId}_${one.item.id}`),
  databaseId: (one) => (one.kind === 'stored' ? one.value.id : null),
  field: (one) => one.field,
  item: (one) => (one.kind === 'stored' ? one.value.item : one.item),
  creator: (one) => (one.kind === 'stored' ? one.value.creator : one.item.creator),
  createdAt: (one) => (one.kind === 'stored' ? one.value.createdAt : one.item.createdAt),
  updatedAt: (one) => (one.kind === 'stored' ? one.value.updatedAt : one.item.updatedAt),
}

export const PROJECT_TABLES = {
  ProjectV2: {
    id: (project) => project.nodeId,
    databaseId: (project) => project.id,
    fullDatabaseId: (project) => String(project.id),
    number: (project) => project.number,
    title: (project) => project.title,
    shortDescription: (project) => project.shortDescription,
    owner: (project) => project.owner,
    creator: (project) => project.creator,
    public: (project) => project.public,
    closed: (project) => project.closedAt !== null,
    closedAt: (project) => project.closedAt,
    createdAt: (project) => project.createdAt,
    updatedAt: (project) => project.updatedAt,
    url: (project, _args, { world }) => projectHtmlUrl(world, project),
    field: (project, args) => project.fields.find(({ name }) => name === args.text('name')) ?? null,
    fields: (project, args) => {
      rest(args, 'orderBy')
      return connection('fields', project.fields, args)
    },
    items: (project, args, { world }) => {
      rest(args, 'orderBy')
      const found = filterItems(project, args.maybe('query') ?? '')
      return connection(
        'items',
        found.filter((item) => world.listed(item)),
        args,
      )
    },
    viewerCanUpdate: (project, _args, context) => {
      try {
        needProject(context, project, 'write')
        return true
      } catch {
        return false
      }
    },
  } satisfies Table<Project>,
  ProjectV2Field: fieldFields,
  ProjectV2SingleSelectField: {
    ...fieldFields,
    options: (field, args) => {
      const names = args.texts('names')
      return field.options.filter(({ name }) => names.length === 0 || names.includes(name))
    },
  } satisfies Table<ProjectField>,
  ProjectV2SingleSelectFieldOption: {
    id: (option) => option.id,
    name: (option) => option.name,
    color: (option) => option.color,
    description: (option) => option.description,
  } satisfies Table<ProjectOption>,
  ProjectV2Item: {
    id: (item) => item.nodeId,
    databaseId: (item) => item.id,
    fullDatabaseId: (item) => String(item.id),
    project: (item) => item.project,
    creator: (item) => item.creator,
    createdAt: (item) => item.createdAt,
    updatedAt: (item) => item.updatedAt,
    isArchived: (item) => item.archivedAt !== null,
    type: (item, _args, context) => {
      if (!sees(context, item.content.repo)) return 'REDACTED'
      return item.content.pull === null ? 'ISSUE' : 'PULL_REQUEST'
    },
    content: (item, _args, context) => (sees(context, item.content.repo) ? item.content : null),
    fieldValues: (item, args, context) => {
      rest(args, 'orderBy')
      return connection('fieldValues', shownOf(item, context), args)
    },
    fieldValueByName: (item, args, context) =>
      shownOf(item, context).find(({ field }) => field.name === args.text('name')) ?? null,
  } satisfies Table<ProjectItem>,
  ProjectV2ItemFieldTextValue: {
    ...valueFields,
    text: (one) => (one.kind === 'stored' ? String(one.value.content) : one.item.content.title),
  } satisfies Table<Shown>,
  ProjectV2ItemFieldNumberValue: {
    ...valueFields,
    number: (one) => (one.kind === 'stored' ? one.value.content : null),
  } satisfies Table<Shown>,
  ProjectV2ItemFieldDateValue: {
    ...valueFields,
    date: (one) => (one.kind === 'stored' ? one.value.content : null),
  } satisfies Table<Shown>,
  ProjectV2ItemFieldRepositoryValue: {
    field: (one) => one.field,
    repository: (one): Repository | null => (one.kind === 'stored' ? null : one.item.content.repo),
  } satisfies Table<Shown>,
  ProjectV2ItemFieldSingleSelectValue: {
    ...valueFields,
    optionId: (one) => (one.kind === 'stored' ? one.value.content : null),
    name: (one) => optionOf(one)?.name ?? null,
    color: (one) => optionOf(one)?.color ?? 'GRAY',
    description: (one) => optionOf(one)?.description ?? null,
  } satisfies Table<Shown>,
}

/** Which type a value of a field, or a field, is among its union. */
export function projectTypeOf(value: object): string | null {
  if ('fields' in value && 'items' in value) return 'ProjectV2'
  if ('dataType' in value) {
    return value.dataType === 'single_select' ? 'ProjectV2SingleSelectField' : 'ProjectV2Field'
  }
  if ('values' in value && 'content' in value) return 'ProjectV2Item'
  if (!('field' in value)) return null
  const { field, kind } = value as Shown
  if (kind === 'repository') return 'ProjectV2ItemFieldRepositoryValue'
  if (field.dataType === 'single_select') return 'ProjectV2ItemFieldSingleSelectValue'
  if (field.dataType === 'number') return 'ProjectV2ItemFieldNumberValue'
  return field.dataType === 'date' ? 'ProjectV2ItemFieldDateValue' : 'ProjectV2ItemFieldTextValue'
}

function shownOf(item: ProjectItem, context: QueryContext): readonly Shown[] {
  return item.project.fields.flatMap((field): readonly Shown[] => {
    const value = item.values.get(field)
    if (value !== undefined) return [{ kind: 'stored', field, value }]
    if (!sees(context, item.content.repo)) return []
    if (field.dataType === 'title') return [{ kind: 'title', field, item }]
    return field.dataType === 'repository' ? [{ kind: 'repository', field, item }] : []
  })
}

function optionOf(one: Shown): ProjectOption | null {
  if (one.kind !== 'stored') return null
  return one.field.options.find(({ id }) => id === one.value.content) ?? null
}

function projectsOf(user: User, context: QueryContext): readonly Project[] {
  return [...context.world.projects.values()].filter(
    (one) => one.owner === user && seesProject(context, one),
  )
}

function login(args: Fields): string {
  return args.text('login').toLowerCase()
}

function owner(user: User | undefined, type: User['type'], args: Fields): User {
  if (user?.type === type) return user
  const kind = type === 'User' ? 'a User' : 'an Organization'
  throw refuse(
    'NOT_FOUND',
    `Could not resolve to ${kind} with the login of '${args.text('login')}'.`,
  )
}

/** An order that the emulator does not keep is refused rather than ignored. */
function rest(args: Fields, name: string): void {
  const { direction, field } = args.object(name).has('field')
    ? { direction: args.object(name).text('direction'), field: args.object(name).text('field') }
    : { direction: 'ASC', field: 'POSITION' }
  if (field === 'POSITION' && direction === 'ASC') return
  throw new Error(`the emulator gives ${name} POSITION ascending only`)
}
