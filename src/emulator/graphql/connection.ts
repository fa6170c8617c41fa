// Connections: GitHub requires `first` or `last`, at most 100, on every one of them.
import type { Fields } from '../http/fields.ts'
import { refuse } from './context.ts'

export type Connection = {
  readonly total: number
  readonly nodes: readonly unknown[]
  readonly start: number
  readonly hasPrevious: boolean
  readonly hasNext: boolean
}

const MAX_PAGE = 100

export function connection(name: string, items: readonly unknown[], args: Fields): Connection {
  const first = args.has('first') ? args.number('first') : null
  const last = args.has('last') ? args.number('last') : null
  if (first === null && last === null) {
    throw refuse(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    )
  }
  const size = first ?? last ?? 0
  if (size < 1 || size > MAX_PAGE) {
    const message = `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of ${MAX_PAGE} records.`
    throw refuse('EXCESSIVE_PAGINATION', message)
  }
  const after = offset(args.maybe('after'))
  const before = args.maybe('before') === null ? items.length : offset(args.maybe('before')) - 1
  const window = items.slice(after, before)
  const nodes = first === null ? window.slice(-size) : window.slice(0, size)
  const start = first === null ? after + window.length - nodes.length : after
  return {
    total: items.length,
    nodes,
    start,
    hasPrevious: start > 0,
    hasNext: start + nodes.length < items.length,
  }
}

export function cursorAt(position: number): string {
  return Buffer.from(`cursor:v2:${position + 1}`).toString('base64')
}

function offset(cursor: string | null): number {
  if (cursor === null) return 0
  const position = Number(Buffer.from(cursor, 'base64').toString().split(':')[2])
  if (Number.isInteger(position)) return position
  throw refuse('INVALID_CURSOR_ARGUMENTS', `\`${cursor}\` does not appear to be a valid cursor.`)
}
