/** Every effect of the engine, met before and after: what was intended and not done, and what was done and not recorded. */
import type { Failpoint } from './failpoints.ts'
import {
  approved,
  asks,
  carded,
  diesStopping,
  diesTwice,
  fails,
  installs,
  opens,
  polled,
  refused,
  retries,
  withdrawn,
  works,
} from './stories.ts'
import type { Story } from './stories.ts'
import { REFUSED } from './world.ts'

export interface Point {
  readonly point: Failpoint
  readonly story: Story
  readonly refused?: string
  /** Further points, one in each of the lives that follow. */
  readonly further?: readonly Failpoint[]
}

const both = (story: Story, ...methods: readonly string[]): readonly Point[] =>
  methods.flatMap((method) => {
    const [name = '', nth] = method.split('#')
    return ['before', 'after'].map((when) => ({
      point: `${name}:${when}${nth === undefined ? '' : `:${nth}`}`,
      story,
    }))
  })

export const POINTS: Readonly<Record<string, readonly Point[]>> = {
  'from label to agent': [
    ...both(installs, 'store.append/repository-seen', 'store.repositories.save/seen'),
    ...both(installs, 'tracker.ensureLabel', 'store.repositories.save/sight'),
    ...both(opens, 'store.append/label-added', 'store.commit/queued', 'store.admission.admit'),
    ...both(opens, 'store.claim', 'workspace.prepare', 'agents.run'),
    ...both(opens, 'store.beat'),
  ],
  'from agent to pull request': [
    ...both(opens, 'workspace.collect', 'workspace.run', 'workspace.release'),
    ...both(opens, 'store.finish/ended-completed', 'store.commit/publishing'),
    ...both(
      works,
      'store.begin/push',
      'git.push',
      'store.settle/push',
      'store.commit/publishing#2',
    ),
    ...both(opens, 'store.begin/pull', 'codeHost.openPull', 'store.settle/pull'),
    ...both(opens, 'store.commit/in-review'),
    ...both(works, 'store.commit/done'),
  ],
  'in what people see': [
    ...both(opens, 'store.projections.intend/status', 'tracker.createComment/status'),
    ...both(opens, 'store.projections.done/status', 'tracker.updateComment'),
    ...both(opens, 'store.projections.done/status#2'),
    ...both(opens, 'tracker.setFamilyLabel', 'store.projections.done/labels'),
    ...both(opens, 'tracker.setFamilyLabel/needs-review'),
    ...both(works, 'tracker.setFamilyLabel/done'),
    ...both(opens, 'store.projections.intend/check', 'tracker.publishCheck'),
    ...both(opens, 'store.projections.done/check'),
    ...both(carded, 'board.add', 'board.set', 'store.projections.done/board'),
  ],
  'when a person has a word in it': [
    ...both(asks, 'store.commit/parked', 'tracker.createComment/notice'),
    ...both(asks, 'store.append/commanded', 'tracker.react', 'workspace.reopen'),
    ...both(approved, 'store.commit/gated', 'tracker.createComment/notice'),
    ...both(approved, 'store.append/commanded', 'store.commit/publishing', 'git.push'),
  ],
  'when something goes wrong': [
    ...both(fails, 'store.commit/failed', 'store.begin/comment', 'tracker.createComment/notice'),
    ...both(fails, 'store.settle/comment'),
    ...both(retries, 'store.commit/retrying', 'store.begin/wake', 'store.settle/wake'),
    ...both(withdrawn, 'store.commit/cancelled', 'store.finish/ended-cancelled'),
    ...both(polled, 'store.append/pull-closed', 'store.repositories.save/cursor'),
    ...both(diesTwice, 'store.orphans', 'store.append/ended-lost', 'store.commit/queued'),
    ...both(diesStopping, 'store.finish/ended-stopped'),
    ...both(refused, 'store.admission.pause', 'store.commit/queued#2').map((point, at) => ({
      ...point,
      refused: REFUSED[at % REFUSED.length] ?? '',
    })),
  ],
}

/** An attempt that has lost its process three times is set aside, so that a task may die this often while one runs. */
const DEATHS_OF_AN_ATTEMPT = 2
const DEATHS_OF_A_TASK = 4
const WHILE_AN_ATTEMPT_RUNS =
  /^(store\.(admission|claim|beat|finish|projections)|workspace|agents|tracker|board)(?!.*\/(check|needs-review|done))/

/**
 * The same points in fewer tasks: most of what a point costs is its task and the world around it, so that lives which
 * die one after another on the way of one task cost half as much each. Points stand in the order in which they are passed.
 */
export function inRow(points: readonly Point[]): readonly Point[] {
  const rows: Point[] = []
  for (const point of points) {
    const last = rows.at(-1)
    if (last === undefined || !follows(point, last)) rows.push(point)
    else rows[rows.length - 1] = { ...last, further: [...(last.further ?? []), point.point] }
  }
  return rows
}

/** Stories whose points are passed in the order in which they stand. */
const IN_ORDER: ReadonlySet<Story> = new Set([opens, works, asks, approved, carded])

function follows({ point, story }: Point, last: Point): boolean {
  if (story !== last.story || !IN_ORDER.has(story)) return false
  const row = [last.point, ...(last.further ?? [])]
  // One that counts its passages counts those of its own life only.
  if ([...row, point].some((one) => /:\d+$/.test(one))) return false
  const running = [...row, point].filter((one) => WHILE_AN_ATTEMPT_RUNS.test(one)).length
  return running <= DEATHS_OF_AN_ATTEMPT && row.length < DEATHS_OF_A_TASK
}
