// The files of a repository: folders, the README, branches and the commits behind them.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { listCommits } from '../../git/commits.ts'
import { entriesIn, readBlob, type Entry } from '../../git/files.ts'
import type { Repository } from '../../world/issue.ts'
import { notFound } from '../../world/refusal.ts'
import { fullNameOf } from '../../world/world.ts'
import { layout } from '../layout.ts'
import { renderMarkdown } from '../markdown/render-markdown.ts'
import { commitRows } from '../parts/commit-rows.ts'
import { crumbs } from '../parts/crumbs.ts'
import { icon } from '../parts/icons.ts'
import { repositoryFrame } from '../repository-frame.ts'
import {
  addressOf,
  encodePath,
  repositoryOf,
  type Ask,
  type Html,
  type PageEnv,
  type Visit,
} from '../visit.ts'
import { atRef, branchesOf, type AtRef } from './at-ref.ts'

/** Of one page of the history. */
const COMMITS = 100

export function codeRoutes(app: Hono<PageEnv>): void {
  app.get('/:owner/:repo', async (c) => {
    const repo = repositoryOf(c)
    const filled = repo.refs.has(`refs/heads/${repo.defaultBranch}`)
    return filled ? folder(c, repo, repo.defaultBranch) : empty(c, repo)
  })
  app.get('/:owner/:repo/tree/:rest{.+}', async (c) =>
    folder(c, repositoryOf(c), c.req.param('rest')),
  )
  app.get('/:owner/:repo/commits/:rest{.+}', async (c) => {
    const repo = repositoryOf(c)
    const at = await atRef(repo, c.req.param('rest'))
    const commits = await listCommits(repo.gitDir, ['-n', String(COMMITS), at.commit])
    const content = html`<div class="heading">
        <h1>Commits on <span class="branch">${at.ref}</span></h1>
      </div>
      <div id="commits" data-live>
        <div id="commits-${at.commit}">${commitRows(repo, commits.toReversed())}</div>
      </div>`
    const title = `Commits on ${at.ref} · ${fullNameOf(repo)}`
    return c.html(layout(c.get('visit'), { title, frame: repositoryFrame(repo, 'code'), content }))
  })
}

async function folder(c: Ask, repo: Repository, rest: string): Promise<Response> {
  const visit = c.get('visit')
  const at = await atRef(repo, rest)
  const entries = await entriesIn(repo.gitDir, at.commit, at.path)
  if (entries.length === 0) throw notFound()
  const latest = await listCommits(repo.gitDir, ['-1', at.commit])
  const address = addressOf(repo)
  const where = encodePath(at.ref)
  const content = html`${
      repo.description === null || at.path !== ''
        ? ''
        : html`<p class="lead">${repo.description}</p>`
    }
    <div class="row code-bar">
      ${branchMenu(repo, at)}
      <a href="${address}/commits/${where}">Commits</a>
      ${at.isBranch ? html`<a href="${address}/new/${where}${at.path === '' ? '' : `?filename=${encodeURIComponent(`${at.path}/`)}`}">Add a file</a>` : ''}
      ${
        at.isBranch && at.ref !== repo.defaultBranch
          ? html`<a href="${address}/compare/${encodePath(repo.defaultBranch)}...${where}"
              >Compare with ${repo.defaultBranch}</a
            >`
          : ''
      }
      ${cloneMenu(visit, repo)}
    </div>
    ${at.path === '' ? '' : crumbs(repo, at)}
    <div id="files" data-live>
      <div id="files-${at.commit}">
        ${commitRows(repo, latest)}
        <ul class="files">
          ${entries.toSorted(foldersFirst).map((entry) => entryRow(repo, at, entry))}
        </ul>
        ${await readme(visit, repo, { at, entries })}
      </div>
    </div>`
  const title = at.path === '' ? fullNameOf(repo) : `${at.path} · ${fullNameOf(repo)}`
  return c.html(layout(visit, { title, frame: repositoryFrame(repo, 'code'), content }))
}

function foldersFirst(a: Entry, b: Entry): number {
  return Number(b.type === 'tree') - Number(a.type === 'tree') || a.path.localeCompare(b.path)
}

function entryRow(repo: Repository, { path, ref }: AtRef, entry: Entry): Html {
  const name = path === '' ? entry.path : entry.path.slice(path.length + 1)
  const kind = entry.type === 'tree' ? 'tree' : 'blob'
  const address = `${addressOf(repo)}/${kind}/${encodePath(ref)}/${encodePath(entry.path)}`
  return html`<li>
    ${icon(kind === 'tree' ? 'folder' : 'file')}
    ${entry.type === 'commit' ? html`<span class="grow">${name}</span>` : html`<a class="grow" href="${address}">${name}</a>`}
    <span class="quiet">${entry.type === 'blob' ? sizeWords(entry.size) : ''}</span>
  </li>`
}

export function sizeWords(bytes: number): string {
  return bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} KiB`
}

async function readme(
  visit: Visit,
  repo: Repository,
  { at, entries }: { readonly at: AtRef; readonly entries: readonly Entry[] },
): Promise<Html | string> {
  const found = entries.find(
    ({ path, type }) => type === 'blob' && /(?:^|\/)readme(?:\.md|\.markdown|\.txt)?$/i.test(path),
  )
  if (found === undefined) return ''
  const text = (await readBlob(repo.gitDir, found.sha)).toString()
  const file = { ref: at.ref, path: found.path }
  return html`<article class="said">
    <header>${icon('book')} ${found.path}</header>
    <div class="prose">
      ${
        /\.txt$/i.test(found.path)
          ? html`<pre class="plain">${text}</pre>`
          : renderMarkdown({ world: visit.site.world, repo, text, file })
      }
    </div>
  </article>`
}

function branchMenu(repo: Repository, at: AtRef): Html {
  return html`<details class="menu">
    <summary>${icon('branch')} ${at.ref}</summary>
    <ul>
      ${branchesOf(repo).map(
        (name) =>
          html`<li>
            <a href="${addressOf(repo)}/tree/${encodePath(name)}">${name}</a>
            ${repo.protectedBranches.has(name) ? html`<span class="badge">protected</span>` : ''}
          </li>`,
      )}
    </ul>
  </details>`
}

function cloneMenu({ me, site }: Visit, repo: Repository): Html {
  const address = `${site.world.url}/${fullNameOf(repo)}.git`
  return html`<details class="menu">
    <summary>Clone</summary>
    <pre class="plain">git clone ${address}</pre>
    ${
      me === null
        ? ''
        : html`<p class="quiet">
            To push as ${me.login}: user ${me.login}, password ${me.password}.
          </p>`
    }
  </details>`
}

function empty(c: Ask, repo: Repository): Response | Promise<Response> {
  const visit = c.get('visit')
  const branch = encodePath(repo.defaultBranch)
  const content = html`<p class="empty">
      There is nothing in it yet.
      <a href="${addressOf(repo)}/new/${branch}?filename=README.md">Add a first file</a>, or push.
    </p>
    ${cloneMenu(visit, repo)}`
  const frame = repositoryFrame(repo, 'code')
  return c.html(layout(visit, { title: fullNameOf(repo), frame, content }))
}
