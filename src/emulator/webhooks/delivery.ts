// One webhook on its way to one App.
import type { App } from '../world/app.ts'
import type { JsonObject } from '../world/refusal.ts'
import type { Reply } from './send.ts'

/** One attempt to deliver, as `GET /app/hook/deliveries` lists it. */
export type Delivery = {
  readonly id: number
  readonly guid: string
  readonly event: string
  readonly action: string | null
  readonly app: App
  readonly installationId: number
  readonly repositoryId: number | null
  readonly redelivery: boolean
  readonly payload: JsonObject
  readonly headers: Readonly<Record<string, string>>
  deliveredAt: string
  /** `null` while under way, or when a knob dropped it. */
  reply: Reply | null
  dropped: boolean
}
