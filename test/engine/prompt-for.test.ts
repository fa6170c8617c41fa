/** Two prompts are made where a conversation may go on, and one of them is used: the other must harm nobody. */
import { describe, expect, it } from 'vitest'
import { instant, sha } from '../../src/domain/ids.ts'
import type { Task } from '../../src/domain/task.ts'
import { Unauthorised, promptsFor } from '../../src/engine/prompt-for.ts'
import type { AttemptRun } from '../../src/engine/attempt-run.ts'
import { attempt, profile, report, repository, settings, task } from '../support/builders.ts'

it('a person who lost their rights fails the prompt that is used, and leaves no failure that nobody saw', async () => {
  const { resume: going } = promptsFor(runOf({}), where('@ana may not write any more'), deps)
  // Vitest fails a run in which a rejection stays unseen: that of the whole prompt would be one.
  await expect(going?.prompt).rejects.toThrow(Unauthorised)
  await new Promise((resolve) => setImmediate(resolve))
})

describe('an answer', () => {
  const answer = {
    n: 1,
    question: 'Which greeting?',
    text: 'Hello',
    choice: 1,
    by: { id: 1, login: 'ana', kind: 'person' },
    at: instant(0),
  } as const
  const asked = { asked: 1, answers: [answer], report: report({ end: { kind: 'parked' } }) }
  const whatIsSaid = async (over: Partial<Task>) => {
    const { answer: told, resume: going } = promptsFor(runOf(over), where(null), deps)
    return { told, said: await going?.prompt }
  }

  it('is told to the attempt that follows the question', async () => {
    const { told, said } = await whatIsSaid(asked)
    expect(told).toEqual(answer)
    expect(said).toContain('Hello')
  })

  it('is good for that attempt only: what it permitted may be done already', async () => {
    const held = { ...asked, report: report({ end: { kind: 'failed', failure: 'rate' } }) }
    const { told, said } = await whatIsSaid(held)
    expect(told).toBeNull()
    expect(said).toMatch(/^Your work was interrupted through no fault of yours/)
  })

  it('to an earlier question is none to the one that was asked last', async () => {
    const { told, said } = await whatIsSaid({ ...asked, asked: 2 })
    expect(told).toBeNull()
    expect(said).toMatch(/^Nobody has answered/)
  })
})

it('a conversation is gone on with by the program that held it, and in its place', () => {
  const resumed = (over: Partial<Task>, how: 'same' | 'brought' = 'same') =>
    promptsFor(runOf(over), where(null, how), deps).resume?.session ?? null
  const resume = { ...LEFT, profile: 'claude' }
  expect(resumed({ resume })).toBe('s')
  expect(resumed({ resume }, 'brought')).toBeNull()
  expect(resumed({ resume: { ...resume, profile: 'another' } })).toBeNull()
})

const LEFT = { attempt: attempt().id, base: null, head: null, session: 's' }

function runOf(over: Partial<Task>): AttemptRun {
  return {
    attempt: attempt({ n: 2 }),
    task: task({ resume: LEFT, ...over }),
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
}

function where(
  refusal: string | null,
  how: 'same' | 'brought' = 'same',
): Parameters<typeof promptsFor>[1] {
  const place = { worktree: '/w', exchange: '/x' }
  const briefing = Promise.resolve({ refusal, comments: [] })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of a place and a briefing as is looked at
  return { place, how, briefing, conflicts: [], aside: [] } as unknown as Parameters<
    typeof promptsFor
  >[1]
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of a store and of git as is asked
const deps = {
  store: { snapshot: async () => null },
  git: { fileAt: async () => null },
} as unknown as Parameters<typeof promptsFor>[2]
