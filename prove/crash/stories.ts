/** Short stories that pass every effect. Each arms its failpoint when the effect is next, and tells what must be true at the end. */
import type { BoardPlace } from '../../test/support/board.ts'
import type { Failpoint } from './failpoints.ts'
import type { Lane } from './lane.ts'
import { until } from './until.ts'
import { MAINTAINER, WATCHED } from './world.ts'
import type { TaskAt, World } from './world.ts'

interface Telling {
  readonly world: World
  readonly lane: Lane
  /** Unique in the world. */
  readonly name: string
  readonly point: Failpoint
  /** One of the profiles whose login is refused. */
  readonly refused?: string
}

export interface Told {
  readonly at: TaskAt
  /** What must be there once, and nothing more. */
  readonly ends: {
    readonly state: 'done' | 'failed' | 'cancelled' | 'in-review' | 'queued'
    readonly label: string | null
    readonly comments: number
    readonly pulls: number
    readonly checks: number
    /** On that board, in that column, its only card. */
    readonly card?: { readonly board: BoardPlace; readonly column: string }
  }
}

export type Story = (telling: Telling) => Promise<Told>

const HELLO = 'Please.\n\n```txt path=hello.txt\nHello.\n```\n'
const DOES_NOT_APPLY = `Please.

\`\`\`diff
--- a/README.md
+++ b/README.md
@@ -1,1 +1,1 @@
-# A title that was never there
+# Another
\`\`\`
`
const IN_REVIEW = {
  state: 'in-review',
  label: 'yard:needs-review',
  comments: 1,
  pulls: 1,
  checks: 1,
} as const
/** Which of the two only a person can say. */
const TWO = `\`\`\`txt path=hello.txt
Hello.
\`\`\`

\`\`\`txt path=hello.txt
Good day.
\`\`\`
`
const PROTECTED = `\`\`\`txt path=.npmrc
fund=false
\`\`\`
`
/** The status comment, and the one that asked. */
const AFTER_A_WORD = { ...IN_REVIEW, comments: 2 } as const
const DONE = { state: 'done', label: 'yard:done', comments: 1, pulls: 1, checks: 1 } as const

/** Waits for the status comment; lets the reconciler look as often as minutes would. */
async function says({ world, lane }: Telling, at: TaskAt, text: RegExp): Promise<void> {
  let looked = 0
  await until(
    () => `${at.repo} says ${String(text)}; it says ${world.comments(at).join('\n---\n')}`,
    async () => {
      if (world.comments(at).some((body) => text.test(body))) return true
      looked += 1
      if (looked % 50 === 0) await lane.reconcile()
      return false
    },
  )
}

async function merged(telling: Telling, at: TaskAt): Promise<void> {
  const { emulator } = telling.world
  await says(telling, at, /waits for review/)
  const [pull] = emulator.pulls(at.repo)
  if (pull === undefined) throw new Error(`${at.repo} has no pull request`)
  await emulator.merge({ repo: at.repo, number: pull.number, as: MAINTAINER })
  await says(telling, at, /^### Done/)
}

/** From the label to the merge. */
export const works: Story = async (telling) => {
  const { world, lane, name, point } = telling
  const repo = await installed(telling)
  await lane.arm(point)
  const at = await world.task({ name, repo, body: HELLO })
  await merged(telling, at)
  return { at, ends: DONE }
}

/** From the label to the pull request. */
export const opens: Story = async (telling) => {
  const { world, lane, name, point } = telling
  const repo = await installed(telling)
  await lane.arm(point)
  const at = await world.task({ name, repo, body: HELLO })
  await says(telling, at, /waits for review/)
  return { at, ends: IN_REVIEW }
}

async function installed({ world, lane, name }: Telling): Promise<string> {
  const repo = await world.repository(name)
  await lane.knows(repo)
  return repo
}

/** The App is installed; only then somebody labels. */
export const installs: Story = async (telling) => {
  const { world, lane, name, point } = telling
  await lane.arm(point)
  const repo = await installed(telling)
  const at = await world.task({ name, repo, body: HELLO })
  await says(telling, at, /waits for review/)
  return { at, ends: IN_REVIEW }
}

export const fails: Story = async (telling) => {
  const { world, lane, name, point } = telling
  const repo = await installed(telling)
  await lane.arm(point)
  const at = await world.task({ name, repo, body: DOES_NOT_APPLY })
  await says(telling, at, /^### Failed/)
  await says(telling, at, /this task has failed/)
  return { at, ends: { state: 'failed', label: 'yard:failed', comments: 2, pulls: 0, checks: 0 } }
}

/** The agent crashes once. */
export const retries: Story = async (telling) => {
  const { world, lane, name, point } = telling
  const repo = await installed(telling)
  await lane.arm(point)
  const at = await world.task({ name, repo, orders: { crashes: 1 }, label: WATCHED })
  await says(telling, at, /waits for review/)
  return { at, ends: IN_REVIEW }
}

/** A task whose agent works, and does for that many milliseconds. */
async function worked(
  { world, name }: Telling,
  repo: string,
  milliseconds: number,
): Promise<TaskAt> {
  const at = await world.task({ name, repo, orders: { milliseconds }, label: WATCHED })
  await until(
    () => 'the agent works',
    () => world.agents.of(name) > 0,
  )
  return at
}

/** The wish is taken back while the agent works. */
export const withdrawn: Story = async (telling) => {
  const { world, lane, point } = telling
  const repo = await installed(telling)
  const at = await worked(telling, repo, 90_000)
  await lane.arm(point)
  world.emulator.unlabel({ ...at, as: MAINTAINER, label: WATCHED })
  await says(telling, at, /^### (Cancelled|Withdrawn)/i)
  return { at, ends: { state: 'cancelled', label: null, comments: 1, pulls: 0, checks: 0 } }
}

/** The provider does not know us: the profile rests, and the task with it. */
export const refused: Story = async (telling) => {
  const { world, lane, name, point } = telling
  const repo = await installed(telling)
  await lane.arm(point)
  const label = `yardmaster:${telling.refused ?? ''}`
  const at = await world.task({ name, repo, orders: {}, label })
  await says(telling, at, /login was refused/)
  return { at, ends: { state: 'queued', label: 'yard:queued', comments: 1, pulls: 0, checks: 0 } }
}

/** No webhook tells of the merge. */
export const polled: Story = async (telling) => {
  const { world, lane, name, point } = telling
  const { emulator } = world
  const repo = await installed(telling)
  const at = await world.task({ name, repo, body: HELLO })
  await says(telling, at, /waits for review/)
  await lane.quiet()
  emulator.webhooks.knobs.muted = true
  try {
    const [pull] = emulator.pulls(repo)
    await emulator.merge({ repo, number: pull?.number ?? 0, as: MAINTAINER })
    await lane.arm(point)
    await lane.reconcile()
    await says(telling, at, /^### Done/)
  } finally {
    emulator.webhooks.knobs.muted = false
  }
  return { at, ends: DONE }
}

/** It dies while an agent works, and once more while it recovers from that. */
export const diesTwice: Story = async (telling) => {
  const { lane, point } = telling
  const repo = await installed(telling)
  const at = await worked(telling, repo, 700)
  await lane.arm(point, 'next')
  await lane.kill()
  await says(telling, at, /waits for review/)
  return { at, ends: IN_REVIEW }
}

/** It is asked to stop while an agent works, and dies over that. */
export const diesStopping: Story = async (telling) => {
  const { lane, point } = telling
  const repo = await installed(telling)
  const at = await worked(telling, repo, 700)
  await lane.arm(point)
  lane.signal('SIGTERM')
  await says(telling, at, /waits for review/)
  return { at, ends: IN_REVIEW }
}

/** The agent asks, and a person answers. */
export const asks: Story = async (telling) => {
  const { world, lane, name, point } = telling
  const repo = await installed(telling)
  await lane.arm(point)
  const at = await world.task({ name, repo, body: TWO })
  await says(telling, at, /one decision is yours/)
  world.emulator.comment({ ...at, as: MAINTAINER, body: '/answer 1' })
  await says(telling, at, /waits for review/)
  return { at, ends: AFTER_A_WORD }
}

/** What it changed is protected, and a person approves it. */
export const approved: Story = async (telling) => {
  const { world, lane, name, point } = telling
  const repo = await installed(telling)
  await lane.arm(point)
  const at = await world.task({ name, repo, body: PROTECTED })
  const asked = /\/approve [0-9a-f]{40}/
  await says(telling, at, asked)
  const [word = ''] = asked.exec(world.comments(at).join('\n')) ?? []
  world.emulator.comment({ ...at, as: MAINTAINER, body: word })
  await says(telling, at, /waits for review/)
  return { at, ends: AFTER_A_WORD }
}

/** An organisation's board follows it. */
export const carded: Story = async (telling) => {
  const { world, lane, name, point } = telling
  const board = world.board()
  const repo = await world.repository(name, { board })
  await lane.knows(repo)
  await lane.arm(point)
  const at = await world.task({ name, repo, body: HELLO })
  await says(telling, at, /waits for review/)
  return { at, ends: { ...IN_REVIEW, card: { board, column: 'In Review' } } }
}
