// Writing a file in the browser and committing it to a branch, new or changed.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { entryAt, readBlob } from '../../git/files.ts'
import type { Repository } from '../../world/issue.ts'
import { conflict, notFound, unprocessable } from '../../world/refusal.ts'
import { fullNameOf } from '../../world/world.ts'
import { layout } from '../layout.ts'
import { mayWrite } from '../../verbs/context.ts'
import { repositoryFrame } from '../repository-frame.ts'
import {
  addressOf,
  encodePath,
  loginOf,
  repositoryOf,
  textOf,
  tokenField,
  type Ask,
  type Html,
  type PageEnv,
} from '../visit.ts'
import { atRef } from './at-ref.ts'
import { isText } from './blob.ts'

/** What the file was when its form was made: an object id, or nothing for a new file. */
const NEW = 'new'

export function editFileRoutes(app: Hono<PageEnv>): void {
  app.get('/:owner/:repo/new/:branch{.+}', (c) => {
    const repo = repositoryOf(c)
    const path = c.req.query('filename') ?? ''
    const content = c.req.query('value') ?? ''
    const branch = c.req.param('branch')
    tipOf(repo, branch)
    return page(c, repo, { branch, path, content, was: NEW })
  })
  app.get('/:owner/:repo/edit/:rest{.+}', async (c) => {
    const repo = repositoryOf(c)
    const { commit, isBranch, path, ref } = await atRef(repo, c.req.param('rest'))
    const entry = path === '' ? null : await entryAt(repo.gitDir, commit, path)
    if (!isBranch || entry?.type !== 'blob') throw notFound()
    const data = await readBlob(repo.gitDir, entry.sha)
    if (!isText(data)) throw unprocessable(`${path} is no text and cannot be edited here`)
    return page(c, repo, { branch: ref, path, content: data.toString(), was: entry.sha })
  })
  for (const address of ['/:owner/:repo/new/:branch{.+}', '/:owner/:repo/edit/:rest{.+}']) {
    app.post(address, commit)
  }
}

type Draft = {
  readonly branch: string
  readonly path: string
  readonly content: string
  readonly was: string
}

function page(c: Ask, repo: Repository, draft: Draft): Response | Promise<Response> {
  const visit = c.get('visit')
  const { branch, content, path, was } = draft
  const isNew = was === NEW
  const back = isNew
    ? `${addressOf(repo)}/tree/${encodePath(branch)}`
    : `${addressOf(repo)}/blob/${encodePath(branch)}/${encodePath(path)}`
  const body = html`<div class="heading">
      <h1>${isNew ? 'New file' : `Edit ${path}`} <span class="branch">${branch}</span></h1>
    </div>
    ${hint(visit.me !== null && mayWrite(repo, visit.me), repo, branch)}
    <form class="composer" method="post">
      ${tokenField(visit)}
      <input type="hidden" name="branch" value="${branch}" />
      <input type="hidden" name="was" value="${was}" />
      <label for="path">Path</label>
      <input id="path" name="path" value="${path}" required ${isNew ? '' : 'readonly'} />
      <label for="content">Content</label>
      <textarea id="content" class="source" name="content" rows="20" spellcheck="false">
${content}</textarea>
      <label for="message">Commit message</label>
      <input
        id="message"
        name="message"
        value="${path === '' ? '' : `${isNew ? 'Create' : 'Update'} ${path}`}"
        placeholder="${isNew ? 'Create' : 'Update'} the file"
      />
      <p class="row end">
        <a class="button" href="${back}">Cancel</a>
        <button class="primary">Commit to ${branch}</button>
      </p>
    </form>`
  const title = `${isNew ? 'New file' : path} · ${fullNameOf(repo)}`
  return c.html(layout(visit, { title, frame: repositoryFrame(repo, 'code'), content: body }))
}

function hint(may: boolean, repo: Repository, branch: string): Html | string {
  if (!may) return html`<p class="notice">Committing needs write access to the repository.</p>`
  return repo.protectedBranches.has(branch)
    ? html`<p class="notice">${branch} is protected: commit to another branch and merge it.</p>`
    : ''
}

async function commit(c: Ask): Promise<Response> {
  const visit = c.get('visit')
  const repo = repositoryOf(c)
  const form = c.get('form')
  const [branch, was] = [textOf(form, 'branch'), textOf(form, 'was')]
  const path = textOf(form, 'path').trim()
  checkPath(path)
  const tip = tipOf(repo, branch)
  const entry = tip === null ? null : await entryAt(repo.gitDir, tip, path)
  if (was === NEW && entry !== null) {
    throw conflict(`${path} exists already on ${branch}; edit it there`)
  }
  if (was !== NEW && entry?.sha !== was) {
    throw conflict(`${path} was changed on ${branch} since you opened it; look at it anew`)
  }
  await visit.site.pushFiles({
    repo: fullNameOf(repo),
    as: loginOf(visit),
    branch,
    files: { [path]: textOf(form, 'content') },
    message: textOf(form, 'message').trim() || `${was === NEW ? 'Create' : 'Update'} ${path}`,
  })
  const address = `${addressOf(repo)}/blob/${encodePath(branch)}/${encodePath(path)}`
  return c.redirect(address, 303)
}

/** `null` for the first commit of an empty repository; 404 when there is no such branch otherwise. */
function tipOf(repo: Repository, branch: string): string | null {
  const tip = repo.refs.get(`refs/heads/${branch}`) ?? null
  const isFirst =
    branch === repo.defaultBranch || !repo.refs.has(`refs/heads/${repo.defaultBranch}`)
  if (tip === null && !isFirst) throw notFound()
  return tip
}

/** git itself would take some of these and then refuse to check them out. */
function checkPath(path: string): void {
  const parts = path.split('/')
  const wrong = parts.some(
    (part) => ['', '.', '..'].includes(part) || part.toLowerCase() === '.git',
  )
  // oxlint-disable-next-line no-control-regex
  if (wrong || /[\u0000-\u001f]/.test(path)) throw unprocessable(`"${path}" is no path of a file`)
}
