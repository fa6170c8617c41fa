/** What the whole story of one task costs on GitHub: asked, answered, published, sent back, revised, merged. */
import type { Figure } from './figures.ts'
import { median } from './figures.ts'
import type { BenchYard } from './yard.ts'

const STORIES = 3
const MAINTAINER = 'ana'
const REVIEWER = 'ben'

const file = (path: string, text: string): string => `\`\`\`txt path=${path}\n${text}\n\`\`\`\n`

export async function measureStory(yard: BenchYard): Promise<readonly Figure[]> {
  const { emulator } = yard
  const repo = await yard.repository('story', { 'README.md': '# Story\n' })
  emulator.createUser({ login: REVIEWER, name: 'Ben' })
  emulator.addCollaborator(repo, REVIEWER, 'write')
  const spent: { requests: number; creations: number; points: number }[] = []
  for (let run = 0; run <= STORIES; run++) {
    const { number } = emulator.openIssue({
      repo,
      as: MAINTAINER,
      title: 'Say something',
      body: `${file(`${run}.txt`, 'Hello.')}\n${file(`${run}.txt`, 'Good day.')}`,
    })
    await emulator.whenIdle()
    const before = { ...emulator.journal.counters }
    await tell(yard, { repo, number, path: `${run}.txt` })
    const after = emulator.journal.counters
    // The first task makes the repository's labels and tokens, once.
    if (run === 0) continue
    spent.push({
      requests: after.requests - before.requests - (after.tokenMints - before.tokenMints),
      creations: after.creations - before.creations,
      points: after.points - before.points,
    })
  }
  const of = (key: 'requests' | 'creations' | 'points') => median(spent.map((each) => each[key]))
  return [
    {
      name: 'GitHub requests per whole story',
      value: of('requests'),
      unit: '',
      target: { atMost: 55 },
      how: `question, revision, merge; without mints and git; ${of('points')} points`,
    },
    {
      name: 'creations per whole story',
      value: of('creations'),
      unit: '',
      target: { atMost: 6 },
      how: 'two comments, two check runs, pull request, reply in a thread',
    },
  ]
}

interface Told {
  readonly repo: string
  readonly number: number
  readonly path: string
}

async function tell(yard: BenchYard, { repo, number, path }: Told): Promise<void> {
  const { emulator } = yard
  const at = { repo, number }
  const wears = (label: string) =>
    yard.until(`it wears ${label}`, () => emulator.labels(at).includes(label))
  const says = (words: string) =>
    yard.until(`it says ${words}`, () =>
      emulator.comments(at).some(({ body, user }) => user.type === 'Bot' && body.includes(words)),
    )
  yard.label(repo, number)
  await wears('yard:needs-answer')
  await says('one decision is yours')
  const answer = emulator.comment({ ...at, as: MAINTAINER, body: '/answer 2' })
  await wears('yard:needs-review')
  await yard.until('the answer is confirmed', () =>
    answer.reactions.some(({ content }) => content === '+1'),
  )
  const pull = emulator.pulls(repo).find((one) => one.pull.head.ref === `yardmaster/${number}`)
  if (pull === undefined) throw new Error('in review without a pull request')
  const ours = { repo, number: pull.number }
  const { sha } = pull.pull.head
  await yard.until('its check stands', () => emulator.checks(repo, sha).length > 0)
  await emulator.review({
    ...ours,
    as: REVIEWER,
    event: 'REQUEST_CHANGES',
    body: 'Nearly.',
    comments: [{ path, line: 1, side: 'RIGHT', body: file(path, 'Good evening.') }],
  })
  await yard.until('it has a new head', () => pull.pull.head.sha !== sha)
  await yard.until('the reviewer is asked again', () =>
    pull.pull.requestedReviewers.some(({ login }) => login === REVIEWER),
  )
  await wears('yard:needs-review')
  await yard.until(
    'the new head has its check',
    () => emulator.checks(repo, pull.pull.head.sha).length > 0,
  )
  await emulator.merge({ ...ours, as: MAINTAINER })
  await wears('yard:done')
  await emulator.whenIdle()
}
