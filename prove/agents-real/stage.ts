/** What a story is told with: waiting until GitHub shows something, each wait within the story's time. */
import type { Comment, PullIssue } from '../../src/emulator/emulator.ts'
import type { World } from './world.ts'

/** Each story has this long. Milliseconds. */
const STORY = 120_000
const LOOK = 50

/** What did not come about, in words. */
export class Missed extends Error {}

export interface Stage {
  readonly world: World
  /** Waits until the issue wears the label of that state. Throws `Missed` in time, or when it waits for a person elsewhere than `from`. */
  reach(at: IssueAt, state: string, from?: string): Promise<void>
  pullOf(at: IssueAt): Promise<PullIssue>
  says(at: IssueAt, words: RegExp): Promise<Comment>
  look<Found>(what: string, find: () => Found | undefined): Promise<Found>
}

export interface IssueAt {
  readonly repo: string
  readonly number: number
}

export function openStage(world: World): Stage {
  const { emulator } = world
  const end = performance.now() + STORY
  const comments = (at: IssueAt): readonly Comment[] =>
    emulator.comments(at).filter(({ user }) => user.type === 'Bot')

  async function look<Found>(what: string, find: () => Found | undefined): Promise<Found> {
    for (;;) {
      const found = find()
      if (found !== undefined) return found
      if (performance.now() > end)
        throw new Missed(`waited ${STORY / 1000} s for ${what}; ${lastAsked()}`)
      await new Promise((resolve) => setTimeout(resolve, LOOK))
    }
  }

  /** Where the agent is: what it asked of its model last. */
  function lastAsked(): string {
    const last = world.model.heard.findLast(({ conversation }) => conversation !== null)
    return last === undefined
      ? 'the model was asked nothing'
      : `the model was asked ${world.model.heard.length} times, and last did ${JSON.stringify(last.step).slice(0, 200)}`
  }

  return {
    world,
    look,
    async reach(at, state, from) {
      await look(`#${at.number} to be ${state}`, () => {
        const labels = emulator.labels(at)
        const now = labels.find((label) => label.startsWith('yard:'))
        if (now === `yard:${state}`) return true
        // A story that ended elsewhere waits for nothing any more.
        if (now !== undefined && now !== `yard:${from ?? ''}` && ENDS.has(now))
          throw new Missed(`it is ${now}: ${words(comments(at).at(-1)?.body ?? '')}`)
        return undefined
      })
    },
    pullOf: ({ repo, number }) =>
      look(`the pull request of #${number}`, () =>
        emulator.pulls(repo).find(({ pull }) => pull.head.ref === `yardmaster/${number}`),
      ),
    says: (at, pattern) =>
      look(`a comment that says ${pattern.source}`, () =>
        comments(at).find(({ body }) => pattern.test(body)),
      ),
  }
}

const ENDS: ReadonlySet<string> = new Set(['yard:failed', 'yard:needs-answer', 'yard:needs-review'])

const words = (markdown: string): string =>
  markdown
    .replaceAll(/<!--[^]*?-->/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 600)
