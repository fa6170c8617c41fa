/** Whoever goes on with a merge of the base is told what conflicted: markers that are left must never count as resolved. */
import { describe, expect, it } from 'vitest'
import { instant, sha } from '../../src/domain/ids.ts'
import type { Revision } from '../../src/domain/revision.ts'
import type { Task } from '../../src/domain/task.ts'
import type { AttemptRun } from '../../src/engine/attempt-run.ts'
import type { RunnerDeps } from '../../src/engine/deps.ts'
import { takePlace } from '../../src/engine/take-place.ts'
import { attempt, profile, repository, settings, task } from '../support/builders.ts'

const head = sha('a'.repeat(40))
const revision: Revision = {
  reason: 'base',
  head,
  onto: sha('c'.repeat(40)),
  remarks: [],
  log: '',
  by: null,
  at: instant(0),
}
const resume = { attempt: attempt().id, base: head, head, session: null }

const runOf = (over: Partial<Task>): AttemptRun => ({
  attempt: attempt({ n: 2 }),
  task: task({ resume, revision, ...over }),
  repository: repository(),
  base: head,
  approved: head,
  settings: settings(),
  profile: profile(),
  signal: new AbortController().signal,
  stillHeld: () => true,
  onPhase: () => {},
  onNews: () => {},
})

function depsWith(place: 'there' | 'gone' | 'broken'): RunnerDeps {
  const deps = {
    git: { merge: async () => ({ commit: head, conflicts: ['src/greet.ts'] }) },
    store: { bundle: async () => ({ base: head, head, bytes: new Uint8Array() }) },
    log: { warn: () => {} },
    workspace: {
      reopen: async () => (place === 'there' ? { worktree: '/w' } : null),
      prepare: async () => ({ worktree: '/fresh' }),
      layOut: async () => {
        if (place === 'broken') throw new Error('no such work')
      },
    },
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of a runner as is asked
  return deps as unknown as RunnerDeps
}

describe('the place of a merge that another attempt began', () => {
  it.each([
    ['there', 'same'],
    ['gone', 'brought'],
    ['broken', 'fresh'],
  ] as const)('that is %s tells what conflicted (%s)', async (place, how) => {
    const taken = await takePlace(runOf({}), depsWith(place))
    expect(taken).toMatchObject({ how, conflicts: ['src/greet.ts'] })
  })

  it('has no conflicts where nothing was merged', async () => {
    expect(await takePlace(runOf({ revision: null }), depsWith('there'))).toMatchObject({
      how: 'same',
      conflicts: [],
    })
  })
})
