/** `npm run bench [-- --json]`: one table of medians and ratios, measured in one run, with the targets beside them. */
import { measureAcp } from './acp.ts'
import { measureAcks } from './acks.ts'
import { measureCommands } from './commands.ts'
import { measureCosts, measureIdle, measureReopen } from './costs.ts'
import { met, printTable, round } from './figures.ts'
import { measureEvents } from './events.ts'
import { measureFairness } from './fairness.ts'
import type { Figure } from './figures.ts'
import { measureHistories } from './histories.ts'
import { measureJail } from './jail.ts'
import { measureReconcile } from './reconcile.ts'
import { measureOnPostgres } from './on-postgres.ts'
import { measureRecovery } from './recovery.ts'
import { measureStarts } from './starts.ts'
import { measureStory } from './story.ts'
import { openBenchYard } from './yard.ts'

const json = process.argv.includes('--json')
const only = process.argv
  .find((argument) => argument.startsWith('--only='))
  ?.slice('--only='.length)

const yard = await openBenchYard()
const figures: Figure[] = []
const stages: readonly (readonly [name: string, run: () => Promise<readonly Figure[]>])[] = [
  ['starts', () => measureStarts(yard)],
  ['costs', () => measureCosts(yard)],
  ['story', () => measureStory(yard)],
  ['acks', () => measureAcks(yard, 'embedded')],
  ['reopen', () => measureReopen(yard)],
  ['idle', () => measureIdle(yard)],
  ['reconcile', () => measureReconcile()],
  ['histories', () => measureHistories()],
  ['commands', () => measureCommands()],
  ['recovery', () => measureRecovery(yard)],
  ['events', () => measureEvents()],
  ['fairness', () => measureFairness()],
  ['jail', () => measureJail()],
  ['acp', () => measureAcp()],
  ['postgres', () => measureOnPostgres()],
]
try {
  for (const [name, run] of stages) {
    if (only !== undefined && only !== name) continue
    if (!json) console.error(`measuring ${name} …`)
    // One that cannot be measured leaves the others' figures.
    figures.push(
      ...(await run().catch((error: unknown) => {
        console.error(`${name} could not be measured:`, error)
        process.exitCode = 1
        return []
      })),
    )
  }
} finally {
  await yard.stop()
}
if (json)
  console.log(
    JSON.stringify(
      figures.map((figure) => ({ ...figure, value: round(figure.value), met: met(figure) })),
      null,
      2,
    ),
  )
else printTable(figures)
process.exitCode = figures.every(met) ? 0 : 1
