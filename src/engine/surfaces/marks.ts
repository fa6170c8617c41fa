/** By what our own writes on GitHub are found again. */
import type { Sha, TaskId } from '../../domain/ids.ts'

export const statusMark = (task: TaskId): string => `status:${task}`

/** Our check run on a head that we pushed for that task: nobody else's names it so. */
export const ownCheck = (task: { readonly id: TaskId }, head: Sha) => ({
  name: 'yardmaster',
  head,
  externalId: `${task.id}:${head}`,
})
