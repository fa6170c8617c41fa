// Boards: the projects of an owner, and one of them with its cards in columns by status. Cards are
// moved by choosing a column; with script the choice itself is enough.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { maySeeProject, mayWriteProject } from '../../auth/project-access.ts'
import { notFound } from '../../world/refusal.ts'
import type { Issue } from '../../world/issue.ts'
import type { User } from '../../world/people.ts'
import type { Project } from '../../world/project.ts'
import { fullNameOf } from '../../world/world.ts'
import { layout } from '../layout.ts'
import { board } from '../parts/board.ts'
import { moment } from '../parts/moment.ts'
import { personLink } from '../parts/person.ts'
import {
  loginOf,
  mayRead,
  projectAddress,
  projectsAddress,
  textOf,
  tokenField,
  type Ask,
  type Html,
  type PageEnv,
  type Visit,
} from '../visit.ts'

export function projectRoutes(app: Hono<PageEnv>): void {
  for (const kind of ['orgs', 'users']) {
    app.get(`/${kind}/:owner/projects`, list)
    app.post(`/${kind}/:owner/projects`, (c) => {
      const visit = c.get('visit')
      const owner = ownerOf(c)
      const title = textOf(c.get('form'), 'title').trim()
      const made = visit.site.createProject({ owner: owner.login, as: loginOf(visit), title })
      return c.redirect(projectAddress(made), 303)
    })
    app.get(`/${kind}/:owner/projects/:number{[0-9]+}`, show)
    app.post(`/${kind}/:owner/projects/:number{[0-9]+}/:what`, change)
  }
}

function list(c: Ask): Response | Promise<Response> {
  const visit = c.get('visit')
  const owner = ownerOf(c)
  const seen = visit.site.projects(owner.login).filter((project) => sees(visit, project))
  const may = visit.me !== null && (owner === visit.me || owner.members.has(visit.me.id))
  const content = html`<div class="heading"><h1>Projects</h1></div>
    <div id="projects" data-live>
      ${
        seen.length === 0
          ? html`<p class="empty" id="no-projects">There is no project here.</p>`
          : html`<ul class="rows" id="rows">
              ${seen.map(
                (project) =>
                  html`<li id="project-${project.id}">
                    <div class="grow">
                      <p class="row-title">
                        <a href="${projectAddress(project)}">${project.title}</a>
                        ${project.closedAt === null ? '' : html`<span class="badge">closed</span>`}
                      </p>
                      <p class="quiet">
                        #${project.number} by ${personLink(project.creator)}, changed
                        ${moment(project.updatedAt)}
                      </p>
                    </div>
                    <span class="quiet tally">${project.items.length} cards</span>
                  </li>`,
              )}
            </ul>`
      }
    </div>
    ${
      may
        ? html`<form class="row project-form" method="post" action="${projectsAddress(owner)}">
            ${tokenField(visit)}
            <label for="project-title">New project</label>
            <input id="project-title" name="title" required maxlength="100" />
            <button class="primary">Create</button>
          </form>`
        : ''
    }`
  const title = `Projects · ${owner.login}`
  return c.html(layout(visit, { title, frame: frameOf(owner, null), content }))
}

function show(c: Ask): Response | Promise<Response> {
  const visit = c.get('visit')
  const project = projectOf(c)
  const may = visit.me !== null && mayWriteProject(project, visit.me)
  const content = html`<div class="heading" id="heading" data-live>
      <h1>${project.title} <span class="quiet">#${project.number}</span></h1>
      <p class="under">
        ${project.closedAt === null ? '' : html`<span class="badge">closed</span>`}
        <span>${project.shortDescription ?? 'Columns are the options of the field Status.'}</span>
      </p>
    </div>
    <div id="board" data-live>${board(visit, project)}</div>
    ${may ? adding(visit, project) : ''}`
  const title = `${project.title} · ${project.owner.login}`
  const frame = frameOf(project.owner, project)
  return c.html(layout(visit, { title, frame, content, wide: true }))
}

/** Every open issue of the owner's repositories that is not on the board yet. */
function adding(visit: Visit, project: Project): Html | string {
  const known = new Set(project.items.map(({ content }) => content))
  const open = visit.site
    .repositories()
    .filter((repo) => repo.owner === project.owner && mayRead(visit, repo))
    .flatMap((repo) => [...repo.issues.values()])
    .filter((issue) => issue.state === 'open' && !known.has(issue))
  if (open.length === 0) return ''
  return html`<form class="row project-form" method="post" action="${projectAddress(project)}/add">
    ${tokenField(visit)}
    <label for="card">Add a card</label>
    <select id="card" name="card" autocomplete="off">
      ${open.map((issue) => html`<option value="${cardName(issue)}">${words(issue)}</option>`)}
    </select>
    <button>Add</button>
  </form>`
}

function change(c: Ask): Response | Promise<Response> {
  const visit = c.get('visit')
  const { site } = visit
  const project = projectOf(c)
  const form = c.get('form')
  const at = {
    owner: project.owner.login,
    project: project.number,
    as: loginOf(visit),
    card: cardOf(textOf(form, 'card')),
  }
  const to = textOf(form, 'to')
  const what = c.req.param('what')
  if (what === 'move') site.moveCard({ ...at, to: to === '' ? null : to })
  else if (what === 'add') site.addCard(at)
  else if (what === 'archive') site.archiveCard(at)
  else if (what === 'restore') site.restoreCard(at)
  else throw notFound()
  return c.redirect(projectAddress(project), 303)
}

export function cardName({ number, repo }: Issue): string {
  return `${fullNameOf(repo)}#${number}`
}

function cardOf(text: string): { readonly repo: string; readonly number: number } {
  const [, repo, number] = /^([^#]+)#(\d+)$/.exec(text) ?? []
  if (repo === undefined) throw notFound()
  return { repo, number: Number(number) }
}

function words(issue: Issue): string {
  return `${cardName(issue)} ${issue.title}`
}

function ownerOf(c: Ask): User {
  return c.get('visit').site.user(c.req.param('owner') ?? '')
}

function projectOf(c: Ask): Project {
  const visit = c.get('visit')
  const owner = ownerOf(c).login
  const project = visit.site.project({ owner, project: Number(c.req.param('number')) })
  if (!sees(visit, project)) throw notFound()
  return project
}

function sees({ me }: Visit, project: Project): boolean {
  return me !== null && maySeeProject(project, me)
}

function frameOf(owner: User, project: Project | null): Html {
  return html`<div class="frame">
    <div class="bar">
      <p class="where project-where">
        <a href="/${encodeURIComponent(owner.login)}">${owner.login}</a>
        <span aria-hidden="true">/</span>
        <a href="${projectsAddress(owner)}">projects</a>
        ${
          project === null
            ? ''
            : html`<span aria-hidden="true">/</span>
                <a class="strong" href="${projectAddress(project)}">${project.title}</a>`
        }
      </p>
    </div>
  </div>`
}
