// One commit: what it says, what was checked on it, and what it changed.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { readCommit } from '../../git/commits.ts'
import { differences } from '../../git/differences.ts'
import { gitBytes } from '../../git/run-git.ts'
import type { Repository } from '../../world/issue.ts'
import { notFound } from '../../world/refusal.ts'
import { fullNameOf } from '../../world/world.ts'
import { layout } from '../layout.ts'
import { checkList } from '../parts/checks.ts'
import { isoOf, titleOf } from '../parts/commit-rows.ts'
import { diffOf, sizeOf } from '../parts/diff.ts'
import { moment } from '../parts/moment.ts'
import { repositoryFrame } from '../repository-frame.ts'
import { addressOf, repositoryOf, type PageEnv } from '../visit.ts'

export function commitRoutes(app: Hono<PageEnv>): void {
  app.get('/:owner/:repo/commit/:sha{[0-9a-f]{7,40}}', async (c) => {
    const visit = c.get('visit')
    const repo = repositoryOf(c)
    const sha = await whole(repo, c.req.param('sha'))
    const commit = await readCommit(repo.gitDir, sha)
    const files = await differences(repo.gitDir, commit.parents[0] ?? null, sha)
    const checks = visit.site.checks(fullNameOf(repo), sha)
    const message = commit.message.split('\n').slice(1).join('\n').trim()
    const address = addressOf(repo)
    const content = html`<div class="heading">
        <h1>${titleOf(commit)}</h1>
        <p class="under">
          <code class="sha">${sha}</code>
          <span>by ${commit.author.name} ${moment(isoOf(commit.committer.date))}</span>
          ${commit.parents.map(
            (parent) =>
              html`<span
                >parent
                <a class="sha" href="${address}/commit/${parent}">${parent.slice(0, 7)}</a></span
              >`,
          )}
          <a href="${address}/tree/${sha}">Files</a>
        </p>
      </div>
      ${message === '' ? '' : html`<pre class="plain">${message}</pre>`}
      <div id="checks" data-live>
        ${checks.length === 0 ? '' : html`<div id="check-list">${checkList(visit, checks)}</div>`}
      </div>
      <h2 class="between">
        ${files.length === 1 ? '1 file changed' : `${files.length} files changed`} ${sizeOf(files)}
      </h2>
      ${diffOf(files, { repo, head: sha })}`
    const title = `${titleOf(commit)} · ${sha.slice(0, 7)} · ${fullNameOf(repo)}`
    return c.html(layout(visit, { title, frame: repositoryFrame(repo, 'code'), content }))
  })
}

/** People write short ids; 404 when none or several begin so. */
async function whole(repo: Repository, given: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', `${given}^{commit}`]
  const { code, stdout } = await gitBytes(repo.gitDir, args, { codes: [1, 128] })
  if (code !== 0) throw notFound()
  return stdout.toString().trim()
}
