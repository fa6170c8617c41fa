/**
 * `npm run sim -- --runs 100000 --seed 1`: plays that many histories; the first that fails is shrunk and kept as a test.
 * `npm run sim -- --replay <file>`: plays one again and tells what happened in it.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { makeHistory } from './history.ts'
import type { History } from './history.ts'
import { play } from './play.ts'
import { seedOf } from './random.ts'
import { HANGS, runHistories } from './run.ts'
import { shrink } from './shrink.ts'

const FOUND = new URL('../test/sim/found/', import.meta.url)

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    replay: { type: 'string' },
  },
})
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
process.exitCode = values.replay === undefined ? await search() : await replay(values.replay)

async function search(): Promise<number> {
  const seed = Number(values.seed)
  const runs = Number(values.runs)
  const ran = await runHistories({ seed, runs, enough: 1, onProgress: progress(runs) })
  process.stderr.write('\n')
  const pace = `${(ran.played / ran.seconds).toFixed(0)} a second`
  console.log(
    `SEED=${seed} COMMIT=${commit}: ${ran.played} histories, ${ran.events} events, ${ran.seconds.toFixed(0)} s (${pace}), ${ran.failed.length} failed`,
  )
  const [first] = ran.failed
  if (first === undefined) return 0
  console.log(`\nhistory ${first.n} fails:\n  ${first.violations.join('\n  ')}\n\nshrinking it…`)
  const whole = makeHistory(seedOf(seed, first.n))
  const [violation = ''] = first.violations
  // One that hangs would hang here as well.
  const small = violation === HANGS ? whole : await shrink(whole, violation)
  const file = keep(small, `${seed}-${first.n}`)
  console.log(
    `${small.steps.length} steps are left. Kept as a test; to see what happens in it:\n  npm run sim -- --replay ${file}`,
  )
  return 1
}

function keep(history: History, name: string): string {
  mkdirSync(FOUND, { recursive: true })
  writeFileSync(new URL(`${name}.json`, FOUND), `${JSON.stringify(history, null, 2)}\n`)
  return `test/sim/found/${name}.json`
}

async function replay(file: string): Promise<number> {
  const history = JSON.parse(readFileSync(file, 'utf8')) as History
  const { journal, violations } = await play(history, true)
  console.log(journal.join('\n'))
  console.log(
    violations.length === 0
      ? '\nall that must hold holds'
      : `\nviolated:\n  ${violations.join('\n  ')}`,
  )
  return violations.length === 0 ? 0 : 1
}

/** One line that moves, for people; nothing where nobody looks. */
function progress(runs: number): (played: number, failed: number) => void {
  const began = performance.now()
  return (played, failed) => {
    if (!process.stderr.isTTY) return
    const rate = (played / (performance.now() - began)) * 1000
    process.stderr.write(
      `\r${played} of ${runs} histories, ${rate.toFixed(0)}/s, ${failed} failed `,
    )
  }
}
