/** Masks every text inside a plain value, such as what is shown as JSON: keys, numbers and the shape stay as they are. */
import type { Secrets } from './secrets.ts'

/** The same value when there was nothing to mask. */
export function maskValues<T>(value: T, secrets: Pick<Secrets, 'find' | 'mask'>): T {
  // One look at the whole is cheaper than one at each of thousands of short texts.
  if (secrets.find(JSON.stringify(value) ?? '').length === 0) return value
  return masked(value, secrets) as T
}

function masked(value: unknown, secrets: Pick<Secrets, 'mask'>): unknown {
  if (typeof value === 'string') return secrets.mask(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const each = value.map((one: unknown) => masked(one, secrets))
    return each.some((one, at) => one !== value[at]) ? each : value
  }
  const fields = Object.entries(value).map(
    ([name, field]) => [name, field, masked(field, secrets)] as const,
  )
  if (fields.every(([, before, after]) => before === after)) return value
  return Object.fromEntries(fields.map(([name, , after]) => [name, after]))
}
