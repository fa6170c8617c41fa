// The App's webhook deliveries: listed newest first, read, sent again under the same GUID.
import { ok, type Call, type Operations } from '../http/operation.ts'
import { invalid, notFound, type JsonObject } from '../world/refusal.ts'
import type { Delivery } from '../webhooks/delivery.ts'
import { appOf } from './apps.ts'

const KEPT_MS = 3 * 24 * 60 * 60 * 1000
const DEFAULT_PER_PAGE = 30

export const deliveryOperations: Operations = {
  'apps/list-webhook-deliveries': {
    by: 'app',
    needs: [],
    run: (call) => {
      const wanted = call.query.maybe('status')
      const all = kept(call)
        .filter((one) => wanted === null || (wanted === 'success') === succeeded(one))
        .toReversed()
      const { cursor, size } = { cursor: call.query.maybe('cursor'), size: perPage(call) }
      const start = cursor === null ? 0 : all.findIndex((one) => String(one.id) === cursor)
      if (start < 0) throw invalid({ resource: 'Hook', field: 'cursor', code: 'invalid' })
      const page = all.slice(start, start + size)
      const next = all[start + size]
      if (next === undefined) return ok(page.map(itemJson))
      const url = new URL(call.address)
      url.searchParams.set('cursor', String(next.id))
      return ok(page.map(itemJson), { link: `<${url.href}>; rel="next"` })
    },
  },
  'apps/get-webhook-delivery': {
    by: 'app',
    needs: [],
    run: (call) => ok(deliveryJson(find(call))),
  },
  'apps/redeliver-webhook-delivery': {
    by: 'app',
    needs: [],
    run: (call) => {
      call.deps.webhooks.redeliver(find(call).id)
      return { status: 202, body: {} }
    },
  },
  'apps/get-webhook-config-for-app': {
    by: 'app',
    needs: [],
    run: (call) => ok(configJson(call)),
  },
  'apps/update-webhook-config-for-app': {
    by: 'app',
    needs: [],
    run: (call) => {
      const app = appOf(call)
      app.webhookUrl = call.body.maybe('url') ?? app.webhookUrl
      app.webhookSecret = call.body.maybe('secret') ?? app.webhookSecret
      return ok(configJson(call))
    },
  },
}

function kept(call: Call): readonly Delivery[] {
  const since = call.world.now() - KEPT_MS
  return call.deps.webhooks.deliveries.filter(
    (one) => one.app === appOf(call) && Date.parse(one.deliveredAt) >= since,
  )
}

function find(call: Call): Delivery {
  const id = call.params.number('delivery_id')
  const found = kept(call).find((one) => one.id === id)
  if (found === undefined) throw notFound()
  return found
}

function perPage(call: Call): number {
  return call.query.has('per_page') ? call.query.number('per_page') : DEFAULT_PER_PAGE
}

function succeeded({ reply }: Delivery): boolean {
  return reply !== null && reply.status >= 200 && reply.status < 400
}

function itemJson(one: Delivery): JsonObject {
  return {
    id: one.id,
    guid: one.guid,
    delivered_at: one.deliveredAt,
    redelivery: one.redelivery,
    duration: one.reply?.seconds ?? 0,
    status: one.reply?.text ?? (one.dropped ? 'failed to connect' : 'pending'),
    status_code: one.reply?.status ?? 0,
    event: one.event,
    action: one.action,
    installation_id: one.installationId,
    repository_id: one.repositoryId,
    throttled_at: null,
  }
}

function deliveryJson(one: Delivery): JsonObject {
  return {
    ...itemJson(one),
    url: one.app.webhookUrl ?? '',
    request: { headers: one.headers, payload: one.payload },
    response: { headers: one.reply?.headers ?? null, payload: one.reply?.body ?? null },
  }
}

function configJson(call: Call): JsonObject {
  const app = appOf(call)
  return { url: app.webhookUrl ?? '', content_type: 'json', insecure_ssl: '0', secret: '********' }
}
