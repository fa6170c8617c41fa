/** Every effect of the engine, met before and after: what was intended and not done, and what was done and not recorded. */
import type { Failpoint } from './failpoints.ts'
import {
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
