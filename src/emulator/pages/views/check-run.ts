// One check run at the address that its App links to, and its buttons.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { CheckRun } from '../../world/check.ts'
import { notFound } from '../../world/refusal.ts'
import { fullNameOf } from '../../world/world.ts'
import { layout } from '../layout.ts'
import { checkWords, lookOf } from '../parts/checks.ts'
import { repositoryFrame } from '../repository-frame.ts'
import { addressOf, loginOf, repositoryOf, textOf, type Ask, type PageEnv } from '../visit.ts'

export function checkRunRoutes(app: Hono<PageEnv>): void {
  const address = '/:owner/:repo/runs/:id{[0-9]+}'
  app.get(address, (c) => {
    const visit = c.get('visit')
    const run = runOf(c)
    const { repo } = run.suite
    const content = html`<div class="heading" id="heading" data-live>
        <h1>${run.name} <span class="quiet">${lookOf(run).word}</span></h1>
      </div>
      <div id="run" data-live>
        <article class="said" id="run-${run.id}">
          <header><strong>${run.output.title ?? run.name}</strong></header>
          <div class="check-page">${checkWords(visit, run)}</div>
        </article>
      </div>`
    const title = `${run.name} · ${fullNameOf(repo)}`
    return c.html(layout(visit, { title, frame: repositoryFrame(repo, 'pulls'), content }))
  })
  app.post(address, (c) => {
    const visit = c.get('visit')
    const run = runOf(c)
    const identifier = textOf(c.get('form'), 'action')
    const at = { run: run.id, as: loginOf(visit) }
    if (textOf(c.get('form'), 'again') === 'yes') visit.site.rerunCheck(at)
    else visit.site.pressCheckAction({ ...at, identifier })
    return c.redirect(`${addressOf(run.suite.repo)}/runs/${run.id}`, 303)
  })
}

function runOf(c: Ask): CheckRun {
  const repo = repositoryOf(c)
  const run = c.get('visit').site.world.checkRuns.get(Number(c.req.param('id')))
  if (run === undefined || run.suite.repo !== repo) throw notFound()
  return run
}
