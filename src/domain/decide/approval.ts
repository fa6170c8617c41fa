/** Where the approval of whoever asked for the work does not count, a check of its own on the pull request's head says whose does. */
import type { Sha } from '../ids.ts'
import type { Surface } from '../projection.ts'
import type { World } from './decision.ts'

export const approvalOf = ({ policy }: Pick<World, 'policy'>, head: Sha): readonly Surface[] =>
  policy.kind === 'ready' && !policy.settings.ownApproval ? [`approval:${head}`] : []
