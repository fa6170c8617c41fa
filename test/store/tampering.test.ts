/** Whoever changes a ledger in the database is found out (T44), and a damaged page is never read as if it were whole (F17). */
import fs, { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judgeChain } from '../../src/domain/ledger.ts'
import type { LedgerEntry, LedgerHead } from '../../src/domain/ledger.ts'
import { chain, LEDGER_START } from '../../src/domain/ledger.ts'
import { instant, repoId, taskId } from '../../src/domain/ids.ts'
import { openBare } from '../../src/store/open-bare.ts'
import type { BareStore } from '../../src/store/open-bare.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { verifyLedgers } from '../../src/store/verify-ledgers.ts'
import { systemClock } from '../../src/system/clock.ts'
import { diceOf } from '../github/webhook-payloads.ts'
import { copyStore } from '../support/store-template.ts'
import { quiet } from './bench.ts'
import { live } from './live-history.ts'
import { flipByte } from './flip-byte.ts'

const SEED = 44
const base = mkdtempSync(join(tmpdir(), 'yard-tamper-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
const common = { clock: systemClock, log: quiet }

test(`1,000 of 1,000 changes to a chain are found (seed ${SEED})`, () => {
  const dice = diceOf(SEED)
  const id = taskId(repoId(1), 2 as never)
  const drafts = Array.from({ length: 30 }, (_, n) => ({
    event: `test.${n}`,
    why: `Because of ${n}.`,
    by: n % 2 === 0 ? 'ana' : null,
    at: instant(1_000 * n),
    data: { n, nested: { list: [n, n + 1] } },
  }))
  const whole = chain(id, LEDGER_START, drafts)
  const head: LedgerHead = whole.at(-1) ?? LEDGER_START
  expect(judgeChain(whole, head)).toBeNull()
  const missed: string[] = []
  for (let n = 0; n < 1_000; n += 1) {
    const at = dice(whole.length)
    const entries = [...whole]
    const how = dice(4)
    if (how === 0) entries[at] = flipped(whole[at] as LedgerEntry, dice)
    else if (how === 1) entries.splice(at, 1)
    else if (how === 2) {
      const other = (at + 1 + dice(whole.length - 1)) % whole.length
      ;[entries[at], entries[other]] = [whole[other] as LedgerEntry, whole[at] as LedgerEntry]
    } else entries.length = at
    if (judgeChain(entries, head) === null) missed.push(`${n}: ${how} at ${at}`)
  }
  expect(missed).toEqual([])
})

/** One character of its JSON becomes another. */
function flipped(entry: LedgerEntry, dice: (below: number) => number): LedgerEntry {
  const text = JSON.stringify(entry)
  for (;;) {
    const at = dice(text.length)
    const other = String.fromCharCode(text.charCodeAt(at) ^ (1 << dice(5)))
    try {
      const read = JSON.parse(text.slice(0, at) + other + text.slice(at + 1)) as LedgerEntry
      if (JSON.stringify(read) !== text) return read
    } catch {
      // No JSON any more: the database would not have taken it.
    }
  }
}

describe('in the database', { timeout: 120_000 }, () => {
  let bare: BareStore
  beforeAll(async () => {
    const folder = join(base, 'rows')
    await copyStore(folder)
    const store = await openEmbedded({ folder, ...common })
    await live(store, 3, 6)
    await store.close()
    bare = await openBare({ folder, ...common })
    await bare.pglite.exec('alter table ledger disable trigger all')
  })
  afterAll(() => bare.close())

  test.each([
    [
      'an entry changed',
      `update ledger set entry = replace(entry::text, 'ana', 'ben')::json where n = 3`,
    ],
    ['a column beside it changed', `update ledger set event = 'other' where n = 2`],
    ['an entry gone', 'delete from ledger where n = 4'],
    ['the end cut off', 'delete from ledger where n >= 5'],
    ['everything cut off', 'delete from ledger'],
    [
      'two swapped',
      'update ledger set n = case n when 2 then -3 when 3 then -2 end where n in (2, 3); update ledger set n = -n where n < 0',
    ],
    [
      'one added',
      `insert into ledger select task, n + 1, hash, event, at, entry from ledger where n = 6`,
    ],
    ['the end moved back in the row', 'update task set ledger_n = 2'],
    ['another hash in the row', `update task set ledger_hash = repeat('a', 64)`],
    ['a task gone', 'delete from task'],
    [
      'an entry of no task',
      `insert into ledger select 'nobody', n, hash, event, at, entry from ledger where n = 1 limit 1`,
    ],
  ])('%s is found', async (_what, statement) => {
    expect((await verifyLedgers(bare.db)).broken).toEqual([])
    await bare.pglite.exec('begin')
    await bare.pglite.exec(statement)
    const { broken } = await verifyLedgers(bare.db)
    await bare.pglite.exec('rollback')
    expect(broken).not.toEqual([])
  })
})

describe('on the disk', { timeout: 240_000 }, () => {
  test(`a byte that is flipped in the files of a stopped store is found, or harms nothing (seed ${SEED})`, async () => {
    const whole = join(base, 'whole')
    await copyStore(whole)
    const store = await openEmbedded({ folder: whole, ...common })
    await live(store, 3)
    await store.close()
    const dice = diceOf(SEED)
    const folder = join(base, 'flipped')
    const outcomes: Record<string, number> = {}
    for (let n = 0; n < 6; n += 1) {
      rmSync(folder, { recursive: true, force: true })
      cpSync(whole, folder, { recursive: true })
      const outcome = await flipByte({ whole, folder, dice })
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    }
    expect(outcomes['silently wrong'] ?? 0).toBe(0)
    expect(Object.values(outcomes).reduce((a, b) => a + b, 0)).toBe(6)
  })

  test('the database sums up its pages', async () => {
    const folder = join(base, 'sums')
    await copyStore(folder)
    const { pglite, close } = await openBare({ folder, ...common })
    const { rows } = await pglite.query('show data_checksums')
    expect(rows).toEqual([{ data_checksums: 'on' }])
    await close()
    expect(readdirSync(folder)).toEqual(['pg'])
    expect(fs.existsSync(join(folder, 'pg/PG_VERSION'))).toBe(true)
  })
})
