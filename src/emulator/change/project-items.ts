// Cards: issues and pull requests in a project, what their fields say, and where they lie.
import { itemWebhookJson, valueForWebhook } from '../present/project.ts'
import { unprocessable, type JsonObject } from '../world/refusal.ts'
import type { Actor } from '../world/app.ts'
import type { Issue } from '../world/issue.ts'
import type { FieldContent, Project, ProjectField, ProjectItem } from '../world/project.ts'
import { nodeId, type World } from '../world/world.ts'

const MAX_TEXT = 1_024
const WRITABLE: ReadonlySet<string> = new Set(['single_select', 'text', 'number', 'date'])

/** An issue that is there already stays where it is: the same item is given. */
export function addItem(
  world: World,
  project: Project,
  actor: Actor,
  content: Issue,
): { readonly item: ProjectItem; readonly isNew: boolean } {
  const known = project.items.find((item) => item.content === content)
  if (known !== undefined) return { item: known, isNew: false }
  const id = world.nextId()
  const now = world.stamp()
  const item: ProjectItem = {
    id,
    nodeId: nodeId('PVTI', id),
    project,
    content,
    creator: actor.user,
    createdAt: now,
    values: new Map(),
    updatedAt: now,
    archivedAt: null,
  }
  project.items.push(world.born(item))
  project.updatedAt = now
  world.nodes.set(item.nodeId, { kind: 'project-item', value: item })
  tell(world, item, actor, { action: 'created' })
  return { item, isNew: true }
}

/** `null` takes the value away. What is so already is told to nobody. */
export function setValue(
  world: World,
  item: ProjectItem,
  actor: Actor,
  given: { readonly field: ProjectField; readonly content: FieldContent | null },
): void {
  const { content, field } = given
  if (item.archivedAt !== null) throw unprocessable('The item is archived and cannot be updated')
  checkContent(field, content)
  const known = item.values.get(field)
  const before = known?.content ?? null
  if (before === content) return
  const now = world.stamp()
  if (content === null) item.values.delete(field)
  else if (known === undefined) {
    const id = world.nextId()
    item.values.set(field, {
      id,
      nodeId: nodeId('PVTFSV', id),
      item,
      field,
      creator: actor.user,
      createdAt: now,
      content,
      updatedAt: now,
    })
  } else {
    known.content = content
    known.updatedAt = now
  }
  touch(world, item)
  tell(world, item, actor, {
    action: 'edited',
    changes: {
      field_value: {
        field_node_id: field.nodeId,
        field_type: field.dataType,
        field_name: field.name,
        project_number: item.project.number,
        from: valueForWebhook(field, before),
        to: valueForWebhook(field, content),
      },
    },
  })
}

export function setItemArchived(
  world: World,
  item: ProjectItem,
  actor: Actor,
  archived: boolean,
): void {
  if ((item.archivedAt !== null) === archived) return
  const from = item.archivedAt
  item.archivedAt = archived ? world.stamp() : null
  touch(world, item)
  const changes = { archived_at: { from, to: item.archivedAt } }
  tell(world, item, actor, { action: archived ? 'archived' : 'restored', changes })
}

export function removeItem(world: World, item: ProjectItem, actor: Actor): void {
  const { items } = item.project
  items.splice(items.indexOf(item), 1)
  world.nodes.delete(item.nodeId)
  item.project.updatedAt = world.stamp()
  tell(world, item, actor, { action: 'deleted' })
}

/** A deleted issue leaves every project. */
export function removeContent(world: World, issue: Issue, actor: Actor): void {
  for (const item of itemsOf(world, issue)) removeItem(world, item, actor)
}

/** Puts the card behind another one, or first. */
export function moveItem(
  world: World,
  item: ProjectItem,
  actor: Actor,
  after: ProjectItem | null,
): void {
  const { items } = item.project
  const previous = (): string | null => items[items.indexOf(item) - 1]?.nodeId ?? null
  const from = previous()
  items.splice(items.indexOf(item), 1)
  items.splice(after === null ? 0 : items.indexOf(after) + 1, 0, item)
  touch(world, item)
  const changes = { previous_projects_v2_item_node_id: { from, to: previous() } }
  tell(world, item, actor, { action: 'reordered', changes })
}

/** The cards of an issue, in all projects. */
export function itemsOf(world: World, issue: Issue): readonly ProjectItem[] {
  return [...world.projects.values()].flatMap(({ items }) =>
    items.filter((item) => item.content === issue),
  )
}

/** The value as text, the name of the option where it is one. */
export function valueText(item: ProjectItem, field: ProjectField): string | null {
  const value = item.values.get(field)
  if (value === undefined) return null
  if (field.dataType !== 'single_select') return String(value.content)
  return field.options.find(({ id }) => id === value.content)?.name ?? null
}

function touch(world: World, item: ProjectItem): void {
  item.updatedAt = world.stamp()
  item.project.updatedAt = item.updatedAt
}

function checkContent(field: ProjectField, content: FieldContent | null): void {
  const { dataType, options } = field
  if (!WRITABLE.has(dataType)) {
    throw unprocessable(`The field of type ${dataType} is currently not supported`)
  }
  if (content === null) return
  if (dataType === 'number' ? typeof content !== 'number' : typeof content !== 'string') {
    throw unprocessable(`Did not receive a ${dataType} value to update a field of type ${dataType}`)
  }
  if (dataType === 'single_select' && !options.some(({ id }) => id === content)) {
    throw unprocessable('The single select option Id does not belong to the field')
  }
  if (dataType === 'text' && String(content).length > MAX_TEXT) {
    throw unprocessable(`Text is too long (maximum is ${MAX_TEXT} characters)`)
  }
  if (dataType === 'date' && !/^\d{4}-\d\d-\d\d$/.test(String(content))) {
    throw unprocessable('The date must be in the form YYYY-MM-DD')
  }
}

/** GitHub tells of cards in organisations' projects only, and names no repository. */
function tell(
  world: World,
  item: ProjectItem,
  actor: Actor,
  given: { readonly action: string; readonly changes?: JsonObject },
): void {
  const { owner } = item.project
  if (owner.type !== 'Organization') return
  world.emit({
    event: 'projects_v2_item',
    action: given.action,
    sender: actor.user,
    repo: null,
    account: owner,
    payload: () => ({
      projects_v2_item: itemWebhookJson(world, item),
      ...(given.changes === undefined ? {} : { changes: given.changes }),
    }),
  })
}
