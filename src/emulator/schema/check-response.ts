// Holds the emulator's own answers and webhooks to GitHub's description, so that what a client
// learns from it is what GitHub would have taught.
import { knowsWebhook, problems } from './document.ts'
import type { Route } from './route.ts'

// Statuses that GitHub gives without describing them for each operation.
const EVERYWHERE = new Set([400, 401, 403, 404, 422, 429, 500, 502, 503])

/** What is wrong with an answer of this operation, in words. */
export function checkResponse(route: Route, status: number, body: unknown): readonly string[] {
  const declared = route.schema.responses
  if (status === 304) return []
  if (!Object.hasOwn(declared, String(status))) {
    return EVERYWHERE.has(status) ? [] : [`${route.id} has no answer of status ${status}`]
  }
  if (declared[String(status)] === null || status >= 400) return []
  return problems(['operations', route.id, 'responses', String(status)], body)
}

/** What is wrong with a webhook's payload; `name` as `issues.labeled` or `push`. */
export function checkWebhook(name: string, payload: unknown): readonly string[] {
  if (!knowsWebhook(name)) return [`GitHub sends no webhook ${name}`]
  return problems(['webhooks', name], payload)
}
