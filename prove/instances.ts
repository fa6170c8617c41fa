/**
 * Several Yardmasters on one PostgreSQL, each stopped and continued at random moments, also for longer than their
 * leases, and sometimes killed: `node prove/instances.ts --pauses=1000 --seed=7 [--instances=2] [--minutes=60]`.
 */
import { parseArgs } from 'node:util'
import { pauseAtRandom } from './crash/pause-at-random.ts'

const { values } = parseArgs({
  options: {
    pauses: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    instances: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '60' },
  },
})
const told = await pauseAtRandom({
  pauses: Number(values.pauses),
  seed: Number(values.seed),
  instances: Number(values.instances),
  minutes: Number(values.minutes),
  say: (line) => void process.stdout.write(`${line}\n`),
})
process.stdout.write(
  `seed ${values.seed}: ${told.pauses} pauses, ${told.kills} kills, ${told.tasks} tasks, ${told.taken} attempts taken over, ${told.violations.length} violations in ${told.seconds} s\n`,
)
for (const violation of told.violations) process.stdout.write(`  ${violation}\n`)
process.exitCode = told.violations.length === 0 ? 0 : 1
