/** A backup is the whole store of one moment; whatever is wrong with the file, nothing is restored of it. */
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import type { TaskId } from '../../src/domain/ids.ts'
import { BackupUnusable, checkBackup } from '../../src/store/backup/backup-file.ts'
import { restoreBackup, StoreNotEmpty } from '../../src/store/backup/restore.ts'
import { openCluster } from '../../src/store/cluster.ts'
import { FolderInUse, openEmbedded } from '../../src/store/embedded.ts'
import { systemClock } from '../../src/system/clock.ts'
import { copyStore } from '../support/store-template.ts'
import { quiet } from './bench.ts'
import { live } from './live-history.ts'
import { aFact, aStoredTask, aTask } from './samples.ts'

const base = mkdtempSync(join(tmpdir(), 'yard-backup-'))
let places = 0
const place = (): string => join(base, `place-${(places += 1)}`)
afterAll(() => rmSync(base, { recursive: true, force: true }))

const open = (folder: string) => openEmbedded({ folder, clock: systemClock, log: quiet })
const restore = (file: string, folder: string, evenIfBroken = false) =>
  restoreBackup({ file, folder, clock: systemClock, log: quiet, evenIfBroken })

async function aStore() {
  const folder = place()
  await copyStore(folder)
  return { folder, store: await open(folder) }
}
async function backUp(store: Awaited<ReturnType<typeof open>>) {
  const file = place()
  const { backup } = store.upkeep
  if (backup === null) throw new Error('this store makes no backups')
  return { file, made: await backup(file) }
}
/** What is in it, without the frame that tells when it was made. */
const rowsOf = (file: string): readonly string[] =>
  gunzipSync(readFileSync(file)).toString().trimEnd().split('\n').slice(1, -1)

/** Each restore makes a database, which takes a crowded machine its time. */
const SLOW = { timeout: 120_000 }

describe('a backup', SLOW, () => {
  test('holds every row letter by letter, and gives them back', async () => {
    const { store } = await aStore()
    const tasks = await live(store, 4)
    const { file, made } = await backUp(store)
    expect(made.rows).toBeGreaterThan(60)
    expect(made.bytes).toBe(statSync(file).size)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const before = await Promise.all(tasks.map((id) => store.load(id)))
    const ledgers = await Promise.all(tasks.map((id) => store.ledger(id)))
    await store.close()
    const folder = place()
    expect(await restore(file, folder)).toMatchObject({
      from: made.at,
      rows: made.rows,
      broken: [],
    })
    const restored = await open(folder)
    expect(await Promise.all(tasks.map((id) => restored.load(id)))).toEqual(before)
    expect(await Promise.all(tasks.map((id) => restored.ledger(id)))).toEqual(ledgers)
    // From here on GitHub may show what this store does not know.
    expect(await restored.about.get('looks-first')).toBe(made.at)
    await restored.about.set('looks-first', null)
    const again = await backUp(restored)
    const without = (lines: readonly string[]) => lines.map((line) => line.replace(JOB, 'a job'))
    expect(without(rowsOf(again.file))).toEqual(without(rowsOf(file)))
    // The counter goes on where it was: no fact takes the number of another.
    const { id } = aTask()
    await restored.append([aFact(id)])
    const [fact] = await restored.unconsumed(`task:${id}`, 1)
    expect(fact?.seq).toBeGreaterThan(made.rows === 0 ? 0 : 11)
    expect(await restored.upkeep.verifyLedgers([])).toMatchObject({ broken: [] })
    await restored.close()
    expect(readdirSync(folder)).toEqual(['pg'])
  })

  test('of a store at work holds all that was acknowledged before it, and whole decisions only', async () => {
    const { store } = await aStore()
    let wanted = true
    const told: TaskId[] = []
    const busy = (async () => {
      while (wanted) told.push(...(await live(store, 1)))
    })()
    await expect.poll(() => told.length, { timeout: 10_000 }).toBeGreaterThan(3)
    const [acknowledged, { file }] = [[...told], await backUp(store)]
    wanted = false
    await busy
    expect(told.length).toBeGreaterThan(acknowledged.length)
    await store.close()
    const folder = place()
    await restore(file, folder)
    const restored = await open(folder)
    for (const id of acknowledged) expect((await restored.load(id)).ledger.n).toBe(4)
    expect((await restored.upkeep.verifyLedgers([])).broken).toEqual([])
    await restored.close()
  })

  test('that could not be written leaves the one before as it was', async () => {
    const { store } = await aStore()
    const { file } = await backUp(store)
    const before = readFileSync(file)
    const { backup } = store.upkeep
    await expect(backup?.(join(file, 'below-a-file'))).rejects.toMatchObject({ code: 'ENOTDIR' })
    // The store goes on: its transaction was ended.
    await aStoredTask(store)
    await backup?.(file)
    expect(readFileSync(file).equals(before)).toBe(false)
    expect(readdirSync(base).filter((name) => name.endsWith('.part'))).toEqual([])
    await store.close()
  })
})

/** 1 when the file is refused as damaged, else 0. */
async function isRefused(file: string): Promise<number> {
  const error: unknown = await checkBackup(file).catch((caught: unknown) => caught)
  return error instanceof BackupUnusable ? 1 : 0
}

function says(file: Buffer): string | null {
  try {
    return gunzipSync(file).toString()
  } catch {
    return null
  }
}

/** A start gives open acts new jobs. */
const JOB = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/

describe('a restore refuses', SLOW, () => {
  test('a store that holds work, and one that a process holds', async () => {
    const { store, folder } = await aStore()
    const { file } = await backUp(store)
    await expect(restore(file, folder)).rejects.toThrow(FolderInUse)
    await aStoredTask(store)
    await store.close()
    await expect(restore(file, folder)).rejects.toThrow(StoreNotEmpty)
    await expect(restore(file, folder)).rejects.toThrow(`mv '${folder}'`)
    const again = await open(folder)
    expect(await again.list({})).toHaveLength(1)
    await again.close()
  })

  test('to be stopped by a store that was started and never used', async () => {
    const { store } = await aStore()
    const [id] = await live(store, 1)
    const { file } = await backUp(store)
    await store.close()
    const other = await aStore()
    await other.store.close()
    await restore(file, other.folder)
    const restored = await open(other.folder)
    expect((await restored.load(id as TaskId)).task).not.toBeNull()
    await restored.close()
  })

  test('a file that is damaged anywhere, or no backup, or of a newer version', async () => {
    const { store } = await aStore()
    await live(store, 1)
    const { file } = await backUp(store)
    await store.close()
    const whole = readFileSync(file)
    const bad = place()
    const folder = place()
    const refused = async (content: Buffer): Promise<string> => {
      writeFileSync(bad, content)
      const error: unknown = await restore(bad, folder).catch((caught: unknown) => caught)
      expect(error).toMatchObject({ name: 'BackupUnusable' })
      expect(existsSync(folder)).toBe(false)
      return String(error)
    }
    let [found, harmless] = [0, 0]
    for (let n = 0; n < 400; n += 1) {
      const at = Math.floor((whole.length * n) / 400)
      const flipped = Buffer.from(whole)
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (n % 8)), at)
      // Some bits of gzip's frame say nothing: then all that is inside is as it was.
      writeFileSync(bad, flipped)
      if (says(flipped) === says(whole)) harmless += 1
      else found += await isRefused(bad)
      writeFileSync(bad, whole.subarray(0, at))
      await expect(checkBackup(bad)).rejects.toThrow(BackupUnusable)
    }
    expect(found).toBeGreaterThan(380)
    expect(found + harmless).toBe(400)
    await refused(whole.subarray(0, 1000))
    const lines = gunzipSync(whole).toString().split('\n')
    const changed = (at: number, line: string) => gzipSync(lines.with(at, line).join('\n'))
    expect(await refused(gzipSync(lines.toSpliced(8, 1).join('\n')))).toContain('checksum')
    expect(await refused(gzipSync(lines.slice(0, -2).join('\n')))).toContain('ends too early')
    expect(await refused(gzipSync('hello\n'))).toContain('is no backup')
    expect(await refused(gzipSync('{"other":1}\n'))).toContain('is no backup')
    const header = JSON.parse(lines[0] ?? '') as object
    expect(await refused(changed(0, JSON.stringify({ ...header, format: 2 })))).toContain('newer')
    await expect(restore(join(base, 'none'), folder)).rejects.toThrow('There is no file')
  })

  test('ledgers that were changed, unless it is told to go on', async () => {
    const { store, folder } = await aStore()
    const [id] = await live(store, 2)
    await store.close()
    const { pglite, close } = await openCluster(folder, quiet)
    await pglite.exec('alter table ledger disable trigger all')
    await pglite.query('delete from ledger where task = $1 and n = 4', [id])
    await close()
    const spoilt = await open(folder)
    const { file } = await backUp(spoilt)
    await spoilt.close()
    const into = place()
    await expect(restore(file, into)).rejects.toMatchObject({
      name: 'LedgerBroken',
      broken: [{ task: id, n: 4, how: 'cut off' }],
    })
    expect(readdirSync(into)).toEqual([])
    expect(await restore(file, into, true)).toMatchObject({ broken: [{ task: id }] })
  })
})
