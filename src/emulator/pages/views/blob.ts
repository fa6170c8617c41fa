// One file at one ref: its lines, its rendered Markdown, its picture, or its bytes.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { entryAt, readBlob, type Entry } from '../../git/files.ts'
import type { Repository } from '../../world/issue.ts'
import { notFound } from '../../world/refusal.ts'
import { fullNameOf } from '../../world/world.ts'
import { layout } from '../layout.ts'
import { renderMarkdown } from '../markdown/render-markdown.ts'
import { crumbs } from '../parts/crumbs.ts'
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
import { atRef, type AtRef } from './at-ref.ts'
import { sizeWords } from './code.ts'

const MOST_LINES = 10_000
/** Shown as pictures; SVG can hold scripts and stays text. */
const PICTURES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
}

type Found = {
  readonly repo: Repository
  readonly at: AtRef
  readonly entry: Entry
  readonly data: Buffer
}

export function blobRoutes(app: Hono<PageEnv>): void {
  app.get('/:owner/:repo/blob/:rest{.+}', async (c) => {
    const visit = c.get('visit')
    const found = await find(c)
    const { at, data, entry, repo } = found
    const address = `${addressOf(repo)}/%/${encodePath(at.ref)}/${encodePath(at.path)}`
    const plain = c.req.query('plain') !== undefined
    const content = html`${crumbs(repo, at)}
      <div class="blob">
        <header>
          <span class="branch">${at.ref}</span>
          <span class="quiet">${sizeWords(entry.size)}</span>
          <span class="actions">
            ${
              isMarkdown(at.path)
                ? plain
                  ? html`<a class="small button" href="?">Rendered</a>`
                  : html`<a class="small button" href="?plain=1">Source</a>`
                : ''
            }
            <a class="small button" href="${address.replace('%', 'raw')}">Raw</a>
            ${at.isBranch ? html`<a class="small button" href="${address.replace('%', 'edit')}">Edit</a>` : ''}
          </span>
        </header>
        ${body(visit, found, { plain, raw: address.replace('%', 'raw'), data })}
      </div>`
    const title = `${at.path} · ${fullNameOf(repo)}`
    return c.html(layout(visit, { title, frame: repositoryFrame(repo, 'code'), content }))
  })
  app.get('/:owner/:repo/raw/:rest{.+}', async (c) => {
    const { at, data } = await find(c)
    const text = isText(data) ? 'text/plain; charset=utf-8' : 'application/octet-stream'
    return c.body(new Uint8Array(data), 200, { 'content-type': pictureType(at.path) ?? text })
  })
}

async function find(c: Ask): Promise<Found> {
  const repo = repositoryOf(c)
  const at = await atRef(repo, c.req.param('rest') ?? '')
  const entry = at.path === '' ? null : await entryAt(repo.gitDir, at.commit, at.path)
  if (entry === null || entry.type !== 'blob') throw notFound()
  return { repo, at, entry, data: await readBlob(repo.gitDir, entry.sha) }
}

function body(
  visit: Visit,
  { at, entry, repo }: Found,
  given: { readonly plain: boolean; readonly raw: string; readonly data: Buffer },
): Html {
  if (pictureType(at.path) !== null) {
    return html`<p class="picture"><img src="${given.raw}" alt="${at.path}" /></p>`
  }
  if (!isText(given.data)) return html`<p class="empty">A binary file.</p>`
  const text = given.data.toString()
  if (isMarkdown(at.path) && !given.plain) {
    const file = { ref: at.ref, path: entry.path }
    return html`<div class="prose page">
      ${renderMarkdown({ world: visit.site.world, repo, text, file })}
    </div>`
  }
  const lines = text.replace(/\n$/, '').split('\n')
  if (lines.length > MOST_LINES) return html`<p class="empty">Too long to show; see it raw.</p>`
  // oxfmt-ignore
  const rows = lines.map((line, index) => html`<tr id="L${index + 1}"><td class="number"><a href="#L${index + 1}">${index + 1}</a></td><td class="code">${line}</td></tr>`)
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${at.path}">
    <table class="diff">
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}

function isMarkdown(path: string): boolean {
  return /\.(?:md|markdown)$/i.test(path)
}

/** As git decides: a NUL early on means that it is no text. */
export function isText(data: Buffer): boolean {
  return !data.subarray(0, 8_000).includes(0)
}

function pictureType(path: string): string | null {
  return PICTURES[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''] ?? null
}
