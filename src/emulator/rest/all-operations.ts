// The REST operations that the emulator answers, gathered from the family tables.
import type { Operations } from '../http/operation.ts'
import { appOperations } from './apps.ts'
import { checkOperations } from './checks.ts'
import { commentOperations } from './comments.ts'
import { commitOperations } from './commits.ts'
import { contentOperations } from './contents.ts'
import { deliveryOperations } from './deliveries.ts'
import { eventOperations } from './events.ts'
import { installationOperations } from './installations.ts'
import { issueOperations } from './issues.ts'
import { labelOperations } from './labels.ts'
import { metaOperations } from './meta.ts'
import { projectOperations } from './projects.ts'
import { pullOperations } from './pulls.ts'
import { reactionOperations } from './reactions.ts'
import { refOperations } from './refs.ts'
import { relationOperations } from './relations.ts'
import { repoOperations } from './repos.ts'
import { statusOperations } from './statuses.ts'
import { reviewCommentOperations } from './review-comments.ts'
import { reviewOperations } from './reviews.ts'

export function restOperations(): Operations {
  return {
    ...appOperations,
    ...checkOperations,
    ...commentOperations,
    ...commitOperations,
    ...contentOperations,
    ...deliveryOperations,
    ...eventOperations,
    ...installationOperations,
    ...issueOperations,
    ...labelOperations,
    ...metaOperations,
    ...projectOperations,
    ...pullOperations,
    ...reactionOperations,
    ...refOperations,
    ...relationOperations,
    ...repoOperations,
    ...reviewCommentOperations,
    ...reviewOperations,
    ...statusOperations,
  }
}
