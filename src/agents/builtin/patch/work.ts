/** The whole of builtin:patch: an issue's words and a worktree in, a typed end out. It does what the blocks say, all of it or nothing, and asks where they say two things or none. */
import { askedInWords } from '../../../domain/question.ts'
import type { Asked } from '../../../domain/question.ts'
import { givenAnswers, givenRemarks, type Given } from '../../answer-sections.ts'
import { issueSection } from '../../issue-section.ts'
import { checkWish, type Change } from './changes.ts'
import type { Block } from './blocks.ts'
import { readBlocksInTime } from './read-blocks.ts'
import { settle } from './settle.ts'
import { readWishes, type Wish } from './wishes.ts'
import { writeChanges } from './write-changes.ts'

export type WorkEnd =
  | { readonly kind: 'done'; readonly summary: string }
  | { readonly kind: 'needs'; readonly question: Asked }
  | { readonly kind: 'failed'; readonly error: string }

export interface Step {
  readonly text: string
  readonly status: 'pending' | 'in_progress' | 'completed'
}

export interface Work {
  readonly prompt: string
  readonly worktree: string
  /** Rejects the work at its next step; what was written is taken back. */
  readonly signal: AbortSignal
  readonly onPlan: (steps: readonly Step[]) => Promise<void>
}

const SHOWN_FILES = 30
const SHOWN_PROBLEMS = 10

const HOW =
  'Write the change into the issue as a fenced block: a unified diff in a fence marked `diff`, or a whole file in a fence that names its path, such as `js path=src/a.js`.'

export async function work({ prompt, worktree, signal, onPlan }: Work): Promise<WorkEnd> {
  const plan = drawPlan(onPlan)
  await plan.start('Read the issue')
  const given = givenAnswers(prompt)
  // The issue's own blocks were applied on the way to the pull request; what is wanted now stands in the remarks.
  const remarks = givenRemarks(prompt)
  const words = remarks.length === 0 ? issueSection(prompt) : remarks.join('\n\n')
  const reading = await readBlocksInTime(words, signal)
  const answered = await readAnswers(given, reading?.blocks.length ?? 0, signal)
  if (reading === null || answered === null)
    return failed(
      'The issue takes too long to read. Nest fewer lists and quotes around the blocks.',
    )
  const blocks = [...reading.blocks, ...answered]
  if (blocks.length === 0)
    return { kind: 'needs', question: askedInWords(nothing(reading.unmarked)) }

  await plan.start(`Check ${plural(blocks.length, 'block')} against the files`)
  const { wishes, problems } = readWishes(blocks)
  if (problems.length > 0) return refused(problems)
  const distinct = withoutRepeats(wishes)
  const isNew = ({ block }: Wish): boolean => answered.includes(block)
  const settled = await settle(
    worktree,
    { written: distinct.filter((wish) => !isNew(wish)), added: distinct.filter(isNew) },
    given,
  )
  if (settled.kind === 'asks') return { kind: 'needs', question: settled.question }

  const changes: Change[] = []
  const misfits: string[] = []
  for (const wish of settled.wishes) {
    signal.throwIfAborted()
    const checked = await checkWish(worktree, wish)
    if (checked.kind === 'ready') changes.push(...checked.changes)
    else misfits.push(checked.words)
  }
  if (misfits.length > 0) return refused(misfits)
  if (changes.length === 0)
    return failed('Every file is already as the issue wants it; nothing was changed.')

  await plan.expect(changes.map(stepOf))
  await writeChanges(worktree, changes, async (change) => {
    signal.throwIfAborted()
    await plan.finish(stepOf(change))
  })
  await plan.close()
  return { kind: 'done', summary: summarise(changes) }
}

const stepOf = (change: Change): string =>
  `${change.content === null ? 'Delete' : 'Write'} ${change.path}`

const failed = (error: string): WorkEnd => ({ kind: 'failed', error })

const refused = (problems: readonly string[]): WorkEnd => {
  const more = problems.length - SHOWN_PROBLEMS
  return failed(
    [
      'Nothing was changed, because not everything in the issue can be applied:',
      ...problems.slice(0, SHOWN_PROBLEMS).map((problem) => `- ${problem}`),
      ...(more > 0 ? [`- … and ${more} more.`] : []),
    ].join('\n'),
  )
}

/** Blocks in answers, numbered on from those of the issue's own. Null: they take too long to read. */
async function readAnswers(
  given: readonly Given[],
  before: number,
  signal: AbortSignal,
): Promise<readonly Block[] | null> {
  const all: Block[] = []
  for (const { text } of given) {
    const reading = await readBlocksInTime(text, signal)
    if (reading === null) return null
    const first = before + all.length
    all.push(...reading.blocks.map((block) => ({ ...block, number: first + block.number })))
  }
  return all
}

function nothing(unmarked: readonly string[]): string {
  const hint =
    unmarked.length > 0
      ? ` The fence that begins with \`${unmarked[0]}\` looks like a diff, but is not marked \`diff\`.`
      : ''
  return `What shall be changed? I apply changes that are written in the issue, and found none.${hint} ${HOW}`
}

/** The same block twice is said twice, not meant twice. */
function withoutRepeats(wishes: readonly Wish[]): readonly Wish[] {
  const seen = new Set<string>()
  return wishes.filter((wish) => {
    const { block: _, ...meaning } = wish
    const key = JSON.stringify(meaning)
    return seen.has(key) ? false : seen.add(key)
  })
}

function summarise(changes: readonly Change[]): string {
  const lines = changes.slice(0, SHOWN_FILES).map(({ path, words }) => `- \`${path}\`: ${words}`)
  const more = changes.length - SHOWN_FILES
  return [
    `Applied the changes written in the issue to ${plural(changes.length, 'file')}:`,
    '',
    ...lines,
    ...(more > 0 ? [`- … and ${more} more`] : []),
  ].join('\n')
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** The steps as they are known so far; each change of them is told. */
function drawPlan(onPlan: Work['onPlan']) {
  let steps: readonly Step[] = []
  const tell = (next: readonly Step[]): Promise<void> => {
    steps = next
    return onPlan(next.slice(0, SHOWN_FILES))
  }
  const done = (step: Step): Step => ({ ...step, status: 'completed' })
  return {
    start: (text: string) => tell([...steps.map(done), { text, status: 'in_progress' }]),
    expect: (texts: readonly string[]) =>
      tell([...steps.map(done), ...texts.map((text) => ({ text, status: 'pending' as const }))]),
    finish: (text: string) => tell(steps.map((step) => (step.text === text ? done(step) : step))),
    close: () => tell(steps.map(done)),
  }
}
