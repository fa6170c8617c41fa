/**
 * Kills Yardmaster without warning at random moments while tasks come in, and asks at the end whether every promise
 * has held: `node prove/kills.ts --kills=1000 --seed=7 [--store=postgres] [--minutes=60]`.
 */
import { parseArgs } from 'node:util'
import { killAtRandom } from './crash/kill-at-random.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    store: { type: 'string', default: 'embedded' },
    minutes: { type: 'string', default: '60' },
    jail: { type: 'string', default: 'none' },
  },
})
const told = await killAtRandom({
  kills: Number(values.kills),
  seed: Number(values.seed),
  store: values.store === 'postgres' ? 'postgres' : 'embedded',
  jail: values.jail === 'auto' ? 'auto' : 'none',
  minutes: Number(values.minutes),
  say: (line) => void process.stdout.write(`${line}\n`),
})
process.stdout.write(
  `seed ${values.seed}: ${told.kills} kills, ${told.tasks} tasks, ${told.agents} agents, ${told.violations.length} violations in ${told.seconds} s\n`,
)
for (const violation of told.violations) process.stdout.write(`  ${violation}\n`)
process.exitCode = told.violations.length === 0 ? 0 : 1
