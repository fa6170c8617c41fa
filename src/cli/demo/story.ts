/** The demo's story told by itself, each step seen on GitHub: three issues at once, a question over a death of the process, a wait, a revision, a merge, the board. */
import { CommandEnd, EXIT } from '../exit.ts'
import { oneLine } from '../terminal.ts'
import { MAINTAINER, REMARK, REVIEWER } from './seed.ts'
import { openStage } from './stage.ts'
import type { Narrator, Stage } from './stage.ts'
import { DEMO_REPOSITORY as repo } from './world.ts'
import type { DemoWorld } from './world.ts'

const STRAIGHT = 1
const ASKS = 2
const REVISED = 3
const WAITS = 4

/** The issues that are labelled at the beginning, all at once. */
export const AT_ONCE = [STRAIGHT, ASKS, REVISED] as const
const ALL = [...AT_ONCE, WAITS]

/** Throws `CommandEnd` with the reason when a step does not come about. */
export async function tellStory(world: DemoWorld, narrator: Narrator): Promise<void> {
  const stage = openStage(world, narrator)
  await startThree(stage)
  await answerOverADeath(stage)
  await waitForReviews(stage)
  await revise(stage)
  await merge(stage)
  await showBoard(stage)
  await stage.quiet()
}

async function startThree({ label, look, pullOf, reach, says, saw, world }: Stage): Promise<void> {
  for (const number of AT_ONCE) label(number)
  await reach(STRAIGHT, 'needs-review')
  const { html, number, pull } = shown(world, await pullOf(STRAIGHT))
  saw(`#${number} is open with its evidence: ${html}`)
  const run = await look('the check run on its head', () =>
    world.emulator.checks(repo, pull.head.sha).at(0),
  )
  saw(`its check \`${run.name}\` says: ${run.output.title ?? run.conclusion ?? run.status}`)
  await reach(REVISED, 'needs-review')
  await reach(ASKS, 'needs-answer')
  await says(ASKS, /^@ana, one decision is yours/)
  saw(`#${ASKS} asks ${MAINTAINER} in a comment of its own; its slot is free for other work`)
}

/** Whatever is under way when a process dies is taken up by the next one, but what was being created then is looked for during a minute: so it dies when all is quiet. */
async function answerOverADeath(stage: Stage): Promise<void> {
  const { did, look, pullOf, quiet, reach, saw, world } = stage
  const { emulator, part } = world
  await quiet()
  await part.kill()
  did('kill -9: the process of Yardmaster is gone, with the question open')
  did(`${MAINTAINER} comments \`/answer 2\` on #${ASKS}, which nobody hears`)
  const answer = emulator.comment({ repo, number: ASKS, as: MAINTAINER, body: '/answer 2' })
  await emulator.whenIdle()
  const { pid } = await world.live()
  did(`Yardmaster is started again (process ${pid})`)
  await reach(ASKS, 'needs-review')
  await look('the thumb on the answer', () =>
    answer.reactions.some(({ content }) => content === '+1') ? true : undefined,
  )
  const { number } = await pullOf(ASKS)
  const asked = emulator
    .comments({ repo, number: ASKS })
    .filter(({ body }) => body.includes('one decision is yours'))
  saw(`the answer was found, and #${number} does what it says; it was asked ${times(asked.length)}`)
}

async function waitForReviews({ label, saw, says }: Stage): Promise<void> {
  label(WAITS)
  const { body } = await says(WAITS, /wait for review/)
  const why = body.split('\n').find((line) => line.includes('wait for review')) ?? ''
  saw(`#${WAITS} waits, and its status comment says why: "${why.replaceAll(/[*_>]/g, '').trim()}"`)
}

async function revise(stage: Stage): Promise<void> {
  const { did, look, pullOf, reach, saw, world } = stage
  const { emulator } = world
  const { number, pull } = await pullOf(REVISED)
  const before = pull.head.sha
  did(`${REVIEWER} asks for changes of #${number}, with a comment on a line`)
  await emulator.review({
    repo,
    number,
    as: REVIEWER,
    event: 'REQUEST_CHANGES',
    body: 'Nearly.',
    comments: [REMARK],
  })
  await look(`a new head of #${number}`, () => (pull.head.sha === before ? undefined : true))
  const [thread] = emulator.threads({ repo, number })
  const reply = await look('a reply in the thread', () =>
    thread?.comments.find(({ user }) => user.type === 'Bot'),
  )
  await look(`${REVIEWER} to be asked again`, () =>
    pull.requestedReviewers.some(({ login }) => login === REVIEWER) ? true : undefined,
  )
  await reach(REVISED, 'needs-review')
  saw(
    `#${number} has a new head, its thread says "${oneLine(reply.body.replace(/<!--.*-->/s, ''))}", and ${REVIEWER} is asked again`,
  )
}

async function merge({ did, pullOf, reach, saw, world }: Stage): Promise<void> {
  const { emulator } = world
  const { number } = await pullOf(STRAIGHT)
  did(`${MAINTAINER} merges #${number}`)
  await emulator.merge({ repo, number, as: MAINTAINER })
  if (emulator.issue({ repo, number: STRAIGHT }).state !== 'closed')
    throw new CommandEnd(`The merge of #${number} did not close #${STRAIGHT}.`, EXIT.wrong)
  await reach(STRAIGHT, 'done')
  saw(`the merge closed #${STRAIGHT}, and there is room for #${WAITS}`)
  await reach(WAITS, 'needs-review')
}

async function showBoard({ look, saw, world: { board, emulator } }: Stage): Promise<void> {
  const columns = await look('the cards to lie where their issues stand', () => {
    const found = cards(emulator, board)
    const wanted = found.every(([number, column]) =>
      number === STRAIGHT ? column === 'Done' : column === 'In Review',
    )
    return found.length === ALL.length && wanted ? found : undefined
  })
  const words = columns.map(([number, column]) => `#${number} in ${column}`).join(', ')
  const address = `${emulator.url}/orgs/${board.owner}/projects/${board.project}`
  saw(`the board shows ${words}: ${address}`)
}

/** Issues with the columns that their cards lie in, by number. */
const cards = (
  emulator: DemoWorld['emulator'],
  board: DemoWorld['board'],
): readonly (readonly [number, string | null])[] =>
  emulator
    .project(board)
    .items.map(({ content: { number } }) => number)
    .toSorted((a, b) => a - b)
    .map((number) => [number, emulator.cardValue({ ...board, card: { repo, number } }, 'Status')])

const shown = ({ emulator }: DemoWorld, issue: Awaited<ReturnType<Stage['pullOf']>>) => ({
  number: issue.number,
  pull: issue.pull,
  html: `${emulator.url}/${repo}/pull/${issue.number}`,
})

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)
