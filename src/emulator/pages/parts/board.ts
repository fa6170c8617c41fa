// The cards of a project in columns: one for each option of Status, and one for those without.
import { html } from 'hono/html'
import { mayWriteProject } from '../../auth/project-access.ts'
import { valueText } from '../../change/project-items.ts'
import { fullNameOf } from '../../world/world.ts'
import type { Project, ProjectField, ProjectItem, ProjectOption } from '../../world/project.ts'
import {
  issueAddress,
  mayRead,
  projectAddress,
  tokenField,
  type Html,
  type Visit,
} from '../visit.ts'
import { labelChip } from './label.ts'
import { avatar } from './person.ts'
import { stateIcon } from './state.ts'

type Column = { readonly option: ProjectOption | null; readonly items: readonly ProjectItem[] }

export function board(visit: Visit, project: Project): Html {
  const status = project.fields.find(({ name }) => name === 'Status') ?? null
  const open = project.items.filter(({ archivedAt }) => archivedAt === null)
  const columns = columnsOf(status, open)
  const archived = project.items.filter(({ archivedAt }) => archivedAt !== null)
  return html`<div class="board" id="columns" tabindex="0" role="region" aria-label="Board">
      ${columns.map((column) => columnOf(visit, { project, status, column }))}
    </div>
    ${
      archived.length === 0
        ? ''
        : html`<details id="archived">
            <summary>${archived.length} archived</summary>
            <ul class="rows">
              ${archived.map((item) => archivedRow(visit, item))}
            </ul>
          </details>`
    }`
}

function columnsOf(status: ProjectField | null, items: readonly ProjectItem[]): readonly Column[] {
  const of = (option: ProjectOption | null): readonly ProjectItem[] =>
    items.filter((item) => {
      const value = status === null ? undefined : item.values.get(status)
      return (value?.content ?? null) === (option?.id ?? null)
    })
  const without = of(null)
  return [
    ...(without.length > 0 ? [{ option: null, items: without }] : []),
    ...(status?.options ?? []).map((option) => ({ option, items: of(option) })),
  ]
}

type In = {
  readonly project: Project
  readonly status: ProjectField | null
  readonly column: Column
}

function columnOf(visit: Visit, { project, status, column }: In): Html {
  const { items, option } = column
  const name = option?.name ?? 'No status'
  return html`<section class="column" id="column-${option?.id ?? 'none'}" aria-label="${name}">
    <h2>
      <span class="dot ${option?.color.toLowerCase() ?? ''}"></span> ${name}
      <span class="count">${items.length}</span>
    </h2>
    ${option === null || option.description === '' ? '' : html`<p class="quiet">${option.description}</p>`}
    <ul>
      ${items.map((item) => cardOf(visit, { project, status, item }))}
    </ul>
  </section>`
}

function cardOf(
  visit: Visit,
  given: { readonly project: Project; readonly status: ProjectField | null; item: ProjectItem },
): Html {
  const { item, project, status } = given
  const { content } = item
  if (!mayRead(visit, content.repo)) {
    return html`<li class="card" id="card-${item.id}"><p class="quiet">Not for your eyes</p></li>`
  }
  const more = project.fields.flatMap((field) => {
    const text = field === status ? null : valueText(item, field)
    return text === null ? [] : [html`<span class="fact">${field.name} <b>${text}</b></span>`]
  })
  return html`<li class="card" id="card-${item.id}">
    <p class="quiet">
      ${stateIcon(content)} ${fullNameOf(content.repo)} #${content.number}
      <span class="card-people">${content.assignees.map((user) => avatar(user))}</span>
    </p>
    <p><a href="${issueAddress(content)}">${content.title}</a></p>
    ${content.labels.length === 0 ? '' : html`<p class="labels">${content.labels.map(labelChip)}</p>`}
    ${more.length === 0 ? '' : html`<p class="facts">${more}</p>`} ${moving(visit, given)}
  </li>`
}

function moving(
  visit: Visit,
  given: { readonly project: Project; readonly status: ProjectField | null; item: ProjectItem },
): Html | string {
  const { item, project, status } = given
  const { me } = visit
  if (me === null || status === null || !mayWriteProject(project, me)) return ''
  const address = projectAddress(project)
  const card = `${fullNameOf(item.content.repo)}#${item.content.number}`
  const now = item.values.get(status)?.content ?? null
  const id = `move-${item.id}`
  return html`<div class="row moving">
    <form class="row" method="post" action="${address}/move" data-submit-on-change>
      ${tokenField(visit)}<input type="hidden" name="card" value="${card}" />
      <label class="unseen" for="${id}">Column of ${item.content.title}</label>
      <select id="${id}" name="to" autocomplete="off">
        <option value="" ${now === null ? 'selected' : ''}>No status</option>
        ${status.options.map(
          (option) => html`<option ${option.id === now ? 'selected' : ''}>${option.name}</option>`,
        )}
      </select>
      <button class="small">Move</button>
    </form>
    <form method="post" action="${address}/archive">
      ${tokenField(visit)}
      <button class="cross" name="card" value="${card}" aria-label="Archive ${item.content.title}">
        ×
      </button>
    </form>
  </div>`
}

function archivedRow(visit: Visit, item: ProjectItem): Html {
  const { content, project } = item
  const address = projectAddress(project)
  if (!mayRead(visit, content.repo)) return html`<li><p class="quiet">Not for your eyes</p></li>`
  return html`<li>
    <a class="grow" href="${issueAddress(content)}">${content.title}</a>
    ${
      visit.me !== null && mayWriteProject(project, visit.me)
        ? html`<form method="post" action="${address}/restore">
            ${tokenField(visit)}
            <button class="small" name="card" value="${fullNameOf(content.repo)}#${content.number}">
              Restore
            </button>
          </form>`
        : ''
    }
  </li>`
}
