/** Writes one surface of one task, unless what is there is what is wanted. */
import { hash as hashOf } from 'node:crypto'
import { BUTTONS } from '../../domain/button.ts'
import { budgetsIn } from '../../domain/budget.ts'
import { instant } from '../../domain/ids.ts'
import type { Instant, Sha } from '../../domain/ids.ts'
import { isTerminal } from '../../domain/task.ts'
import type { Task } from '../../domain/task.ts'
import type { ProjectionRow } from '../../ports/store.ts'
import { recordOf } from '../../domain/record.ts'
import { checkWords } from '../../render/check.ts'
import { LABEL_PREFIX, stateLabel } from '../../render/labels.ts'
import { statusComment } from '../../render/status.ts'
import { boardOf } from '../boards.ts'
import { formerTry, ownCheck, statusMark } from './marks.ts'
import { jailShown } from './jail-shown.ts'
import type { SurfaceDeps } from './surface-deps.ts'
import type { TaskView } from './view.ts'
import { writeApproval } from './write-approval.ts'
import { writeBoard } from './write-board.ts'

export async function writeSurface(
  row: ProjectionRow,
  view: TaskView,
  deps: SurfaceDeps,
): Promise<void> {
  if (row.surface === 'status') return writeStatus(row, view, deps)
  if (row.surface === 'board') return writeBoard(row, view, deps)
  if (row.surface === 'labels') return writeLabels(row, view, deps)
  const head = row.surface.slice(row.surface.indexOf(':') + 1) as Sha
  return row.surface.startsWith('approval:')
    ? writeApproval(row, view, deps, head)
    : writeCheck(row, view, deps, head)
}

async function writeStatus(row: ProjectionRow, view: TaskView, deps: SurfaceDeps): Promise<void> {
  const { store, tracker, clock } = deps
  const { repository, task } = view
  const now = clock.now()
  const body = statusComment({
    ...view,
    jailKind: await jailShown(deps),
    webUrl: deps.webUrl,
    boardTrouble:
      boardOf(repository, view.policy) === null ? null : deps.boards.troubleOf(repository.id),
    budget: budgetsIn(view.policy, deps.operator.caps.budget, task.purse)?.task ?? null,
    now,
    nextUpdateBy: nextUpdateBy(task, now),
  })
  const record = JSON.stringify(recordOf(task, view.attempts, repository.firstSeen))
  const hash = digest(`${body}\n${record}`)
  if (stands(row, hash))
    return store.projections.done(row, { hash, remoteId: row.remoteId, written: row.written })
  const known = row.remoteId === null ? null : Number(row.remoteId)
  await deps.begin(row)
  if (
    known !== null &&
    (await tracker.updateComment(repository, task.number, {
      id: known,
      body,
      record,
      notAfter: deps.notAfter,
    }))
  ) {
    return store.projections.done(row, { hash, remoteId: row.remoteId, written: null })
  }
  const id = await tracker.createComment(repository, task.number, {
    body,
    marker: statusMark(task.id),
    record,
    formerTry: await formerTry(row, deps),
    notAfter: deps.notAfter,
    lane: 'projection',
  })
  await store.projections.done(row, { hash, remoteId: String(id), written: null })
}

async function writeLabels(row: ProjectionRow, view: TaskView, deps: SurfaceDeps): Promise<void> {
  const wanted = stateLabel(view.task.state)
  const hash = digest(wanted?.name ?? '')
  const done = { hash, remoteId: null, written: wanted?.name ?? null }
  if (stands(row, hash)) return deps.store.projections.done(row, done)
  await deps.begin(row)
  await deps.tracker.setFamilyLabel(view.repository, view.task.number, {
    prefix: LABEL_PREFIX,
    wanted,
    // Never written yet, or not to the end: the issue may wear a label that nobody recorded.
    current: row.writtenHash === null || row.triedAt !== null ? undefined : row.written,
    notAfter: deps.notAfter,
  })
  await deps.store.projections.done(row, done)
}

async function writeCheck(
  row: ProjectionRow,
  view: TaskView,
  deps: SurfaceDeps,
  head: Sha,
): Promise<void> {
  const { store, tracker } = deps
  const { report } = view.task
  // Evidence is about one head; of any other this task knows nothing any more.
  if (report === null || report.head !== head)
    return store.projections.done(row, {
      hash: row.writtenHash ?? '',
      remoteId: row.remoteId,
      written: null,
    })
  const words = checkWords(report)
  const hash = digest(JSON.stringify(words))
  if (stands(row, hash))
    return store.projections.done(row, { hash, remoteId: row.remoteId, written: null })
  await deps.begin(row)
  const known = row.remoteId === null ? null : Number(row.remoteId)
  const id = await tracker.publishCheck(
    view.repository,
    {
      ...ownCheck(view.task, head),
      formerTry: await formerTry(row, deps),
      notAfter: deps.notAfter,
      status: 'completed',
      actions: BUTTONS.map(({ identifier, label, description }) => ({
        identifier,
        label,
        description,
      })),
      ...words,
    },
    known,
  )
  await store.projections.done(row, { hash, remoteId: String(id), written: null })
}

/** What was written last is what is wanted, and nothing else may have been written since: a lost write may still arrive. */
const stands = (row: ProjectionRow, hash: string): boolean =>
  hash === row.writtenHash && row.triedAt === null

const TEN_MINUTES = 600_000

/** Promised only while something is under way, on a ten-minute grid, so that the promise alone costs no edit. */
function nextUpdateBy(task: Task, now: Instant): Instant | null {
  const waitsForPerson =
    task.state.kind === 'in-review' ||
    task.state.kind === 'held' ||
    task.state.kind === 'parked' ||
    task.state.kind === 'gated'
  if (isTerminal(task.state) || waitsForPerson) return null
  return instant(Math.ceil((now + TEN_MINUTES) / TEN_MINUTES) * TEN_MINUTES)
}

const digest = (text: string): string => hashOf('sha256', text)
