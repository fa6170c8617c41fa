/** `node prove/flip-bytes.ts [times] [seed]`: damages a byte of a stopped store each time; it may refuse or shrug, never lie (F17). */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '../src/store/embedded.ts'
import { systemClock } from '../src/system/clock.ts'
import { diceOf } from '../test/github/webhook-payloads.ts'
import { quiet } from '../test/store/bench.ts'
import { flipByte } from '../test/store/flip-byte.ts'
import { live } from '../test/store/live-history.ts'
import { copyStore } from '../test/support/store-template.ts'

const times = Number(process.argv[2] ?? 1_000)
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000)
const base = mkdtempSync(join(tmpdir(), 'yard-flip-'))
const [whole, folder] = [join(base, 'whole'), join(base, 'flipped')]
await copyStore(whole)
const store = await openEmbedded({ folder: whole, clock: systemClock, log: quiet })
await live(store, 5)
await store.close()
const dice = diceOf(seed)
const outcomes: Record<string, number> = {}
for (let n = 0; n < times; n += 1) {
  rmSync(folder, { recursive: true, force: true })
  cpSync(whole, folder, { recursive: true })
  const outcome = await flipByte({ whole, folder, dice })
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  if (outcome === 'silently wrong') process.stdout.write(`number ${n} of seed ${seed} lied\n`)
}
rmSync(base, { recursive: true })
process.stdout.write(`${JSON.stringify({ times, seed, ...outcomes })}\n`)
process.exitCode = (outcomes['silently wrong'] ?? 0) === 0 ? 0 : 1
