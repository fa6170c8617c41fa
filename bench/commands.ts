/** What it takes to read a comment as commands, and whether hostile ones hold up the thread that serves. */
import { openCommandReader } from '../src/system/command-reader.ts'
import { watchTurns } from '../test/support/watch-turns.ts'
import { SLOW_COMMENTS } from '../test/system/slow-comments.ts'
import type { Figure } from './figures.ts'
import { median } from './figures.ts'

const LISTENING = { slug: 'yardmaster', commands: 'bare', place: 'issue' } as const
const COMMENTS = [
  '/retry',
  'Thanks, this looks good to me. One thing is left, see the list:\n\n- the name\n- the test\n\n/revise please rename `a` to `b`, and **test** it',
  '/answer Q7 the second, because:\n\n```ts\nconst a = 1\n```\n\n/priority high',
]
const RUNS = 200

export async function measureCommands(): Promise<readonly Figure[]> {
  const reader = openCommandReader()
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const began = performance.now()
    await reader.read(COMMENTS[run % COMMENTS.length] ?? '', LISTENING)
    times.push(performance.now() - began)
  }
  const longest = watchTurns()
  for (const body of SLOW_COMMENTS) {
    await reader.read(body, LISTENING)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const lag = longest()
  await reader.close()
  return [
    {
      name: "parser's time per comment",
      value: median(times),
      unit: 'ms',
      target: { atMost: 5 },
      how: `median of ${RUNS} comments with commands, there and back`,
    },
    {
      name: 'lag under hostile comments',
      value: lag,
      unit: 'ms',
      target: { atMost: 50 },
      how: `longest turn of the loop in CPU time, ${SLOW_COMMENTS.length} comments of up to 64 KiB`,
    },
  ]
}
