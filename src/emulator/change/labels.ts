// Labels of a repository and on its issues. A label that an issue names and the repository lacks is
// created, as GitHub does for whoever may write.
import { labelJson } from '../present/repository.ts'
import { invalid, notFound, type JsonObject } from '../world/refusal.ts'
import type { Actor } from '../world/app.ts'
import type { Issue, Label, Repository } from '../world/issue.ts'
import { nodeId, type World } from '../world/world.ts'
import { emitIssue, recordEvent, touch } from './record.ts'
import { checkColor, checkLabelDescription, checkLabelName } from './rules.ts'

const DEFAULT_COLOR = 'ededed'
const MAX_LABELS_ON_ISSUE = 100

export type NewLabel = {
  readonly name: string
  readonly color?: string | null
  readonly description?: string | null
}

export function createLabel(world: World, repo: Repository, actor: Actor, given: NewLabel): Label {
  const name = given.name.trim()
  const color = given.color ?? DEFAULT_COLOR
  checkLabelName(name)
  checkColor(color)
  checkLabelDescription(given.description ?? null)
  if (repo.labels.has(name.toLowerCase())) {
    throw invalid({ resource: 'Label', code: 'already_exists', field: 'name' })
  }
  const id = world.nextId()
  const label: Label = {
    id,
    nodeId: nodeId('LA', id),
    isDefault: false,
    name,
    color: color.toLowerCase(),
    description: given.description ?? null,
  }
  repo.labels.set(name.toLowerCase(), label)
  emitLabel(world, repo, actor, { action: 'created', label })
  return label
}

export function findLabel(repo: Repository, name: string): Label {
  const label = repo.labels.get(name.toLowerCase())
  if (label === undefined) throw notFound()
  return label
}

export function updateLabel(
  world: World,
  repo: Repository,
  actor: Actor,
  given: { readonly label: Label; readonly changes: Partial<NewLabel> },
): void {
  const { label, changes } = given
  const before: Record<string, JsonObject> = {}
  if (changes.name !== undefined && changes.name !== label.name) {
    checkLabelName(changes.name)
    const other = repo.labels.get(changes.name.toLowerCase())
    if (other !== undefined && other !== label) {
      throw invalid({ resource: 'Label', code: 'already_exists', field: 'name' })
    }
    before['name'] = { from: label.name }
    repo.labels.delete(label.name.toLowerCase())
    label.name = changes.name
    repo.labels.set(label.name.toLowerCase(), label)
  }
  if (changes.color !== undefined && changes.color !== null && changes.color !== label.color) {
    checkColor(changes.color)
    before['color'] = { from: label.color }
    label.color = changes.color.toLowerCase()
  }
  if (changes.description !== undefined && changes.description !== label.description) {
    checkLabelDescription(changes.description)
    before['description'] = { from: label.description ?? '' }
    label.description = changes.description
  }
  emitLabel(world, repo, actor, { action: 'edited', label, changes: before })
}

export function deleteLabel(world: World, repo: Repository, actor: Actor, label: Label): void {
  for (const issue of repo.issues.values()) {
    if (issue.labels.includes(label)) removeLabel(world, issue, actor, label)
  }
  repo.labels.delete(label.name.toLowerCase())
  emitLabel(world, repo, actor, { action: 'deleted', label })
}

/** Finds or creates the labels of these names. */
export function ensureLabels(
  world: World,
  repo: Repository,
  actor: Actor,
  names: readonly string[],
): readonly Label[] {
  for (const name of names) checkLabelName(name.trim())
  return names.map(
    (name) =>
      repo.labels.get(name.trim().toLowerCase()) ?? createLabel(world, repo, actor, { name }),
  )
}

export function addLabels(
  world: World,
  issue: Issue,
  actor: Actor,
  names: readonly string[],
): void {
  const added = ensureLabels(world, issue.repo, actor, names).filter(
    (label) => !issue.labels.includes(label),
  )
  if (issue.labels.length + added.length > MAX_LABELS_ON_ISSUE) {
    throw invalid({
      resource: 'Issue',
      code: 'custom',
      field: 'labels',
      message: 'too many labels',
    })
  }
  for (const label of new Set(added)) {
    issue.labels = [...issue.labels, label]
    touch(world, issue)
    tellOfLabel(world, issue, actor, label)
  }
}

/** The history and webhook of a label that the issue has got. */
export function tellOfLabel(world: World, issue: Issue, actor: Actor, label: Label): void {
  const detail = { kind: 'label', name: label.name, color: label.color } as const
  recordEvent(world, issue, actor, { event: 'labeled', detail })
  const extra = { label: labelJson(world, issue.repo, label) }
  emitIssue(world, issue, actor, { action: 'labeled', extra })
}

export function removeLabel(world: World, issue: Issue, actor: Actor, label: Label): void {
  if (!issue.labels.includes(label)) {
    throw notFound()
  }
  issue.labels = issue.labels.filter((one) => one !== label)
  touch(world, issue)
  const detail = { kind: 'label', name: label.name, color: label.color } as const
  recordEvent(world, issue, actor, { event: 'unlabeled', detail })
  const extra = { label: labelJson(world, issue.repo, label) }
  emitIssue(world, issue, actor, { action: 'unlabeled', extra })
}

/** Makes the issue's labels exactly these. */
export function setLabels(
  world: World,
  issue: Issue,
  actor: Actor,
  names: readonly string[],
): void {
  const wanted = ensureLabels(world, issue.repo, actor, names)
  for (const label of issue.labels) {
    if (!wanted.includes(label)) removeLabel(world, issue, actor, label)
  }
  addLabels(world, issue, actor, names)
}

function emitLabel(
  world: World,
  repo: Repository,
  actor: Actor,
  given: {
    readonly action: 'created' | 'edited' | 'deleted'
    readonly label: Label
    readonly changes?: JsonObject
  },
): void {
  world.emit({
    event: 'label',
    action: given.action,
    sender: actor.user,
    repo,
    payload: () => ({
      label: labelJson(world, repo, given.label),
      ...(given.changes === undefined ? {} : { changes: given.changes }),
    }),
  })
}
