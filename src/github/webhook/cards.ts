/**
 * Cards that were moved on an organisation's board. The payload is a preview and names neither repository nor issue: it
 * says who did something to which item, and that the item is to be read.
 */
import * as z from 'zod'
import { installation, sender, timestamp } from './shapes.ts'
import { installationId } from '../../domain/ids.ts'
import type { Narrowing } from './shapes.ts'

const id = z.int().positive()

const edited = z.object({
  action: z.literal('edited'),
  organization: z.object({ login: z.string().min(1).max(100) }),
  installation,
  sender,
  projects_v2_item: z.object({ id, content_type: z.string(), updated_at: timestamp }),
  changes: z.object({
    field_value: z.object({
      field_type: z.string(),
      field_name: z.string().nullish(),
      // Payloads of the preview's first years name no project: nobody could say which board it is.
      project_number: id.optional(),
      to: z
        .object({ name: z.string().min(1).max(200) })
        .nullish()
        .catch(undefined),
    }),
  }),
})

const anyAction = z.object({
  action: z.string(),
  changes: z.object({ field_value: z.object({ field_type: z.string() }).optional() }).nullish(),
})

export function narrowCards(from: unknown): Narrowing {
  const relevant = anyAction.safeParse(from)
  if (!relevant.success) return 'malformed'
  const { action, changes } = relevant.data
  if (action !== 'edited' || changes?.field_value?.field_type !== 'single_select') return []
  const parsed = edited.safeParse(from)
  if (!parsed.success) return 'malformed'
  const { projects_v2_item: item, sender: actor, organization } = parsed.data
  const { field_value: value } = parsed.data.changes
  if (item.content_type !== 'Issue') return []
  if ((value.field_name ?? 'Status').toLowerCase() !== 'status' || value.to === undefined) return []
  if (value.project_number === undefined) return []
  const card = { owner: organization.login, project: value.project_number, item: item.id }
  return [
    {
      to: 'board',
      installation: installationId(parsed.data.installation.id),
      fact: {
        kind: 'card-nudged',
        card,
        to: value.to?.name ?? null,
        actor,
        at: item.updated_at,
      },
    },
  ]
}
