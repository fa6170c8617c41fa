// What went to and fro between the emulator and the App: webhooks sent, requests made, rules broken.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { RequestEntry } from '../../http/journal.ts'
import type { Delivery } from '../../webhooks/delivery.ts'
import { notFound } from '../../world/refusal.ts'
import { fullNameOf, type Violation } from '../../world/world.ts'
import { layout } from '../layout.ts'
import { moment } from '../parts/moment.ts'
import {
  addressOf,
  issueAddress,
  tokenField,
  type Ask,
  type Html,
  type PageEnv,
  type Visit,
} from '../visit.ts'

const SHOWN = 200
const AMOUNTS = new Set(['Took', 'Points'])

export function appLogRoutes(app: Hono<PageEnv>): void {
  app.get('/app/deliveries', (c) => {
    const visit = c.get('visit')
    const rows = visit.site.webhooks.deliveries.slice(-SHOWN).toReversed()
    return list(c, {
      title: 'Webhooks',
      lead: 'What was sent to the App, newest first. A redelivery repeats it under its old id.',
      columns: ['When', 'Event', 'About', 'Answer', 'Took', 'Again'],
      rows: rows.map((one) => deliveryRow(visit, one)),
      empty: 'No webhook has been sent yet: an App must be installed, and something must happen.',
    })
  })
  app.get('/app/deliveries/:id', (c) => {
    const visit = c.get('visit')
    const found = deliveryOf(c)
    const { app: to, guid, headers, payload, reply } = found
    const content = html`<div class="heading">
        <h1>${nameOf(found)}</h1>
        <p class="under">
          <span
            >to ${to.name} at ${to.webhookUrl ?? 'no address'} ${moment(found.deliveredAt)}</span
          >
          ${answer(found)} ${redeliver(visit, found)}
        </p>
      </div>
      <h2>Headers</h2>
      <pre class="plain">
${Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`)}</pre>
      <h2>Payload</h2>
      <pre class="plain">${JSON.stringify(payload, null, 2)}</pre>
      <h2>Answer</h2>
      <pre class="plain">${reply === null ? 'none yet' : reply.body || '(empty)'}</pre>`
    return c.html(layout(visit, { title: `${nameOf(found)} · ${guid}`, content }))
  })
  app.post('/app/deliveries/:id/redeliver', (c) => {
    c.get('visit').site.webhooks.redeliver(deliveryOf(c).id)
    return c.redirect('/app/deliveries', 303)
  })
  app.get('/app/requests', (c) =>
    list(c, {
      title: 'Requests',
      lead: 'What was asked of the API and of git, newest first, with its cost against the limits.',
      columns: ['When', 'Request', 'Status', 'Took', 'Points'],
      rows: c.get('visit').site.journal.entries.slice(-SHOWN).toReversed().map(requestRow),
      empty: 'Nothing has been asked yet.',
    }),
  )
  app.get('/app/violations', (c) =>
    list(c, {
      title: 'Violations',
      lead: 'Wrong uses of GitHub’s API, found by its own schemas and by the permissions of the App.',
      columns: ['When', 'Kind', 'Where', 'What is wrong'],
      rows: c.get('visit').site.world.violations.slice(-SHOWN).toReversed().map(violationRow),
      empty: 'None. That is how it should be.',
    }),
  )
}

type Log = {
  readonly title: string
  readonly lead: string
  readonly columns: readonly string[]
  readonly rows: readonly Html[]
  readonly empty: string
}

function list(c: Ask, { columns, empty, lead, rows, title }: Log): Response | Promise<Response> {
  const content = html`<div class="heading"><h1>${title}</h1></div>
    <p class="lead">${lead}</p>
    <div id="log" data-live>
      ${
        rows.length === 0
          ? html`<p class="empty" id="log-empty">${empty}</p>`
          : html`<div class="log" id="log-rows">
              <table>
                <thead>
                  <tr>
                    ${columns.map(
                      (column) =>
                        html`<th scope="col" class="${AMOUNTS.has(column) ? 'amount' : ''}">
                          ${column}
                        </th>`,
                    )}
                  </tr>
                </thead>
                <tbody>
                  ${rows}
                </tbody>
              </table>
            </div>`
      }
    </div>`
  return c.html(layout(c.get('visit'), { title, content }))
}

function deliveryRow(visit: Visit, delivery: Delivery): Html {
  const { reply } = delivery
  return html`<tr>
    <td class="quiet">${moment(delivery.deliveredAt)}</td>
    <td>
      <a href="/app/deliveries/${delivery.id}">${nameOf(delivery)}</a>
      ${delivery.redelivery ? html`<span class="badge">again</span>` : ''}
    </td>
    <td>${about(visit, delivery)}</td>
    <td>${answer(delivery)}</td>
    <td class="amount">${reply === null ? '' : `${Math.round(reply.seconds * 1000)} ms`}</td>
    <td>${redeliver(visit, delivery)}</td>
  </tr>`
}

/** The issue or pull request that the payload is about, else its repository. */
function about({ site }: Visit, { payload, repositoryId }: Delivery): Html | string {
  const repo = site.world.repositories.get(repositoryId ?? 0)
  if (repo === undefined) return ''
  const { issue, pull_request: pull } = payload
  const [of] = [issue, pull].filter((one) => typeof one === 'object' && one !== null)
  const number = of !== undefined && 'number' in of ? Number(of.number) : null
  const found = number === null ? undefined : repo.issues.get(number)
  return found === undefined
    ? html`<a href="${addressOf(repo)}">${fullNameOf(repo)}</a>`
    : html`<a href="${issueAddress(found)}">${fullNameOf(repo)}#${found.number}</a>`
}

function nameOf({ action, event }: Delivery): string {
  return action === null ? event : `${event}.${action}`
}

function answer({ dropped, reply }: Delivery): Html {
  if (dropped) return html`<span class="tone bad">lost on purpose</span>`
  if (reply === null) return html`<span class="quiet">under way</span>`
  const tone = reply.status >= 200 && reply.status < 300 ? 'good' : 'bad'
  const words = reply.status === 0 ? reply.text : String(reply.status)
  return html`<strong class="tone ${tone}">${words}</strong>`
}

function redeliver(visit: Visit, delivery: Delivery): Html {
  return html`<form method="post" action="/app/deliveries/${delivery.id}/redeliver">
    ${tokenField(visit)}<button class="small" id="redeliver-${delivery.id}">Redeliver</button>
  </form>`
}

function deliveryOf(c: Ask): Delivery {
  const id = Number(c.req.param('id'))
  const found = c.get('visit').site.webhooks.deliveries.find((one) => one.id === id)
  if (found === undefined) throw notFound()
  return found
}

function requestRow(entry: RequestEntry): Html {
  const { at, method, operation, path, points, status, took } = entry
  const tone = status >= 400 || status === 0 ? 'bad' : status === 304 ? 'idle' : 'good'
  return html`<tr>
    <td class="quiet">${moment(new Date(at).toISOString())}</td>
    <td class="wide">
      ${method} ${path}<br /><span class="quiet">${operation ?? 'unknown'}</span>
    </td>
    <td><strong class="tone ${tone}">${status === 0 ? 'none' : status}</strong></td>
    <td class="amount">${took.toFixed(took < 10 ? 1 : 0)} ms</td>
    <td class="amount">${points}</td>
  </tr>`
}

function violationRow({ at, detail, kind, what }: Violation): Html {
  return html`<tr>
    <td class="quiet">${moment(at)}</td>
    <td><span class="badge">${kind}</span></td>
    <td class="wide">${what}</td>
    <td class="wide">${detail}</td>
  </tr>`
}
