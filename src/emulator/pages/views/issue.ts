// One issue: what it says, what happened to it, and the forms to take part. The parts that change by
// themselves are marked `data-live`; forms stand outside of them.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { notFound } from '../../world/refusal.ts'
import type { Issue } from '../../world/issue.ts'
import { fullNameOf } from '../../world/world.ts'
import { layout } from '../layout.ts'
import { commentForm, heading, ownText } from '../parts/conversation.ts'
import { sidebar } from '../parts/sidebar.ts'
import { timeline } from '../parts/timeline.ts'
import { repositoryFrame } from '../repository-frame.ts'
import { atOf, issueAddress, numberOf, repositoryOf, type Ask, type PageEnv } from '../visit.ts'

export function issueRoutes(app: Hono<PageEnv>): void {
  app.get('/:owner/:repo/issues/:number{[0-9]+}', (c) => {
    const visit = c.get('visit')
    const moved = repositoryOf(c).gone.get(numberOf(c))
    if (moved !== undefined && moved !== 'deleted') return c.redirect(issueAddress(moved))
    const issue = issueOf(c)
    if (issue.pull !== null) return c.redirect(issueAddress(issue))
    const content = html`${heading(visit, issue)}
      <div class="columns">
        <div class="grow">
          <section class="timeline" id="timeline" data-live aria-label="Conversation">
            ${ownText(visit, issue)} ${timeline(visit, issue, visit.site.history(atOf(issue)))}
          </section>
          ${commentForm(visit, issue)}
        </div>
        ${sidebar(visit, issue)}
      </div>`
    const title = `${issue.title} · #${issue.number} · ${fullNameOf(issue.repo)}`
    return c.html(layout(visit, { title, frame: repositoryFrame(issue.repo, 'issues'), content }))
  })
}

/** The issue or pull request of the address. */
export function issueOf(c: Ask): Issue {
  const repo = repositoryOf(c)
  const issue = repo.issues.get(numberOf(c))
  if (issue === undefined) throw notFound()
  return issue
}
