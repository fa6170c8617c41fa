/**
 * Webhook deliveries that GitHub could not hand over. It never tries again by itself, keeps them for three days, and
 * lists each try as a delivery of its own under one GUID, the newest first.
 */
import type { Octokit } from '@octokit/rest'
import { instant } from '../domain/ids.ts'
import type { Instant } from '../domain/ids.ts'
import type { Deliveries, FailedDelivery } from '../ports/tracker.ts'
import { isMissing } from './client.ts'
import { PER_PAGE } from './pages.ts'

/** 5,000 tries: what lies further back is the reconciler's to find. */
const PAGES = 50

export function createDeliveries(app: Octokit): Deliveries {
  return {
    async failed(since) {
      const tries = await readTries(app, since)
      const settled = new Set(
        tries.filter((one) => one.succeeded || one.redelivery).map(({ guid }) => guid),
      )
      const failed = new Map<string, FailedDelivery>()
      for (const { guid, id, at } of tries)
        if (!settled.has(guid) && !failed.has(guid)) failed.set(guid, { id, at })
      return [...failed.values()].toReversed()
    },

    async redeliver(delivery) {
      try {
        await app.rest.apps.redeliverWebhookDelivery({ delivery_id: delivery })
        return true
      } catch (error) {
        if (isMissing(error)) return false
        throw error
      }
    },
  }
}

interface Try {
  readonly id: number
  readonly guid: string
  readonly at: Instant
  readonly redelivery: boolean
  readonly succeeded: boolean
}

async function readTries(app: Octokit, since: Instant): Promise<readonly Try[]> {
  const tries: Try[] = []
  let cursor: string | null = null
  for (let page = 0; page < PAGES; page += 1) {
    const { data, headers } = await app.rest.apps.listWebhookDeliveries({
      per_page: PER_PAGE,
      ...(cursor === null ? {} : { cursor }),
    })
    for (const one of data) {
      const at = instant(Date.parse(one.delivered_at))
      // No status at all means that nothing answered; a filter by failure would not list those.
      const succeeded = one.status_code >= 200 && one.status_code < 400
      if (at >= since) tries.push({ ...one, at, succeeded })
    }
    const last = data.at(-1)
    if (last === undefined || Date.parse(last.delivered_at) < since) return tries
    cursor = cursorOf(headers.link)
    if (cursor === null) return tries
  }
  return tries
}

/** Of the address only the cursor is used: an address from an answer is never followed (T40). */
function cursorOf(link: string | undefined): string | null {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1]
  return next === undefined || !URL.canParse(next) ? null : new URL(next).searchParams.get('cursor')
}
