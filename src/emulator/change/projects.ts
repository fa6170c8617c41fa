// Makes projects and their fields, and changes what a field offers.
import { projectJson } from '../present/project.ts'
import { invalid, unprocessable, type JsonObject } from '../world/refusal.ts'
import type { Actor } from '../world/app.ts'
import type { User } from '../world/people.ts'
import type {
  FieldType,
  OptionColor,
  Project,
  ProjectField,
  ProjectOption,
} from '../world/project.ts'
import { nodeId, type World } from '../world/world.ts'

// From "Projects limits" of GitHub's documentation.
const MAX_FIELDS = 50
const MAX_OPTIONS = 50

const FIRST_FIELDS: readonly (readonly [string, FieldType])[] = [
  ['Title', 'title'],
  ['Assignees', 'assignees'],
  ['Status', 'single_select'],
  ['Labels', 'labels'],
  ['Linked pull requests', 'linked_pull_requests'],
  ['Milestone', 'milestone'],
  ['Repository', 'repository'],
  ['Reviewers', 'reviewers'],
]
const FIRST_STATUS: readonly NewOption[] = [
  { name: 'Todo', color: 'GREEN', description: 'This item hasn’t been started' },
  { name: 'In Progress', color: 'YELLOW', description: 'This is actively being worked on' },
  { name: 'Done', color: 'PURPLE', description: 'This has been completed' },
]

export type NewOption = {
  /** Of an option that is there already and stays itself. */
  readonly id?: string
  readonly name: string
  readonly color: OptionColor
  readonly description: string
}

export function createProject(
  world: World,
  actor: Actor,
  given: { readonly owner: User; readonly title: string },
): Project {
  const { owner, title } = given
  if (title.trim() === '') throw invalid({ resource: 'ProjectV2', field: 'title', code: 'missing' })
  if (owner.type === 'Bot') throw unprocessable('Only organisations and people own projects')
  const id = world.nextId()
  const now = world.stamp()
  const project: Project = {
    id,
    nodeId: nodeId('PVT', id),
    number: 1 + [...world.projects.values()].filter((one) => one.owner === owner).length,
    owner,
    creator: actor.user,
    createdAt: now,
    fields: [],
    items: [],
    collaborators: new Set(),
    title,
    shortDescription: null,
    public: false,
    closedAt: null,
    updatedAt: now,
  }
  world.projects.set(id, project)
  world.nodes.set(project.nodeId, { kind: 'project', value: project })
  for (const [name, dataType] of FIRST_FIELDS) {
    const field = addField(world, project, { name, dataType })
    if (dataType === 'single_select') field.options = FIRST_STATUS.map((one) => option(world, one))
  }
  tell(world, project, actor, { action: 'created' })
  return project
}

export function createField(
  world: World,
  project: Project,
  given: {
    readonly name: string
    readonly dataType: FieldType
    readonly options?: readonly NewOption[]
  },
): ProjectField {
  const { dataType, options = [] } = given
  if (project.fields.length >= MAX_FIELDS) {
    throw unprocessable(`Projects may not have more than ${MAX_FIELDS} fields`)
  }
  checkName(project, given.name)
  if ((dataType === 'single_select') !== options.length > 0) {
    throw unprocessable('Options are needed for a single select field, and for no other')
  }
  checkOptions(options)
  const field = addField(world, project, given)
  field.options = options.map((one) => option(world, one))
  return field
}

/**
 * New options overwrite the old: only those sent with their id stay themselves, and items whose
 * option is gone lose their value. An empty list is ignored.
 */
export function updateField(
  world: World,
  field: ProjectField,
  given: { readonly name?: string; readonly options?: readonly NewOption[] },
): void {
  const { name, options = [] } = given
  if (name !== undefined && name !== field.name) {
    checkName(field.project, name)
    field.name = name
  }
  if (options.length > 0) {
    if (field.dataType !== 'single_select') throw unprocessable('The field takes no options')
    checkOptions(options)
    const unknown = options.find(
      ({ id }) => id !== undefined && !field.options.some((known) => known.id === id),
    )
    if (unknown !== undefined) throw unprocessable(`No option has the id ${unknown.id ?? ''}`)
    field.options = options.map((one) => option(world, one))
    const left = new Set(field.options.map(({ id }) => id))
    for (const item of field.project.items) {
      const value = item.values.get(field)
      if (value !== undefined && !left.has(String(value.content))) item.values.delete(field)
    }
  }
  field.updatedAt = world.stamp()
  field.project.updatedAt = field.updatedAt
}

export function deleteField(world: World, field: ProjectField): void {
  const { project } = field
  if (FIRST_FIELDS.some(([, type]) => type === field.dataType && type !== 'single_select')) {
    throw unprocessable('Default fields cannot be deleted')
  }
  project.fields.splice(project.fields.indexOf(field), 1)
  for (const item of project.items) item.values.delete(field)
  world.nodes.delete(field.nodeId)
  project.updatedAt = world.stamp()
}

export function editProject(
  world: World,
  project: Project,
  actor: Actor,
  given: { readonly title?: string; readonly closed?: boolean; readonly description?: string },
): void {
  const changes: Record<string, JsonObject> = {}
  if (given.title !== undefined && given.title !== project.title) {
    changes['title'] = { from: project.title, to: given.title }
    project.title = given.title
  }
  if (given.description !== undefined && given.description !== project.shortDescription) {
    changes['short_description'] = { from: project.shortDescription, to: given.description }
    project.shortDescription = given.description
  }
  project.updatedAt = world.stamp()
  if (Object.keys(changes).length > 0) tell(world, project, actor, { action: 'edited', changes })
  if (given.closed === undefined || given.closed === (project.closedAt !== null)) return
  project.closedAt = given.closed ? world.stamp() : null
  tell(world, project, actor, { action: given.closed ? 'closed' : 'reopened' })
}

export function deleteProject(world: World, project: Project, actor: Actor): void {
  world.projects.delete(project.id)
  for (const { nodeId: id } of [project, ...project.fields, ...project.items]) {
    world.nodes.delete(id)
  }
  tell(world, project, actor, { action: 'deleted' })
}

function addField(
  world: World,
  project: Project,
  given: { readonly name: string; readonly dataType: FieldType },
): ProjectField {
  const id = world.nextId()
  const now = world.stamp()
  const field: ProjectField = {
    id,
    nodeId: nodeId(given.dataType === 'single_select' ? 'PVTSSF' : 'PVTF', id),
    project,
    dataType: given.dataType,
    createdAt: now,
    name: given.name,
    updatedAt: now,
    options: [],
  }
  project.fields.push(field)
  project.updatedAt = now
  world.nodes.set(field.nodeId, { kind: 'project-field', value: field })
  return field
}

function option(world: World, given: NewOption): ProjectOption {
  const { color, description, name } = given
  const id = given.id ?? world.nextId().toString(16).padStart(8, '0')
  return { id, name, color, description }
}

function checkName(project: Project, name: string): void {
  if (name.trim() === '') throw unprocessable("Name can't be blank")
  const taken = project.fields.some((field) => field.name.toLowerCase() === name.toLowerCase())
  if (taken) throw unprocessable('Name has already been taken')
}

function checkOptions(options: readonly NewOption[]): void {
  if (options.length > MAX_OPTIONS) {
    throw unprocessable(`A field may not have more than ${MAX_OPTIONS} options`)
  }
  if (new Set(options.map(({ name }) => name)).size < options.length) {
    throw unprocessable('Options must have different names')
  }
}

/** Only organisations' projects are told of. */
function tell(
  world: World,
  project: Project,
  actor: Actor,
  given: { readonly action: string; readonly changes?: JsonObject },
): void {
  if (project.owner.type !== 'Organization') return
  world.emit({
    event: 'projects_v2',
    action: given.action,
    sender: actor.user,
    repo: null,
    account: project.owner,
    payload: () => ({
      projects_v2: projectJson(world, project),
      ...(given.changes === undefined ? {} : { changes: given.changes }),
    }),
  })
}
