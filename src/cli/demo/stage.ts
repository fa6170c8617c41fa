/** What the demo's story is told with: people's deeds on the emulator, and waiting until GitHub shows what they led to. */
import type { Comment, Emulator, PullIssue } from '../../emulator/emulator.ts'
import { CommandEnd, EXIT } from '../exit.ts'
import { MAINTAINER } from './seed.ts'
import { DEMO_REPOSITORY } from './world.ts'
import type { DemoWorld } from './world.ts'

/** The whole story takes less than half a minute on an idle machine of two cores; CI ends it after 120 s. Milliseconds. */
const DEADLINE = 90_000
const LOOK = 50
/** Nothing was asked of GitHub for that long: nothing is under way. Above the pace of writes. Milliseconds. */
const QUIET = 1_000

export interface Narrator {
  /** Something that a person did. */
  readonly did: (text: string) => void
  readonly saw: (text: string) => void
}

/** Whatever waits throws `CommandEnd` with the reason when it does not come about. */
export interface Stage extends Narrator {
  readonly world: DemoWorld
  readonly label: (number: number) => void
  /** Waits until the issue wears the label of that state. */
  readonly reach: (number: number, state: string) => Promise<void>
  /** The pull request of an issue, once it is open. */
  readonly pullOf: (number: number) => Promise<PullIssue>
  /** A comment of Yardmaster's on the issue that matches. */
  readonly says: (number: number, words: RegExp) => Promise<Comment>
  /** Waits until Yardmaster has written and asked all that it had to. */
  readonly quiet: () => Promise<void>
  readonly look: <Found>(what: string, find: () => Found | undefined) => Promise<Found>
}

export function openStage(world: DemoWorld, narrator: Narrator): Stage {
  const { emulator } = world
  const end = performance.now() + DEADLINE
  const at = (number: number) => ({ repo: DEMO_REPOSITORY, number })

  async function look<Found>(what: string, find: () => Found | undefined): Promise<Found> {
    for (;;) {
      const found = find()
      if (found !== undefined) return found
      if (performance.now() > end) {
        throw new CommandEnd(
          `Waited in vain for ${what}; the story had ${DEADLINE / 1000} s.`,
          EXIT.wrong,
        )
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK))
    }
  }

  return {
    ...narrator,
    world,
    look,
    label(number) {
      narrator.did(`${MAINTAINER} sets the label \`yardmaster\` on #${number}`)
      emulator.label({ ...at(number), as: MAINTAINER, label: 'yardmaster' })
    },
    reach: (number, state) =>
      look(`#${number} to be ${state}`, () => {
        const labels = emulator.labels(at(number))
        if (labels.includes('yard:failed')) {
          const last = byApp(emulator, number).at(-1)?.body ?? ''
          throw new CommandEnd(`#${number} failed: ${last}`, EXIT.wrong)
        }
        return labels.includes(`yard:${state}`) ? true : undefined
      }).then(() => {}),
    pullOf: (number) =>
      look(`the pull request of #${number}`, () =>
        emulator
          .pulls(DEMO_REPOSITORY)
          .find(({ pull }) => pull.head.ref === `yardmaster/${number}`),
      ),
    says: (number, words) =>
      look(`a comment on #${number} that says ${words.source}`, () =>
        byApp(emulator, number).find(({ body }) => words.test(body)),
      ),
    async quiet() {
      await emulator.whenIdle()
      const { counters } = emulator.journal
      let heard = { requests: counters.requests, at: performance.now() }
      await look('Yardmaster to have nothing more to do', () => {
        const now = performance.now()
        if (heard.requests !== counters.requests) heard = { requests: counters.requests, at: now }
        return now - heard.at > QUIET ? true : undefined
      })
    },
  }
}

const byApp = (emulator: Emulator, number: number): readonly Comment[] =>
  emulator.comments({ repo: DEMO_REPOSITORY, number }).filter(({ user }) => user.type === 'Bot')
