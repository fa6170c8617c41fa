// The frame of every page: header with the switch of who one acts as, and a word that this is no GitHub.
import { html } from 'hono/html'
import { actingSwitch } from './acting-as.ts'
import { ASSETS } from './assets/serve-assets.ts'
import { tokenField, type Html, type Visit } from './visit.ts'

export type Page = {
  readonly title: string
  /** Above the content: where in the world this is. */
  readonly frame?: Html
  readonly content: Html
  /** As wide as the window, for boards. */
  readonly wide?: boolean
}

const ICON =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='7' fill='%23205d57'/><path d='M8 24V8M24 24V8M5 13h22M5 20h22' stroke='white' stroke-width='3' stroke-linecap='round'/></svg>"

export function layout(visit: Visit, page: Page): Html {
  const violations = visit.site.world.violations.length
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${page.title} · Emulator</title>
        <link rel="icon" href="${ICON}" />
        <link rel="stylesheet" href="${ASSETS.style.path}" />
        <script src="${ASSETS.script.path}" defer></script>
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header class="top">
          <div class="bar">
            <a class="brand" href="/">Emulator</a>
            <span class="ribbon">a stand-in, not GitHub</span>
            <nav aria-label="World" id="world-nav" data-live>
              <a href="/">Repositories</a>
              <a href="/app/deliveries">Webhooks</a>
              <a href="/app/requests">Requests</a>
              <a href="/app/violations" class="${violations > 0 ? 'alarm' : ''}"
                >Violations${violations > 0 ? html` <span class="count">${violations}</span>` : ''}</a
              >
            </nav>
            ${actingSwitch(visit, tokenField(visit))}
          </div>
        </header>
        <p id="stale" class="notice bad" role="status" hidden>
          The emulator does not answer. What you see may be old.
        </p>
        ${page.frame ?? ''}
        <main id="content" class="${page.wide === true ? 'wide' : ''}">${page.content}</main>
      </body>
    </html>`
}
