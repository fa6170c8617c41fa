// The order and the `since` that GitHub's lists of comments take.
import type { Call } from '../http/operation.ts'
import type { Stamp } from '../world/people.ts'

type Dated = { readonly id: number; readonly updatedAt: Stamp }

/** Those that lists show, by creation unless the query says `updated`. */
export function sortedComments<T extends Dated>(call: Call, all: readonly T[]): readonly T[] {
  const byUpdate = call.query.maybe('sort') === 'updated'
  const sorted = since(call, all).toSorted((a, b) =>
    byUpdate ? Date.parse(a.updatedAt) - Date.parse(b.updatedAt) : a.id - b.id,
  )
  return call.query.maybe('direction') === 'desc' ? sorted.toReversed() : sorted
}

export function since<T extends Dated>(call: Call, all: readonly T[]): readonly T[] {
  const from = call.query.maybe('since')
  return all.filter(
    (one) =>
      call.world.listed(one) && (from === null || Date.parse(one.updatedAt) >= Date.parse(from)),
  )
}
