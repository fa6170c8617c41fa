// Projects over REST, those of organisations for Apps, those of people for classic tokens only.
import { addItem, removeItem, setValue } from '../change/project-items.ts'
import { createField, type NewOption } from '../change/projects.ts'
import { filterItems } from '../change/filter-items.ts'
import { reaches } from '../auth/permission.ts'
import { maySeeProject, requireProject } from '../auth/project-access.ts'
import { roleOf } from '../auth/role.ts'
import { isPull } from '../change/follow-branches.ts'
import { cursorPaged } from '../http/cursor-page.ts'
import { Fields } from '../http/fields.ts'
import {
  created,
  NO_CONTENT,
  ok,
  type Call,
  type Operation,
  type Operations,
} from '../http/operation.ts'
import { fieldJson, itemJson, projectJson, simpleItemJson } from '../present/project.ts'
import { notFound, unprocessable } from '../world/refusal.ts'
import type { Issue, Repository } from '../world/issue.ts'
import type { FieldContent, FieldType, OptionColor } from '../world/project.ts'
import type { Project, ProjectField, ProjectItem } from '../world/project.ts'

type Run = Operation['run']

const read = (run: Run): Operation => ({
  by: 'installation',
  needs: ['organization_projects:read'],
  scopes: ['project', 'read:project'],
  run,
})
const write = (run: Run, creates = false): Operation => ({
  by: 'installation',
  needs: ['organization_projects:write'],
  scopes: ['project'],
  run,
  ...(creates ? { creates: true } : {}),
})

const list = read((call) => {
  const words = call.query.maybe('q')?.toLowerCase() ?? ''
  const found = projectsOf(call).filter(({ title }) => title.toLowerCase().includes(words))
  return cursorPaged(call, found, (project) => projectJson(call.world, project))
})
const get = read((call) => ok(projectJson(call.world, projectOf(call))))
const listFields = read((call) =>
  cursorPaged(call, projectOf(call).fields, (field) => fieldJson(call.world, field)),
)
const getField = read((call) =>
  ok(fieldJson(call.world, fieldOf(projectOf(call), call.params.number('field_id')))),
)
const addField = write((call) => {
  const { body, world } = call
  const project = changing(call)
  if (!body.has('name')) throw unprocessable('The emulator knows no fields of issues')
  const options = body.list('single_select_options').map((one): NewOption => {
    const option = new Fields(one)
    const color = (option.maybe('color') ?? 'GRAY') as OptionColor
    return { name: option.text('name'), color, description: option.maybe('description') ?? '' }
  })
  const dataType = body.text('data_type') as FieldType
  return created(
    fieldJson(world, createField(world, project, { name: body.text('name'), dataType, options })),
  )
}, true)
const listItems = read((call) => {
  const project = projectOf(call)
  const found = filterItems(project, call.query.maybe('q') ?? '')
  const fields = fieldsAsked(call, project)
  return cursorPaged(
    call,
    found.filter((item) => call.world.listed(item)),
    (item) => itemJson(call.world, item, { fields, seen: seen(call, item.content.repo) }),
  )
})
const getItem = read((call) => {
  const project = projectOf(call)
  const item = itemOf(call, project)
  const shown = { fields: fieldsAsked(call, project), seen: seen(call, item.content.repo) }
  return ok(itemJson(call.world, item, shown))
})
const addItemTo = write((call) => {
  const { item } = addItem(call.world, changing(call), call.actor, contentOf(call))
  return created(simpleItemJson(call.world, item))
}, true)
const updateItem = write((call) => {
  const project = changing(call)
  const item = itemOf(call, project)
  const changes = call.body.list('fields').map((one) => {
    const change = new Fields(one)
    return { field: fieldOf(project, change.number('id')), content: change.raw('value') }
  })
  for (const { content, field } of changes) {
    setValue(call.world, item, call.actor, { field, content: content as FieldContent | null })
  }
  const fields = project.fields
  return ok(itemJson(call.world, item, { fields, seen: seen(call, item.content.repo) }))
})
const deleteItem = write((call) => {
  removeItem(call.world, itemOf(call, changing(call)), call.actor)
  return NO_CONTENT
})

export const projectOperations: Operations = {
  'projects/list-for-org': list,
  'projects/get-for-org': get,
  'projects/list-fields-for-org': listFields,
  'projects/get-field-for-org': getField,
  'projects/add-field-for-org': addField,
  'projects/list-items-for-org': listItems,
  'projects/get-org-item': getItem,
  'projects/add-item-for-org': addItemTo,
  'projects/update-item-for-org': updateItem,
  'projects/delete-item-for-org': deleteItem,
  'projects/list-for-user': list,
  'projects/get-for-user': get,
  'projects/list-fields-for-user': listFields,
  'projects/get-field-for-user': getField,
  'projects/add-field-for-user': addField,
  'projects/list-items-for-user': listItems,
  'projects/get-user-item': getItem,
  'projects/add-item-for-user': addItemTo,
  'projects/update-item-for-user': updateItem,
  'projects/delete-item-for-user': deleteItem,
}

function projectsOf(call: Call): readonly Project[] {
  const { credential, params, world } = call
  const isOrg = params.has('org')
  const owner = world.user(params.text(isOrg ? 'org' : 'username'))
  // Each kind of account is found under its own address only.
  if ((owner.type === 'Organization') !== isOrg) throw notFound()
  return [...world.projects.values()].filter((project) => {
    if (project.owner !== owner) return false
    if (credential.kind === 'person') return maySeeProject(project, credential.token.user)
    return credential.kind === 'installation' && credential.installation.account === owner
  })
}

function projectOf(call: Call): Project {
  const number = call.params.number('project_number')
  const found = projectsOf(call).find((project) => project.number === number)
  if (found === undefined) throw notFound()
  return found
}

function changing(call: Call): Project {
  const project = projectOf(call)
  if (call.credential.kind === 'person') requireProject(project, call.credential.token.user)
  return project
}

function fieldOf(project: Project, id: number): ProjectField {
  const found = project.fields.find((field) => field.id === id)
  if (found === undefined) throw unprocessable(`The project has no field ${id}`)
  return found
}

function itemOf(call: Call, project: Project): ProjectItem {
  const id = call.params.number('item_id')
  const found = project.items.find((item) => item.id === id)
  if (found === undefined) throw notFound()
  return found
}

/** The title alone unless the query names fields by their ids. */
function fieldsAsked(call: Call, project: Project): readonly ProjectField[] {
  const asked = call.query.maybe('fields')
  if (asked === null) return project.fields.filter(({ dataType }) => dataType === 'title')
  return asked.split(',').map((id) => fieldOf(project, Number(id)))
}

/** By its id, or by repository and number, for who sees the repository. */
function contentOf(call: Call): Issue {
  const { body, world } = call
  const issues = [...world.repositories.values()]
    .filter((repo) => seen(call, repo))
    .flatMap((repo) => [...repo.issues.values()])
  const wantsPull = body.text('type') === 'PullRequest'
  const named = body.has('owner') && body.has('repo')
  const repo = named
    ? world.findRepository(`${body.text('owner')}/${body.text('repo')}`)
    : undefined
  const found = issues.find((issue) =>
    body.has('id')
      ? (issue.pull?.id ?? issue.id) === body.number('id')
      : issue.repo === repo && issue.number === body.number('number'),
  )
  if (found === undefined || isPull(found) !== wantsPull) throw notFound()
  return found
}

function seen({ credential }: Call, repo: Repository): boolean {
  if (!repo.private) return true
  if (credential.kind === 'person') return roleOf(repo, credential.token.user) !== 'none'
  return credential.kind === 'installation' && reaches(credential.token, repo)
}
