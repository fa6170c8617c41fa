// One pull request: the conversation with its evidence, its commits, checks and changes, and the
// way to merge it.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { Commit } from '../../git/commits.ts'
import type { FileDifference } from '../../git/differences.ts'
import type { PullIssue } from '../../world/issue.ts'
import { fullNameOf } from '../../world/world.ts'
import { layout } from '../layout.ts'
import { checkList } from '../parts/checks.ts'
import { commitRows } from '../parts/commit-rows.ts'
import { commentForm, heading, ownText } from '../parts/conversation.ts'
import { diffOf, sizeOf } from '../parts/diff.ts'
import { icon, type IconName } from '../parts/icons.ts'
import { lineExtras, wantedOf } from '../parts/line-review.ts'
import { mergeBox } from '../parts/merge-box.ts'
import { reviewForm } from '../parts/review-form.ts'
import { sidebar } from '../parts/sidebar.ts'
import { threadBox } from '../parts/thread.ts'
import { timeline } from '../parts/timeline.ts'
import { issueOf } from './issue.ts'
import { repositoryFrame } from '../repository-frame.ts'
import {
  addressOf,
  atOf,
  encodePath,
  issueAddress,
  numberOf,
  repositoryOf,
  type Ask,
  type Html,
  type PageEnv,
  type Visit,
} from '../visit.ts'

type Part = 'conversation' | 'commits' | 'checks' | 'files'

/** Up to here the changes stand on the first page too, where they are read before merging. */
const FEW_LINES = 400

export function pullRoutes(app: Hono<PageEnv>): void {
  const address = '/:owner/:repo/pull/:number{[0-9]+}'
  app.get(address, async (c) => {
    const issue = issueOf(c)
    if (issue.pull === null) return c.redirect(issueAddress(issue))
    return show(c, 'conversation', conversation)
  })
  app.get(`${address}/commits`, async (c) =>
    show(c, 'commits', async (_, { commits, issue }) =>
      commitRows(issue.repo, commits.toReversed()),
    ),
  )
  app.get(`${address}/checks`, async (c) => show(c, 'checks', checks))
  app.get(`${address}/files`, async (c) =>
    show(c, 'files', async (visit, { files, issue }) => {
      const { repo, pull } = issue
      const extras = lineExtras(visit, issue, wantedOf(c.req.query()))
      return html`${reviewForm(visit, issue)}
        <div id="changes" data-live>
          <div id="changes-${pull.head.sha}">
            ${diffOf(files, { repo, head: pull.head.sha, extras })}
          </div>
        </div>
        ${outdated(visit, issue)}`
    }),
  )
}

type Shown = {
  readonly issue: PullIssue
  readonly files: readonly FileDifference[]
  readonly commits: readonly Commit[]
}

async function show(
  c: Ask,
  part: Part,
  draw: (visit: Visit, shown: Shown) => Promise<Html>,
): Promise<Response> {
  const visit = c.get('visit')
  const at = { repo: fullNameOf(repositoryOf(c)), number: numberOf(c) }
  const issue = visit.site.pull(at)
  const [files, commits] = await Promise.all([visit.site.pullFiles(at), visit.site.pullCommits(at)])
  const shown = { issue, files, commits }
  const content = html`${heading(visit, issue, branches(issue))} ${parts(visit, shown, part)}
  ${await draw(visit, shown)}`
  const title = `${issue.title} · #${issue.number} · ${fullNameOf(issue.repo)}`
  const frame = repositoryFrame(issue.repo, 'pulls')
  return c.html(layout(visit, { title, frame, content }))
}

/** Threads whose lines have changed since stand on their own. */
function outdated(visit: Visit, issue: PullIssue): Html | string {
  const old = issue.pull.threads.filter((thread) => thread.outdated)
  if (old.length === 0) return ''
  return html`<section aria-label="Outdated">
    <h2>On lines that have changed since</h2>
    ${old.map((thread) => threadBox(visit, thread, 'alone'))}
  </section>`
}

function branches({ pull, repo }: PullIssue): Html {
  const branch = (name: string): Html =>
    html`<a class="branch" href="${addressOf(repo)}/tree/${encodePath(name)}">${name}</a>`
  return html` · from ${branch(pull.head.ref)} into ${branch(pull.base.ref)}`
}

function parts(visit: Visit, { commits, files, issue }: Shown, part: Part): Html {
  const address = issueAddress(issue)
  const runs = visit.site.checks(fullNameOf(issue.repo), issue.pull.head.sha)
  const tab = (name: Part, shape: IconName, words: Html): Html => {
    const path = name === 'conversation' ? address : `${address}/${name}`
    const current = name === part ? html`aria-current="page"` : ''
    return html`<a href="${path}" ${current}>${icon(shape)} ${words}</a>`
  }
  const counted = (words: string, count: number): Html =>
    html`${words} <span class="count">${count}</span>`
  return html`<nav class="tabs" aria-label="Pull request" id="pull-nav" data-live>
    ${tab('conversation', 'comment', html`Conversation`)}
    ${tab('commits', 'commit', counted('Commits', commits.length))}
    ${tab('checks', 'closed', counted('Checks', runs.length))}
    ${tab('files', 'file', counted('Files changed', files.length))}
  </nav>`
}

async function conversation(visit: Visit, { commits, files, issue }: Shown): Promise<Html> {
  const at = atOf(issue)
  const { head } = issue.pull
  const stats = await visit.site.pullStats(at)
  const runs = visit.site.checks(at.repo, head.sha)
  const statuses = visit.site.latestStatuses(at.repo, head.sha)
  const why = await visit.site.whyBlocked(at)
  const few = stats.additions + stats.deletions <= FEW_LINES
  return html`<div class="columns">
    <div class="grow">
      <section class="timeline" id="timeline" data-live aria-label="Conversation">
        ${ownText(visit, issue)}
        <div id="commits-${head.sha}">${commitRows(issue.repo, commits.toReversed())}</div>
        ${timeline(visit, issue, visit.site.history(at))}
      </section>
      <section id="changes" data-live aria-label="Changes">
        <div id="changes-${head.sha}">
          <h2 class="between">
            <a href="${issueAddress(issue)}/files"
              >${files.length === 1 ? '1 file changed' : `${files.length} files changed`}</a
            >
            ${sizeOf(files)}
          </h2>
          ${
            few
              ? diffOf(files, { repo: issue.repo, head: head.sha })
              : html`<p class="empty">
                  <a href="${issueAddress(issue)}/files">Read all changes</a>
                </p>`
          }
        </div>
      </section>
      <div id="merging" data-live>
        ${mergeBox(visit, { issue, stats, checks: runs, statuses, why })}
      </div>
      ${commentForm(visit, issue)} ${reviewForm(visit, issue)}
    </div>
    ${sidebar(visit, issue)}
  </div>`
}

async function checks(visit: Visit, { issue }: Shown): Promise<Html> {
  const runs = visit.site.checks(fullNameOf(issue.repo), issue.pull.head.sha)
  return html`<div id="checks" data-live>
    ${
      runs.length === 0
        ? html`<p class="empty" id="no-checks">No checks have run on the newest commit.</p>`
        : checkList(visit, runs)
    }
  </div>`
}
