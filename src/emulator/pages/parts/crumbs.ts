// Where in a repository a file is, each folder on the way a link.
import { html } from 'hono/html'
import type { Repository } from '../../world/issue.ts'
import { addressOf, encodePath, type Html } from '../visit.ts'

export function crumbs(
  repo: Repository,
  { path, ref }: { readonly path: string; readonly ref: string },
): Html {
  const parts = path.split('/')
  const root = `${addressOf(repo)}/tree/${encodePath(ref)}`
  const crumb = (name: string, at: number): Html => {
    if (at === parts.length - 1) return html`<strong aria-current="page">${name}</strong>`
    const folder = encodePath(parts.slice(0, at + 1).join('/'))
    return html`<a href="${root}/${folder}">${name}</a> / `
  }
  return html`<nav class="crumbs" aria-label="Path">
    <a href="${root}">${repo.name}</a> / ${parts.map(crumb)}
  </nav>`
}
