/** What ended attempts have used, read from columns of their own: a report holds all that its checks printed. */
import type { Spending } from '../domain/budget.ts'
import { later, repoId } from '../domain/ids.ts'
import type { Instant } from '../domain/ids.ts'
import { LONGEST, repositoryOf } from './attempts.ts'
import type { Db, Tx } from './database.ts'
import { and, eq, gt, inArray, isNotNull, or } from './drizzle.ts'
import { attempt, task } from './schema.ts'

export const queuedTasks = (db: Db | Tx) =>
  db.select({ id: task.id }).from(task).where(eq(task.state, 'queued'))

/** Those that have ended since, and all of `tasks`. An attempt of before there were budgets has no usage here. */
export async function readSpent(
  db: Db | Tx,
  since: Instant,
  tasks?: ReturnType<typeof queuedTasks>,
): Promise<readonly Spending[]> {
  const { task: of, n, endedAt, usage, allowance, startedAt } = attempt
  // No attempt takes longer than a day: the index over the starts bounds the search.
  const lately = and(gt(startedAt, later(since, -LONGEST)), gt(endedAt, since))
  const rows = await db
    .select({ task: of, repo: repositoryOf.mapWith(Number), n, endedAt, usage, allowance })
    .from(attempt)
    .where(
      and(
        isNotNull(endedAt),
        isNotNull(usage),
        tasks === undefined ? lately : or(lately, inArray(of, tasks)),
      ),
    )
    .orderBy(of, n)
  return rows.flatMap((row) =>
    row.endedAt === null || row.usage === null
      ? []
      : [{ ...row, endedAt: row.endedAt, usage: row.usage, repo: repoId(row.repo) }],
  )
}
