/** The demo's story told by itself: two issues become pull requests, one is merged, the third one says why it waits. */
import type { Task } from '../../domain/task.ts'
import type { LocalWorld } from '../local-world.ts'
import { CommandEnd, EXIT } from '../exit.ts'
import { MAINTAINER, REPOSITORY } from './seed.ts'

/** The whole story takes some ten seconds on a small machine; past this something hangs. Milliseconds. */
const DEADLINE = 90_000
const LOOK = 50

const REPO = `${REPOSITORY.owner}/${REPOSITORY.name}`

export interface Narrator {
  /** Something that a person did. */
  readonly did: (text: string) => void
  readonly saw: (text: string) => void
}

/** Throws `CommandEnd` with the reason when a step does not come about. */
export async function tellStory(world: LocalWorld, tell: Narrator): Promise<void> {
  const { emulator } = world
  const end = performance.now() + DEADLINE
  const label = (number: number): void => {
    tell.did(`${MAINTAINER} sets the label \`yardmaster\` on #${number}`)
    emulator.label({ repo: REPO, number, as: MAINTAINER, label: 'yardmaster' })
  }
  const reach = (number: number, kind: Task['state']['kind']) =>
    reachState(world, { number, kind, end })
  const reads = (number: number, text: string) =>
    look(`the status comment of #${number} to say "${text}"`, end, () =>
      emulator.comments({ repo: REPO, number }).find((comment) => comment.body.includes(text)),
    )

  label(1)
  const first = await reach(1, 'in-review')
  if (first.state.kind !== 'in-review') throw new Error('the state was asked for')
  const { pull } = first.state
  tell.saw(`#${pull.number} is open with its evidence: ${pull.url}`)
  const run = await look(
    'the check run on its head',
    end,
    () => emulator.checks(REPO, pull.head)[0],
  )
  tell.saw(`its check \`${run.name}\` says: ${run.output.title ?? run.conclusion ?? run.status}`)

  label(2)
  await reach(2, 'in-review')

  tell.did(`${MAINTAINER} merges #${pull.number}`)
  await emulator.merge({ repo: REPO, number: pull.number, as: MAINTAINER })
  await reach(1, 'done')
  if (emulator.issue({ repo: REPO, number: 1 }).state !== 'closed') {
    throw new CommandEnd(`The merge of #${pull.number} did not close #1.`, EXIT.wrong)
  }
  tell.saw('the merge closed #1')

  label(3)
  await reach(3, 'queued')
  const comment = await reads(3, '24 hours')
  const why = comment.body.split('\n').find((line) => line.includes('24 hours')) ?? ''
  tell.saw(`#3 waits, and its status comment says why: "${why.replaceAll(/[*_>]/g, '').trim()}"`)
}

async function reachState(
  world: LocalWorld,
  wanted: { readonly number: number; readonly kind: Task['state']['kind']; readonly end: number },
): Promise<Task> {
  const { number, kind, end } = wanted
  return look(`#${number} to become ${kind}`, end, async () => {
    const task = (await world.yardmaster().store.list({})).find((one) => one.number === number)
    if (task?.state.kind === kind) return task
    if (task?.state.kind === 'failed') {
      throw new CommandEnd(`#${number} failed: ${task.state.reason}`, EXIT.wrong)
    }
    return undefined
  })
}

async function look<Found>(
  what: string,
  end: number,
  find: () => Found | undefined | Promise<Found | undefined>,
): Promise<Found> {
  for (;;) {
    const found = await find()
    if (found !== undefined) return found
    if (performance.now() > end) {
      throw new CommandEnd(`Waited ${DEADLINE / 1000} s in vain for ${what}.`, EXIT.wrong)
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK))
  }
}
