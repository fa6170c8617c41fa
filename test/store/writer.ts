/**
 * A process of its own that writes to an embedded store and says on its output what was acknowledged,
 * until it is killed: `writer.ts <folder> <round>`. With `hold` for the round it only holds the store.
 */
import { instant } from '../../src/domain/ids.ts'
import { chain, LEDGER_START } from '../../src/domain/ledger.ts'
import type { LedgerHead } from '../../src/domain/ledger.ts'
import type { Store } from '../../src/ports/store.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { systemClock } from '../../src/system/clock.ts'
import { quiet } from './bench.ts'
import { aCommit, aFact, anAct, aTask } from './samples.ts'

const [folder = '', round = ''] = process.argv.slice(2)
const store = await openEmbedded({ folder, clock: systemClock, log: quiet })
const say = (line: string): boolean => process.stdout.write(`${line}\n`)
say('ready')
if (round === 'hold') setInterval(() => {}, 1000)
else await Promise.all([commitForEver(store), ...[1, 2, 3, 4].map((n) => appendForEver(store, n))])

async function appendForEver(into: Store, writer: number): Promise<void> {
  const { id } = aTask()
  for (let n = 1; ; n += 1) {
    const key = `crash-${round}-${writer}-${n}`
    await into.append([aFact(id, key)])
    say(`fact ${id} ${key}`)
  }
}

async function commitForEver(into: Store): Promise<void> {
  const task = aTask()
  let head: LedgerHead = LEDGER_START
  for (let version = 0; ; version += 1) {
    const at = instant(Date.now())
    const draft = { event: 'test', why: `version ${version}`, by: null, at, data: {} }
    const ledger = chain(task.id, head, [draft])
    const act = anAct(task)
    const commit = aCommit({ ...task, version }, { ledger, acts: [act], surfaces: ['status'] })
    if (!(await into.commit(commit))) throw new Error('lost a race against nobody')
    head = ledger[0] ?? head
    say(`task ${task.id} ${version + 1} ${act.key}`)
  }
}
