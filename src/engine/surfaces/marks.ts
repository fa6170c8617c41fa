/** By what our own writes on GitHub are found again. */
import { steady } from '../../domain/ids.ts'
import type { Sha, Steady, TaskId } from '../../domain/ids.ts'
import type { EngineDeps } from '../deps.ts'

export const statusMark = (task: TaskId): string => `status:${task}`

/** Our check run on a head that we pushed for that task: nobody else's names it so. */
export const ownCheck = (task: { readonly id: TaskId }, head: Sha) => ({
  name: 'yardmaster',
  head,
  externalId: `${task.id}:${head}`,
})

/** Since when GitHub may show what this row does not know of: a try that was cut off, or all that a restored store has forgotten. */
export const formerTry = async (
  row: { readonly triedAt: Steady | null },
  { store, clock }: Pick<EngineDeps, 'store' | 'clock'>,
): Promise<Steady | null> => {
  if (row.triedAt !== null) return row.triedAt
  const forgot = await store.about.get('looks-first')
  return forgot === null ? null : steady(clock.monotonic() - Math.max(0, clock.now() - forgot))
}
