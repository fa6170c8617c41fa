/** By what our own writes on GitHub are found again. */
import type { Instant, Sha, TaskId } from '../../domain/ids.ts'
import type { Store } from '../../ports/store.ts'

export const statusMark = (task: TaskId): string => `status:${task}`

/** Our check run on a head that we pushed for that task: nobody else's names it so. */
export const ownCheck = (task: { readonly id: TaskId }, head: Sha) => ({
  name: 'yardmaster',
  head,
  externalId: `${task.id}:${head}`,
})

/** Since when GitHub may show what this row does not know of: a try that was cut off, or all that a restored store has forgotten. */
export const formerTry = async (
  row: { readonly triedAt: Instant | null },
  { about }: Pick<Store, 'about'>,
): Promise<Instant | null> => row.triedAt ?? (await about.get('looks-first'))
