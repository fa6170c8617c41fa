// A moment in words that stay the same until it is looked at anew; the script makes "2 minutes ago"
// of it. A text that changed with the clock would make every look at the page a change.
import { html } from 'hono/html'

type Html = ReturnType<typeof html>

export function moment(iso: string): Html {
  const shown = `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
  return html`<time datetime="${iso}" title="${shown}">${shown}</time>`
}
