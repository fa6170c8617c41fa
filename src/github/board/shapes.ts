/** The few fields of GitHub's answers about projects that the product looks at. */
import * as z from 'zod'
import { issueId } from '../../domain/ids.ts'
import type { BoardField, BoardShape, Card } from '../../ports/board.ts'
import { moment } from '../issues.ts'

const formatted = z.object({ raw: z.string() })

export const fields = z.array(
  z.object({
    id: z.number(),
    node_id: z.string().nullish(),
    name: z.string(),
    data_type: z.string(),
    options: z
      .array(
        z.object({
          id: z.string(),
          name: formatted,
          color: z.string().nullish(),
          description: formatted.nullish(),
        }),
      )
      .nullish(),
  }),
)
export type FieldRow = z.infer<typeof fields>[number]

const value = z.object({
  id: z.number(),
  data_type: z.string(),
  value: z.unknown(),
})

export const item = z.object({
  id: z.number(),
  updated_at: z.string(),
  archived_at: z.string().nullish(),
  content_type: z.string().nullish(),
  content: z
    .object({
      id: z.number(),
      number: z.number(),
      repository_url: z.string(),
    })
    .nullish()
    // A pull request, a draft, or what the token may not see.
    .catch(null),
  fields: z.array(value).nullish(),
})
export type ItemRow = z.infer<typeof item>

/** Names of fields count without case, as people see no difference. */
export const named = (rows: readonly FieldRow[], name: string): FieldRow | null =>
  rows.find((row) => row.name.toLowerCase() === name.toLowerCase()) ?? null

export function shapeOf(rows: readonly FieldRow[]): BoardShape {
  const status = named(rows, 'Status')
  return {
    status:
      status === null || status.data_type !== 'single_select'
        ? null
        : {
            id: status.id,
            kind: 'single_select',
            options: new Map((status.options ?? []).map(({ id, name }) => [name.raw, id])),
          },
    attempt: plain(rows, 'Attempt'),
    agent: plain(rows, 'Agent'),
    wave: plain(rows, 'Wave'),
    cost: plain(rows, 'Cost'),
  }
}

function plain(rows: readonly FieldRow[], name: string): BoardField | null {
  const row = named(rows, name)
  if (row === null) return null
  return row.data_type === 'text' || row.data_type === 'number'
    ? { id: row.id, kind: row.data_type }
    : null
}

export function cardOf(row: ItemRow, shape: BoardShape): Card {
  const values = new Map<number, string | number>()
  let column: string | null = null
  for (const one of row.fields ?? []) {
    const found = valueOf(one.value)
    if (one.id === shape.status?.id) column = optionOf(one.value)
    else if (found !== null) values.set(one.id, found)
  }
  return {
    id: row.id,
    column,
    values,
    archived: typeof row.archived_at === 'string',
    changedAt: moment(row.updated_at),
    issue: row.content_type === 'Issue' ? issueOf(row.content) : null,
  }
}

const option = z.object({ name: formatted })

function optionOf(found: unknown): string | null {
  const parsed = option.safeParse(found)
  return parsed.success ? parsed.data.name.raw : null
}

function valueOf(found: unknown): string | number | null {
  if (typeof found === 'string' || typeof found === 'number') return found
  const parsed = formatted.safeParse(found)
  return parsed.success ? parsed.data.raw : null
}

function issueOf(content: ItemRow['content']): Card['issue'] {
  const [, owner, repository] =
    /\/repos\/([^/]+)\/([^/]+)$/.exec(content?.repository_url ?? '') ?? []
  if (content === null || content === undefined) return null
  if (owner === undefined || repository === undefined) return null
  return { id: issueId(content.id), number: content.number, owner, repository }
}
