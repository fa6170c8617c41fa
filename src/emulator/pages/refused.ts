// How pages say no: in words for a person, with what they had typed, and a way back.
import { html } from 'hono/html'
import type { Refusal } from '../world/refusal.ts'
import { layout } from './layout.ts'
import type { Html, Visit } from './visit.ts'

export type Refused = {
  readonly refusal: Refusal
  readonly form: FormData | null
  readonly referrer: string | undefined
}

export function refusedPage(visit: Visit, { form, referrer, refusal }: Refused): Html {
  if (refusal.status === 404) return missingPage(visit)
  const content = html`<div class="heading"><h1>That was refused</h1></div>
    <p class="notice bad" role="alert">${wordsOf(refusal)}</p>
    ${typed(form)}
    <p>
      Nothing was changed.
      ${refusal.status === 403 ? 'Choose another person in the header, or ' : ''}<a
        href="${backOf(visit, referrer)}"
        >go back</a
      >.
    </p>`
  return layout(visit, { title: 'Refused', content })
}

export function missingPage(visit: Visit): Html {
  const who = visit.me?.login ?? 'nobody'
  const content = html`<div class="heading"><h1>There is nothing here</h1></div>
    <p class="lead">
      Either the address is wrong, or it is something that <strong>${who}</strong>, whom you act as,
      may not see: private repositories are shown only to those who have a role in them.
    </p>
    <p class="lead">
      See <a href="/">all repositories</a>, the <a href="/app/deliveries">webhooks</a> that were
      sent, or the <a href="/app/requests">requests</a> that were made. The emulator serves the
      parts of GitHub that the main job needs; its API is at <code>/api/v3</code> and
      <code>/api/graphql</code>.
    </p>`
  return layout(visit, { title: 'Not found', content })
}

type Problem = { readonly field?: string; readonly code?: string; readonly message?: string }

function wordsOf({ body }: Refusal): string {
  const problems = Array.isArray(body['errors']) ? (body['errors'] as readonly Problem[]) : []
  if (problems.length === 0) return `${String(body['message'])}.`.replace(/\.\.$/, '.')
  return problems.map(problemWords).join(' ')
}

function problemWords({ code, field, message }: Problem): string {
  if (message !== undefined) return `${message}.`.replace(/\.\.$/, '.')
  const what = field === undefined ? 'Something' : `The ${field.replaceAll('_', ' ')}`
  if (code === 'missing' || code === 'missing_field') return `${what} is missing.`
  if (code === 'already_exists') return `${what} exists already.`
  return `${what} is not valid.`
}

/** Nobody should have to write it twice. */
function typed(form: FormData | null): Html | string {
  const body = form?.get('body') ?? form?.get('content')
  if (typeof body !== 'string' || body.trim() === '') return ''
  return html`<label for="typed">What you had written</label>
    <textarea id="typed" rows="8" readonly>${body}</textarea>`
}

/** The page with the form, as browsers tell it; else from `…/issues/1/comment` to `…/issues/1`. */
function backOf({ path }: Visit, referrer: string | undefined): string {
  if (referrer !== undefined && URL.canParse(referrer)) {
    const { pathname, search } = new URL(referrer)
    return `${pathname.replace(/^\/+/, '/')}${search}`
  }
  const above = path.replace(/\?.*$/, '').replace(/\/[^/]*$/, '')
  return above === '' ? '/' : above
}
