// The two fields of whatever has a title and a text.
import { html } from 'hono/html'
import type { Html } from '../visit.ts'

export function wordFields(given: { readonly title: string; readonly body: string }): Html {
  return html`<label for="title">Title</label>
    <input id="title" name="title" value="${given.title}" required maxlength="256" autofocus />
    <label for="body">Text <span class="quiet">(Markdown)</span></label>
    <textarea id="body" name="body" rows="14">${given.body}</textarea>`
}
