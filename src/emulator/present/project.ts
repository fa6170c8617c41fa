// Projects, their fields and cards as GitHub's payloads show them.
import type { JsonObject } from '../world/refusal.ts'
import type { FieldContent, Project, ProjectField, ProjectItem } from '../world/project.ts'
import type { World } from '../world/world.ts'
import { fullIssueJson } from './issue.ts'
import { simplePullJson } from './pull.ts'
import { repoJson } from './repository.ts'
import { userJson } from './user.ts'

/** The `projects-v2` schema. */
export function projectJson(world: World, project: Project): JsonObject {
  return {
    id: project.id,
    node_id: project.nodeId,
    owner: userJson(world, project.owner),
    creator: userJson(world, project.creator),
    title: project.title,
    description: null,
    public: project.public,
    closed_at: project.closedAt,
    created_at: project.createdAt,
    updated_at: project.updatedAt,
    number: project.number,
    short_description: project.shortDescription,
    deleted_at: null,
    deleted_by: null,
    state: project.closedAt === null ? 'open' : 'closed',
    latest_status_update: null,
    is_template: false,
  }
}

/** The `projects-v2-field` schema. */
export function fieldJson(world: World, field: ProjectField): JsonObject {
  return {
    id: field.id,
    node_id: field.nodeId,
    name: field.name,
    data_type: field.dataType,
    project_url: projectUrl(world, field.project),
    ...(field.dataType === 'single_select'
      ? {
          options: field.options.map(({ color, description, id, name }) => ({
            id,
            name: formatted(name),
            color,
            description: formatted(description),
          })),
        }
      : {}),
    created_at: field.createdAt,
    updated_at: field.updatedAt,
  }
}

/** The `projects-v2-item-simple` schema. */
export function simpleItemJson(world: World, item: ProjectItem): JsonObject {
  return { ...shared(world, item), content: contentJson(world, item) }
}

/** The `projects-v2-item-with-content` schema; `seen` is whether the reader may see the content. */
export function itemJson(
  world: World,
  item: ProjectItem,
  given: { readonly fields: readonly ProjectField[]; readonly seen: boolean },
): JsonObject {
  return {
    ...shared(world, item),
    content: given.seen ? contentJson(world, item) : null,
    fields: given.fields.map((field) => ({
      id: field.id,
      name: field.name,
      data_type: field.dataType,
      value: given.seen ? valueJson(world, item, field) : null,
    })),
  }
}

/** The `projects-v2-item` schema, for webhooks. */
export function itemWebhookJson(world: World, item: ProjectItem): JsonObject {
  return {
    id: item.id,
    node_id: item.nodeId,
    project_node_id: item.project.nodeId,
    content_node_id: item.content.nodeId,
    content_type: contentType(item),
    creator: userJson(world, item.creator),
    created_at: item.createdAt,
    updated_at: item.updatedAt,
    archived_at: item.archivedAt,
  }
}

/** A value before or after a change, as `projects_v2_item` webhooks tell it. */
export function valueForWebhook(
  field: ProjectField,
  content: FieldContent | null,
): JsonObject | FieldContent | null {
  // GitHub documents whole numbers only, and its schema refuses others.
  if (typeof content === 'number') return Math.round(content)
  if (field.dataType !== 'single_select' || content === null) return content
  const option = field.options.find(({ id }) => id === content)
  return option === undefined ? null : { ...option }
}

export function projectHtmlUrl(world: World, { number, owner }: Project): string {
  const kind = owner.type === 'Organization' ? 'orgs' : 'users'
  return `${world.url}/${kind}/${owner.login}/projects/${number}`
}

function projectUrl(world: World, { number, owner }: Project): string {
  const kind = owner.type === 'Organization' ? 'orgs' : 'users'
  return `${world.url}/api/v3/${kind}/${owner.login}/projectsV2/${number}`
}

function shared(world: World, item: ProjectItem): JsonObject {
  const url = projectUrl(world, item.project)
  return {
    id: item.id,
    node_id: item.nodeId,
    content_type: contentType(item),
    creator: userJson(world, item.creator),
    created_at: item.createdAt,
    updated_at: item.updatedAt,
    archived_at: item.archivedAt,
    project_url: url,
    item_url: `${url}/items/${item.id}`,
  }
}

function contentType({ content }: ProjectItem): string {
  return content.pull === null ? 'Issue' : 'PullRequest'
}

function contentJson(world: World, { content }: ProjectItem): JsonObject {
  return content.pull === null
    ? fullIssueJson(world, content)
    : simplePullJson(world, content, content.pull)
}

function valueJson(world: World, item: ProjectItem, field: ProjectField): unknown {
  const { content } = item
  const value = item.values.get(field)?.content ?? null
  switch (field.dataType) {
    case 'title':
      return formatted(content.title)
    case 'assignees':
      return content.assignees.map((user) => userJson(world, user))
    case 'labels':
      return content.labels.map(({ color, name }) => ({ name, color }))
    case 'repository':
      return repoJson(world, content.repo)
    case 'single_select': {
      const option = field.options.find(({ id }) => id === value)
      if (option === undefined) return null
      const { color, description, id, name } = option
      return { id, name: formatted(name), color, description: formatted(description) }
    }
    case 'text':
      return value === null ? null : formatted(String(value))
    case 'number':
    case 'date':
      return value
    case 'linked_pull_requests':
    case 'milestone':
    case 'reviewers':
      return null
  }
}

function formatted(text: string): JsonObject {
  const html = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return { raw: text, html }
}
