/** Two prompts are made where a conversation may go on, and one of them is used: the other must harm nobody. */
import { expect, it } from 'vitest'
import { sha } from '../../src/domain/ids.ts'
import { Unauthorised, promptsFor } from '../../src/engine/prompt-for.ts'
import type { AttemptRun } from '../../src/engine/attempt-run.ts'
import { attempt, profile, repository, settings, task } from '../support/builders.ts'

it('a person who lost their rights fails the prompt that is used, and leaves no failure that nobody saw', async () => {
  const resume = { attempt: attempt().id, base: null, head: null, session: 's' }
  const run: AttemptRun = {
    attempt: attempt({ n: 2 }),
    task: task({ resume }),
    repository: repository(),
    base: sha('b'.repeat(40)),
    approved: sha('b'.repeat(40)),
    settings: settings(),
    profile: profile(),
    signal: new AbortController().signal,
    stillHeld: () => true,
    onPhase: () => {},
    onNews: () => {},
  }
  const place = { worktree: '/w', exchange: '/x' }
  const briefing = Promise.resolve({ refusal: '@ana may not write any more' })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of a place and a briefing as is looked at
  const where = { place, how: 'same', briefing } as unknown as Parameters<typeof promptsFor>[1]
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- likewise
  const store = { snapshot: async () => null } as unknown as Parameters<
    typeof promptsFor
  >[2]['store']
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- likewise
  const git = { fileAt: async () => null } as unknown as Parameters<typeof promptsFor>[2]['git']
  const { resume: going } = promptsFor(run, where, { store, git })
  // Vitest fails a run in which a rejection stays unseen: that of the whole prompt would be one.
  await expect(going?.prompt).rejects.toThrow(Unauthorised)
  await new Promise((resolve) => setImmediate(resolve))
})
