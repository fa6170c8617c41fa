// What an App, or a person by a classic token, changes in projects over GraphQL.
import {
  createField,
  createProject,
  deleteField,
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
} from '../change/project-items.ts'
import { Fields } from '../http/fields.ts'
import type {
  FieldContent,
  FieldType,
  OptionColor,
  Project,
  ProjectField,
  ProjectItem,
} from '../world/project.ts'
import { effective, allows } from '../auth/permission.ts'
import { needProject, refuse, type QueryContext } from './context.ts'
import { unresolved, type Payload } from './mutations.ts'
import { nodeOf } from './node.ts'
import type { Table } from './resolver.ts'

type Input = { readonly input: Fields; readonly context: QueryContext }

export const projectMutations: Table<unknown> = {
  createProjectV2: (_root, args, context) => {
    const input = args.object('input')
    const found = nodeOf(input.text('ownerId'), context)
    if (found.kind !== 'user') throw unresolved(input.text('ownerId'), 'OrganizationOrUser')
    unserved(input, ['repositoryId', 'teamId'])
    mayCreate(found.value, context)
    const title = input.text('title')
    const projectV2 = createProject(context.world, context.actor, { owner: found.value, title })
    return paid(input, { projectV2 })
  },
  updateProjectV2: (_root, args, context) => {
    const input = args.object('input')
    const projectV2 = projectOf({ input, context })
    unserved(input, ['public', 'readme'])
    editProject(context.world, projectV2, context.actor, {
      ...(input.maybe('title') === null ? {} : { title: input.text('title') }),
      ...(input.maybe('shortDescription') === null
        ? {}
        : { description: input.text('shortDescription') }),
      ...(input.has('closed') ? { closed: input.flag('closed') } : {}),
    })
    return paid(input, { projectV2 })
  },
  createProjectV2Field: (_root, args, context) => {
    const input = args.object('input')
    const project = projectOf({ input, context })
    const dataType = input.text('dataType').toLowerCase() as FieldType
    if (input.text('dataType') === 'ITERATION') throw new Error('iterations are not emulated')
    const projectV2Field = createField(context.world, project, {
      name: input.text('name'),
      dataType,
      options: optionsOf(input),
    })
    return paid(input, { projectV2Field })
  },
  updateProjectV2Field: (_root, args, context) => {
    const input = args.object('input')
    const projectV2Field = fieldOf({ input, context })
    unserved(input, ['iterationConfiguration'])
    updateField(context.world, projectV2Field, {
      ...(input.maybe('name') === null ? {} : { name: input.text('name') }),
      options: optionsOf(input),
    })
    return paid(input, { projectV2Field })
  },
  deleteProjectV2Field: (_root, args, context) => {
    const input = args.object('input')
    const projectV2Field = fieldOf({ input, context })
    deleteField(context.world, projectV2Field)
    return paid(input, { projectV2Field })
  },
  addProjectV2ItemById: (_root, args, context) => {
    const input = args.object('input')
    const project = projectOf({ input, context })
    const content = nodeOf(input.text('contentId'), context)
    if (content.kind !== 'issue') throw unresolved(input.text('contentId'), 'ProjectV2ItemContent')
    const { item } = addItem(context.world, project, context.actor, content.value)
    return paid(input, { item })
  },
  updateProjectV2ItemFieldValue: (_root, args, context) => {
    const input = args.object('input')
    const projectV2Item = itemOf({ input, context })
    const field = fieldOf({ input, context })
    const content = contentOf(input.object('value'), field)
    setValue(context.world, projectV2Item, context.actor, { field, content })
    return paid(input, { projectV2Item })
  },
  clearProjectV2ItemFieldValue: (_root, args, context) => {
    const input = args.object('input')
    const projectV2Item = itemOf({ input, context })
    const field = fieldOf({ input, context })
    setValue(context.world, projectV2Item, context.actor, { field, content: null })
    return paid(input, { projectV2Item })
  },
  archiveProjectV2Item: (_root, args, context) => {
    const input = args.object('input')
    const item = itemOf({ input, context })
    setItemArchived(context.world, item, context.actor, true)
    return paid(input, { item })
  },
  unarchiveProjectV2Item: (_root, args, context) => {
    const input = args.object('input')
    const item = itemOf({ input, context })
    setItemArchived(context.world, item, context.actor, false)
    return paid(input, { item })
  },
  deleteProjectV2Item: (_root, args, context) => {
    const input = args.object('input')
    const item = itemOf({ input, context })
    removeItem(context.world, item, context.actor)
    return paid(input, { deletedItemId: item.nodeId })
  },
  updateProjectV2ItemPosition: (_root, args, context) => {
    const input = args.object('input')
    const item = itemOf({ input, context })
    const after = input.maybe('afterId')
    const before = after === null ? null : itemNamed(after, context)
    moveItem(context.world, item, context.actor, before)
    const items = { total: 0, nodes: [], start: 0, hasPrevious: false, hasNext: false }
    return paid(input, { items })
  },
}

function paid(input: Fields, result: Readonly<Record<string, unknown>>): Payload {
  return { ...result, mark: input.maybe('clientMutationId') }
}

function projectOf({ input, context }: Input): Project {
  const id = input.text('projectId')
  const found = nodeOf(id, context)
  if (found.kind !== 'project') throw unresolved(id, 'ProjectV2')
  needProject(context, found.value, 'write')
  return found.value
}

function fieldOf({ input, context }: Input): ProjectField {
  const id = input.text('fieldId')
  const found = nodeOf(id, context)
  if (found.kind !== 'project-field') throw unresolved(id, 'ProjectV2FieldConfiguration')
  needProject(context, found.value.project, 'write')
  return found.value
}

function itemOf({ input, context }: Input): ProjectItem {
  const item = itemNamed(input.text('itemId'), context)
  if (item.project !== projectOf({ input, context })) {
    throw refuse('NOT_FOUND', 'The item does not exist in the project')
  }
  return item
}

function itemNamed(id: string, context: QueryContext): ProjectItem {
  const found = nodeOf(id, context)
  if (found.kind !== 'project-item') throw unresolved(id, 'ProjectV2Item')
  return found.value
}

function contentOf(value: Fields, { dataType }: ProjectField): FieldContent {
  const given = value.entries().filter(([, one]) => one !== null)
  const [[name, content] = []] = given
  const expected: Readonly<Record<string, string>> = {
    single_select: 'singleSelectOptionId',
    text: 'text',
    number: 'number',
    date: 'date',
  }
  if (given.length !== 1 || name !== expected[dataType] || content === undefined) {
    throw refuse(
      'UNPROCESSABLE',
      `Did not receive a ${dataType} value to update a field of type ${dataType}`,
    )
  }
  return content as FieldContent
}

function optionsOf(input: Fields): readonly NewOption[] {
  return input.list('singleSelectOptions').map((one) => {
    const option = new Fields(one)
    return {
      name: option.text('name'),
      color: option.text('color') as OptionColor,
      description: option.text('description'),
      ...(option.maybe('id') === null ? {} : { id: option.text('id') }),
    }
  })
}

function mayCreate(owner: Project['owner'], context: QueryContext): void {
  const { asker } = context
  if (asker.kind === 'person') {
    const { scopes, user } = asker.token
    if (scopes.has('project') && (owner === user || owner.members.has(user.id))) return
  } else if (owner === asker.installation.account && owner.type === 'Organization') {
    if (allows(effective(asker.token), 'organization_projects:write')) return
    context.world.violate('permission', 'createProjectV2', 'needs organization_projects:write')
  }
  throw refuse('FORBIDDEN', 'Resource not accessible by integration')
}

function unserved(input: Fields, names: readonly string[]): void {
  const found = names.find((name) => input.raw(name) !== undefined && input.raw(name) !== null)
  if (found !== undefined) throw new Error(`the emulator does not take ${found}`)
}
