// Check runs of a commit: what was tried, how it ended, and the App's own words about it.
import { html } from 'hono/html'
import { mayWrite } from '../../verbs/context.ts'
import type { CheckConclusion, CheckRun } from '../../world/check.ts'
import { renderMarkdown } from '../markdown/render-markdown.ts'
import { addressOf, encodePath, tokenField, type Html, type Visit } from '../visit.ts'
import { icon, type IconName } from './icons.ts'
import { moment } from './moment.ts'

type Look = { readonly tone: string; readonly icon: IconName; readonly word: string }

const CONCLUSIONS: Readonly<Record<CheckConclusion, Look>> = {
  success: { tone: 'good', icon: 'closed', word: 'passed' },
  failure: { tone: 'bad', icon: 'dropped', word: 'failed' },
  timed_out: { tone: 'bad', icon: 'dropped', word: 'timed out' },
  action_required: { tone: 'wait', icon: 'open', word: 'needs action' },
  cancelled: { tone: 'idle', icon: 'dropped', word: 'cancelled' },
  neutral: { tone: 'idle', icon: 'closed', word: 'neutral' },
  skipped: { tone: 'idle', icon: 'dropped', word: 'skipped' },
  stale: { tone: 'idle', icon: 'dropped', word: 'stale' },
}

export function lookOf({ conclusion, status }: CheckRun): Look {
  if (status === 'completed' && conclusion !== null) return CONCLUSIONS[conclusion]
  return { tone: 'wait', icon: 'open', word: status === 'queued' ? 'queued' : 'in progress' }
}

/** One line per run, its summary to unfold. */
export function checkList(visit: Visit, runs: readonly CheckRun[]): Html {
  return html`<ul class="checks">
    ${runs.map((run) => html`<li id="check-${run.id}">${checkBox(visit, run)}</li>`)}
  </ul>`
}

function checkBox(visit: Visit, run: CheckRun): Html {
  const look = lookOf(run)
  return html`<details class="check">
    <summary>
      <span class="tone ${look.tone}" title="${look.word}"
        >${icon(look.icon)}<span class="unseen">${look.word}</span></span
      >
      <strong>${run.name}</strong> <span>${run.output.title ?? look.word}</span>
    </summary>
    <div class="check-words">
      ${checkWords(visit, run)}
      <p><a href="${addressOf(run.suite.repo)}/runs/${run.id}">Open on a page of its own</a></p>
    </div>
  </details>`
}

/** What the App says of its run, and the run's buttons. */
export function checkWords(visit: Visit, run: CheckRun): Html {
  const { output, suite } = run
  const prose = (text: string | null): Html | string =>
    text === null || text === ''
      ? ''
      : html`<div class="prose">
          ${renderMarkdown({ world: visit.site.world, repo: suite.repo, text })}
        </div>`
  return html`<p class="quiet">
      By ${suite.app.name} on
      <a class="sha" href="${addressOf(suite.repo)}/commit/${suite.headSha}"
        >${suite.headSha.slice(0, 7)}</a
      >, started
      ${moment(run.startedAt)}${
        run.completedAt === null ? '' : html`, ended ${moment(run.completedAt)}`
      }.
    </p>
    ${prose(output.summary)} ${prose(output.text)} ${annotations(run)} ${buttons(visit, run)}`
}

function annotations({ annotations: all, suite }: CheckRun): Html | string {
  if (all.length === 0) return ''
  const file = `${addressOf(suite.repo)}/blob/${suite.headSha}`
  return html`<ul class="annotations" aria-label="Annotations">
    ${all.map((one) => {
      const path = String(one['path'])
      const bad = one['annotation_level'] === 'failure'
      return html`<li>
        <p>
          <span class="tone ${bad ? 'bad' : 'wait'}">${one['annotation_level']}</span>
          <a class="path" href="${file}/${encodePath(path)}">${path}:${one['start_line']}</a>
          ${one['title'] === undefined ? '' : html`<strong>${one['title']}</strong>`}
        </p>
        <p>${one['message']}</p>
      </li>`
    })}
  </ul>`
}

/** GitHub shows a run's buttons once it is completed, to who may write. */
function buttons(visit: Visit, run: CheckRun): Html | string {
  const { me } = visit
  if (run.status !== 'completed' || me === null || !mayWrite(run.suite.repo, me)) return ''
  // Only an App that is here can be asked again.
  const again = visit.site.world.apps.has(run.suite.app.id)
    ? html`<button name="again" value="yes">Re-run</button>`
    : ''
  return html`<form class="row" method="post" action="${addressOf(run.suite.repo)}/runs/${run.id}">
    ${tokenField(visit)}
    ${run.actions.map(
      (action) =>
        html`<button name="action" value="${action.identifier}" title="${action.description}">
          ${action.label}
        </button>`,
    )}
    ${again}
  </form>`
}
