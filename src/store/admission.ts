/** Giving out slots. One row's version serialises it, whatever the number of processes. */
import { later } from '../domain/ids.ts'
import type { RepoId } from '../domain/ids.ts'
import { waitsForReview } from '../domain/review-queue.ts'
import { OPEN } from '../domain/task.ts'
import type { Admission, Start } from '../ports/store.ts'
import { leaseFor, toAttempt } from './attempts.ts'
import { writeTask } from './commit-task.ts'
import type { Tx } from './database.ts'
import { compareAndSet, lose, transact } from './database.ts'
import {
  and,
  asc,
  count,
  eq,
  getTableColumns,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  max,
  or,
  sql,
} from './drizzle.ts'
import type { Parts } from './parts.ts'
import { touchSurfaces } from './projections.ts'
import { queuedTasks, readSpent } from './spent.ts'
import { readRunners } from './runners.ts'
import { attempt, pause, repository, slots, task } from './schema.ts'
import { readLedgerHead } from './tasks.ts'

const DAY = 86_400_000
const SLOTS = eq(slots.id, 1)

/** In review is a column; of what else has a pull request only the document tells, and there is little of that. */
async function countReviews(tx: Tx): Promise<ReadonlyMap<RepoId, number>> {
  const inReview = await tx
    .select({ repo: task.repoId, open: count() })
    .from(task)
    .where(eq(task.state, 'in-review'))
    .groupBy(task.repoId)
  const counts = new Map(inReview.map(({ repo, open }) => [repo, open]))
  const others = await tx
    .select({ task: task.task })
    .from(task)
    .where(and(isNotNull(task.pull), inArray(task.state, UNDER_WAY)))
  for (const { task: one } of others)
    if (waitsForReview(one)) counts.set(one.repo, (counts.get(one.repo) ?? 0) + 1)
  return counts
}

const UNDER_WAY = OPEN.filter((kind) => kind !== 'in-review')

export function openAdmission(parts: Parts): Admission {
  const { db, clock } = parts
  return {
    view: () =>
      db.transaction(
        async (tx) => {
          const [row] = await tx.select().from(slots).where(SLOTS)
          if (row === undefined) throw new Error('the row of the slots is missing')
          const queued = await tx
            .select()
            .from(task)
            .where(eq(task.state, 'queued'))
            .orderBy(asc(task.repoId), asc(task.number))
          const live = await tx
            .select({ ...getTableColumns(attempt), repo: task.repoId, of: task.task })
            .from(attempt)
            .innerJoin(task, eq(task.id, attempt.task))
            .where(isNull(attempt.endedAt))
            .orderBy(asc(attempt.startedAt))
          const repositories = await tx.select().from(repository).orderBy(repository.id)
          const pauses = await tx.select().from(pause).orderBy(pause.scope)
          const since = later(clock.now(), -DAY)
          const started = await tx
            .select({
              repo: task.repoId,
              actor: attempt.actor,
              starts: count(),
              last: max(attempt.startedAt),
            })
            .from(attempt)
            .innerJoin(task, eq(task.id, attempt.task))
            .where(gte(attempt.startedAt, since))
            .groupBy(task.repoId, attempt.actor)
          return {
            version: row.version,
            queued: queued.map((entry) => entry.task),
            live: live.map(({ repo, of, ...entry }) => ({
              ...toAttempt(entry),
              repo,
              actor: entry.actor,
              losses: of.losses,
            })),
            repositories: repositories.map((entry) => entry.repository),
            pauses,
            openReviews: await countReviews(tx),
            runners: await readRunners(tx),
            startedByActor: countByActor(started),
            spent: await readSpent(tx, since, queuedTasks(tx)),
            served: started.flatMap(({ repo, actor, last }) =>
              last === null ? [] : [{ repo, actor, last }],
            ),
          }
        },
        { isolationLevel: 'repeatable read', accessMode: 'read only' },
      ),

    async admit(version, starts, within) {
      const started = starts.map((start) => start.attempt.id)
      const admitted = await compareAndSet(db, async (tx) => {
        const raised = await tx
          .update(slots)
          .set({ version: sql`${slots.version} + 1` })
          .where(and(SLOTS, eq(slots.version, version)))
          .returning({ id: slots.id })
        if (raised.length === 0) lose()
        for (const start of starts) await writeStart(tx, start, { parts, within })
        await parts.announce?.(tx, 'attempt', started)
      })
      if (admitted) parts.pokes.fire('attempt', started)
      return admitted
    },

    ledgerHead: (id) => readLedgerHead(db, id),

    spent: () => readSpent(db, later(clock.now(), -DAY)),

    // Raising the version makes a pass that is under way look again.
    pause: (wanted) =>
      transact(db, async (tx) => {
        const { scope: _scope, ...set } = wanted
        await raiseVersion(tx)
        await tx.insert(pause).values(wanted).onConflictDoUpdate({ target: pause.scope, set })
      }),

    async unpause(scope) {
      const now = clock.now()
      await db
        .update(pause)
        .set({ until: now, now: false })
        .where(and(eq(pause.scope, scope), or(isNull(pause.until), gt(pause.until, now))))
    },

    pauses: () => db.select().from(pause).orderBy(pause.scope),
  }
}

const raiseVersion = async (tx: Tx): Promise<void> =>
  void (await tx
    .update(slots)
    .set({ version: sql`${slots.version} + 1` })
    .where(SLOTS))

function countByActor(
  started: readonly { readonly actor: number | null; readonly starts: number }[],
): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const { actor, starts } of started)
    if (actor !== null) counts.set(actor, (counts.get(actor) ?? 0) + starts)
  return counts
}

/** The partial unique index refuses a second live attempt of a task, whatever led to it. */
async function writeStart(
  tx: Tx,
  start: Start,
  { parts, within }: { readonly parts: Parts; readonly within: number },
): Promise<void> {
  await writeTask(tx, start.task, start.expected, start.ledger)
  const actor = start.task.wish?.by.id ?? null
  await tx.insert(attempt).values({ ...start.attempt, actor, leaseUntil: leaseFor(within) })
  await touchSurfaces(tx, { task: start.task.id, surfaces: start.surfaces }, parts)
}
