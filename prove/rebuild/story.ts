/**
 * One random history: issues in many states, a store that is lost, a world that goes on meanwhile, a rebuild, and on
 * to quiet. Gives what is wrong in the end, as sentences; none when all is well.
 */
import type { StateKind } from '../../src/domain/task.ts'
import { chanceOf } from './random.ts'
import type { Chance } from './random.ts'
import { duplicatesIn } from './duplicates.ts'
import { MAINTAINER, STRANGER, openLosingWorld } from './world.ts'
import type { LosingWorld } from './world.ts'

const KINDS = [
  'in-review',
  'merged',
  'closed',
  'failed',
  'stays',
  'early',
  'withdrawn',
  'refused',
  'held',
  'asked',
] as const
type Kind = (typeof KINDS)[number] | 'before'

interface Planned {
  readonly number: number
  readonly kind: Kind
  /** In which state it is to be in the end; null: no task at all. */
  end: StateKind | null
}

export interface Outcome {
  readonly wrong: readonly string[]
  readonly issues: number
  readonly kinds: readonly Kind[]
}

export async function proveOne(seed: number): Promise<Outcome> {
  const chance = chanceOf(seed)
  const world = await openLosingWorld()
  try {
    const story = new Story(world, chance)
    await story.begin()
    await story.fill(5 + chance.below(5))
    await world.lose(chance.often(0.5))
    await story.goOnMeanwhile()
    await world.rebuild()
    await world.letGo()
    await story.end()
    const wrong = [
      ...(await story.wrongStates()),
      ...duplicatesIn(world.emulator, story.repo),
      ...world.emulator.violations.map(({ what, detail }) => `wrong use: ${what} ${detail}`),
    ]
    return { wrong, issues: story.planned.length, kinds: story.planned.map(({ kind }) => kind) }
  } finally {
    await world.letGo()
    await world.close()
  }
}

class Story {
  repo = ''
  readonly planned: Planned[] = []
  readonly #world: LosingWorld
  readonly #chance: Chance

  constructor(world: LosingWorld, chance: Chance) {
    this.#world = world
    this.#chance = chance
  }

  /** A repository in which an issue wears the label already: that one is never started. */
  async begin(): Promise<void> {
    const { emulator } = this.#world
    this.repo = await this.#world.repository('shop', (repo) => {
      const number = this.#open('before', repo)
      emulator.label({ repo, number, as: MAINTAINER, label: 'yardmaster' })
    })
    await emulator.whenIdle()
    await this.#look()
    await this.#nextSecond()
  }

  async fill(count: number): Promise<void> {
    for (let made = 0; made < count; made += 1) await this.#make(this.#chance.pick(KINDS))
    // Somebody copies what we wrote, hidden parts and all, to its own issue and to others.
    for (const { number } of this.planned) {
      const [body] = this.#bot(number)
      if (body === undefined || !this.#chance.often(0.3)) continue
      const other = this.#chance.pick(this.planned).number
      for (const to of [number, other])
        this.#world.emulator.comment({ repo: this.repo, number: to, as: STRANGER, body })
    }
  }

  async goOnMeanwhile(): Promise<void> {
    const { emulator } = this.#world
    await this.#nextSecond()
    const as = MAINTAINER
    for (const one of this.planned) {
      const at = { repo: this.repo, number: one.number }
      const chance = this.#chance.below(10)
      if (one.kind === 'in-review' && chance < 3) {
        await emulator.merge({ repo: this.repo, as, number: this.#pullOf(one.number) })
        one.end = 'done'
      } else if (one.kind === 'in-review' && chance < 5) {
        emulator.editIssue({ ...at, as, body: 'Edited while it waits for review.' })
      } else if (one.kind === 'stays' && chance < 2) {
        emulator.editIssue({ ...at, as, body: 'Do something else.' })
        one.end = 'held'
      } else if (one.kind === 'stays' && chance < 4) {
        if (chance === 2) emulator.closeIssue({ ...at, as })
        else emulator.unlabel({ ...at, as, label: 'yardmaster:stays' })
        one.end = 'cancelled'
      }
    }
    if (this.#chance.often(0.7)) {
      const number = this.#open('early', this.repo)
      emulator.label({ repo: this.repo, number, as, label: 'yardmaster' })
    }
    if (this.#chance.often(0.3)) {
      emulator.renameRepository({ repo: this.repo, as, name: 'renamed' })
      this.repo = this.repo.replace(/[^/]+$/, 'renamed')
    }
  }

  /** Some of the questions that are open are answered now, when nobody remembers asking them. */
  async #answer(): Promise<void> {
    const { emulator } = this.#world
    await this.#nextSecond()
    for (const one of this.planned) {
      if (one.kind !== 'asked' || this.#chance.often(0.4)) continue
      emulator.comment({ repo: this.repo, number: one.number, as: MAINTAINER, body: '/answer 2' })
      one.end = 'in-review'
    }
    await emulator.whenIdle()
  }

  async end(): Promise<void> {
    await this.#answer()
    for (const pass of [1, 2]) {
      await this.#look()
      await this.#world.until(`all is at rest after pass ${pass}`, async () => {
        const tasks = await this.#world.running().store.list({})
        return tasks.every(({ state }) => RESTING.has(state.kind))
      })
    }
    await this.#world.until('everything is shown', async () => {
      const { store } = this.#world.running()
      return (
        (await store.projections.stale(1)).length === 0 && (await store.pending(1)).length === 0
      )
    })
  }

  async wrongStates(): Promise<readonly string[]> {
    const wrong: string[] = []
    for (const { number, kind, end } of this.planned) {
      const task = await this.#world.task(this.repo, number)
      const state = task?.state.kind ?? null
      if (state !== end)
        wrong.push(
          `#${number} (${kind}) is ${state ?? 'unknown'} and not ${end ?? 'unknown'}: ${task === null ? '' : JSON.stringify(task.state)}`,
        )
      if (task !== null && task.failures > (kind === 'failed' ? 1 : 0))
        wrong.push(`#${number} (${kind}) lost an attempt: ${task.failures} failures`)
    }
    return wrong
  }

  async #make(kind: (typeof KINDS)[number]): Promise<void> {
    const { emulator } = this.#world
    const number = this.#open(kind, this.repo)
    const at = { repo: this.repo, number }
    const label = kind === 'stays' ? 'yardmaster:stays' : 'yardmaster'
    if (kind === 'held') {
      await emulator.webhooks.knobs.silently(async () => {
        emulator.label({ ...at, as: MAINTAINER, label })
        await this.#nextSecond()
        emulator.editIssue({ ...at, as: MAINTAINER, body: 'Edited after the label.' })
      })
      await this.#look()
      return this.#shows(number, '### Held')
    }
    emulator.label({ ...at, as: kind === 'refused' ? STRANGER : MAINTAINER, label })
    switch (kind) {
      case 'in-review':
        return this.#shows(number, 'waits for review')
      case 'merged':
      case 'closed': {
        await this.#shows(number, 'waits for review')
        const pull = { repo: this.repo, as: MAINTAINER, number: this.#pullOf(number) }
        if (kind === 'closed') emulator.closePull(pull)
        else await emulator.merge(pull)
        return this.#shows(number, kind === 'merged' ? '### Done' : '### Withdrawn')
      }
      case 'failed':
        await this.#shows(number, '### Failed')
        return this.#shows(number, 'this task has failed')
      case 'asked':
        await this.#shows(number, 'one decision is yours')
        return this.#shows(number, '### A question waits')
      case 'withdrawn':
        await this.#shows(number, '### ')
        emulator.unlabel({ ...at, as: MAINTAINER, label })
        return this.#shows(number, '### Withdrawn')
      case 'refused':
        return this.#shows(number, 'nothing was started')
      case 'stays':
        return this.#chance.often(0.7) ? this.#shows(number, '### ') : undefined
      case 'early':
        return
      default:
        return kind satisfies never
    }
  }

  #open(kind: Kind, repo: string): number {
    const name = `file-${this.planned.length}`
    const block = (text: string): string => `\`\`\`txt path=${name}.txt\n${text}\n\`\`\`\n`
    const body =
      kind === 'asked'
        ? `${block('one')}\nor\n\n${block('two')}`
        : kind === 'failed'
          ? 'Please.\n\n```diff\n--- a/README.md\n+++ b/README.md\n@@ -1,1 +1,1 @@\n-# Never there\n+# Another\n```\n'
          : `Please.\n\n${block(name)}`
    const { number } = this.#world.emulator.openIssue({ repo, as: STRANGER, title: name, body })
    this.planned.push({ number, kind, end: ENDS[kind] })
    return number
  }

  #bot(number: number): readonly string[] {
    return this.#world.emulator
      .comments({ repo: this.repo, number })
      .filter(({ user }) => user.type === 'Bot')
      .map(({ body }) => body)
  }

  async #shows(number: number, text: string): Promise<void> {
    await this.#world.until(`#${number} says ${text}; it says ${this.#bot(number).join('|')}`, () =>
      this.#bot(number).some((body) => body.includes(text)),
    )
  }

  #pullOf(number: number): number {
    const pulls = this.#world.emulator.pulls(this.repo)
    return pulls.find(({ pull }) => pull.head.ref === `yardmaster/${number}`)?.number ?? 0
  }

  #look = (): Promise<void> => this.#world.running().engine.reconcile()

  /** GitHub tells moments in whole seconds: what must be later than something has to be in another one. */
  async #nextSecond(): Promise<void> {
    const second = Math.floor(Date.now() / 1_000)
    await this.#world.until('the next second', () => Math.floor(Date.now() / 1_000) > second)
  }
}

const RESTING: ReadonlySet<StateKind> = new Set([
  'held',
  'parked',
  'in-review',
  'done',
  'failed',
  'cancelled',
])

const ENDS: Readonly<Record<Kind, StateKind | null>> = {
  'in-review': 'in-review',
  merged: 'done',
  closed: 'cancelled',
  failed: 'failed',
  stays: 'in-review',
  early: 'in-review',
  withdrawn: 'cancelled',
  refused: 'cancelled',
  held: 'held',
  asked: 'parked',
  before: null,
}
