/** What the embedded store promises about its folder: durable, whole, and held by one process. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import fs, { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import type { TaskId } from '../../src/domain/ids.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { firstBroken } from '../../src/domain/ledger.ts'
import { openCluster } from '../../src/store/cluster.ts'
import { FolderInUse, openEmbedded, StoreTooNew } from '../../src/store/embedded.ts'
import { tidy } from '../../src/store/housekeeping.ts'
import { systemClock } from '../../src/system/clock.ts'
import { copyStore } from '../support/store-template.ts'
import { quiet } from './bench.ts'
import { aCommit, aFact, aStoredTask, aTask } from './samples.ts'

const base = mkdtempSync(join(tmpdir(), 'yard-crash-'))
let folders = 0
const children: ChildProcess[] = []

const open = (folder: string) => openEmbedded({ folder, clock: systemClock, log: quiet })

/** A store's folder as it is after a first start and a clean stop. */
async function aFolder(): Promise<string> {
  const folder = join(base, `folder-${(folders += 1)}`)
  await copyStore(folder)
  return folder
}

/** Runs one statement on a folder whose store is closed. */
async function meddle(folder: string, statement: string): Promise<void> {
  const { pglite, close } = await openCluster(folder, quiet)
  await pglite.exec(statement)
  await close()
}

/** A second process on the folder; `lines` is what it has acknowledged so far. */
async function startWriter(folder: string, round: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), folder, round], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const lines: string[] = []
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  await expect.poll(() => lines[0], { timeout: 20_000 }).toBe('ready')
  return {
    pid: child.pid ?? 0,
    lines,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

afterEach(() => {
  vi.restoreAllMocks()
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

describe('a commit', () => {
  test('is flushed to the disk before it is acknowledged', async () => {
    const store = await open(await aFolder())
    const sync = vi.spyOn(fs, 'fsyncSync')
    const { id } = aTask()
    for (let n = 1; n <= 25; n += 1) {
      const before = sync.mock.calls.length
      await store.append([aFact(id)])
      expect(sync.mock.calls.length).toBeGreaterThan(before)
    }
    for (let n = 1; n <= 10; n += 1) {
      const before = sync.mock.calls.length
      await aStoredTask(store)
      expect(sync.mock.calls.length).toBeGreaterThan(before)
    }
    await store.close()
  })

  test('shares its flush with those that come at the same time', async () => {
    const store = await open(await aFolder())
    const { id } = aTask()
    await store.append([aFact(id)])
    const sync = vi.spyOn(fs, 'fsyncSync')
    await Promise.all(Array.from({ length: 200 }, () => store.append([aFact(id)])))
    // One for the first caller, one for all who came meanwhile.
    expect(sync.mock.calls.length).toBeLessThanOrEqual(4)
    await store.close()
  })

  test('of a process that died is flushed by the next one, each file once before anything is written', async () => {
    const folder = await aFolder()
    const store = await open(folder)
    await store.append([aFact(aTask().id)])
    // What the power left behind.
    const left = join(base, `folder-${(folders += 1)}`)
    fs.cpSync(join(folder, 'pg'), join(left, 'pg'), { recursive: true })
    await store.close()
    const files = fs
      .readdirSync(join(left, 'pg'), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('postmaster'))
      .map((entry) => join(entry.parentPath, entry.name))
    const flushed: string[] = []
    const real = fs.fsyncSync
    vi.spyOn(fs, 'fsyncSync').mockImplementation((descriptor) => {
      flushed.push(fs.readlinkSync(`/proc/self/fd/${descriptor}`))
      real(descriptor)
    })
    const next = await open(left)
    vi.restoreAllMocks()
    expect(files.filter((file) => !flushed.includes(file))).toEqual([])
    expect(flushed.length).toBeLessThan(files.length * 1.3)
    await next.close()
  })

  test('whose flush failed is not acknowledged, and the store stops instead of the process', async () => {
    const folder = await aFolder()
    const store = await openEmbedded({
      folder,
      clock: systemClock,
      log: { ...quiet, error: () => {} },
    })
    const { id } = aTask()
    await store.append([aFact(id)])
    vi.spyOn(fs, 'fsyncSync').mockImplementation(() => {
      throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' })
    })
    const late = aTask().id
    await expect(store.append([aFact(late)])).rejects.toMatchObject({ kind: 'local' })
    await expect(store.ping()).rejects.toThrow('has stopped (could not fsync')
    await store.close()
    vi.restoreAllMocks()
    const again = await open(folder)
    expect(await again.unconsumed(`task:${id}`, 9)).toHaveLength(1)
    await again.append([aFact(late)])
    await again.close()
  })

  test('survives kill -9 under write, five times on the same folder', async () => {
    const folder = await aFolder()
    const acknowledged: string[] = []
    for (const round of ['1', '2', '3', '4', '5']) {
      const writer = await startWriter(folder, round)
      // A different moment each time, so that each kill meets other work.
      const enough = 40 + Number(round) * 7
      await expect.poll(() => writer.lines.length, { timeout: 20_000 }).toBeGreaterThan(enough)
      await writer.kill()
      acknowledged.push(...writer.lines.filter((line) => line !== 'ready'))
    }
    const store = await open(folder)
    const facts = acknowledged.filter((line) => line.startsWith('fact '))
    const tasks = new Map(
      acknowledged.flatMap((line) => {
        const [kind, id, version] = line.split(' ')
        return kind === 'task' ? [[id as TaskId, Number(version)] as const] : []
      }),
    )
    for (const id of new Set(facts.map((line) => line.split(' ')[1]))) {
      const found = await store.unconsumed(`task:${id as TaskId}`, 100_000)
      const keys = new Set(found.map((fact) => fact.key))
      const missing = facts.filter((line) => line.includes(` ${id} `) && !keys.has(keyOf(line)))
      expect(missing).toEqual([])
    }
    expect(facts.length).toBeGreaterThan(50)
    expect(tasks.size).toBe(5)
    for (const [id, version] of tasks) {
      const { task, ledger } = await store.load(id)
      // The last commit may be there without having been acknowledged; a lost one may not.
      expect(task?.version).toBeGreaterThanOrEqual(version)
      expect(ledger.n).toBe(task?.version)
      expect(firstBroken(await store.ledger(id))).toBeNull()
      expect(await store.open(id)).toHaveLength(task?.version ?? 0)
    }
    await store.close()
  }, 90_000)
})

const keyOf = (line: string): string => line.split(' ')[2] ?? ''

describe('the process around the store', () => {
  test('keeps its timers and its other callers going while one caller never pauses', async () => {
    const store = await open(await aFolder())
    const order: string[] = []
    let [wanted, longest] = [true, 0]
    const busy = (async () => {
      let last = performance.now()
      const timer = setInterval(() => {
        longest = Math.max(longest, performance.now() - last)
        last = performance.now()
      }, 1)
      const task = aTask()
      const deadline = last + 10_000
      for (let version = 0; wanted && performance.now() < deadline; version += 1)
        await store.commit(aCommit({ ...task, version }))
      clearInterval(timer)
      order.push('busy')
    })()
    for (let n = 0; n < 10; n += 1) await store.append([aFact(aTask().id)])
    order.push('appended')
    wanted = false
    await busy
    expect(order).toEqual(['appended', 'busy'])
    // Without turns it is the whole time; with them a few commits, also on a crowded machine.
    expect(longest).toBeGreaterThan(0)
    expect(longest).toBeLessThan(1000)
    await store.close()
  })
})

describe('the data folder', () => {
  test('is held by one process: another is told which, and may take it when that one is dead', async () => {
    const folder = await aFolder()
    const holder = await startWriter(folder, 'hold')
    const refused = await open(folder).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(FolderInUse)
    expect(refused).toMatchObject({ pid: holder.pid, folder })
    expect(String(refused)).toContain(`kill ${holder.pid}`)
    await holder.kill()
    const store = await open(folder)
    await store.ping()
    await store.close()
    expect(readdirSync(folder)).toEqual(['pg'])
  })

  test('is not opened twice by one process either', async () => {
    const folder = await aFolder()
    const store = await open(folder)
    await expect(open(folder)).rejects.toMatchObject({ name: 'FolderInUse', pid: process.pid })
    await store.ping()
    await store.close()
  })

  test('is free when only a lock of a process is left whose number was given to another', async () => {
    const folder = await aFolder()
    const before = await open(folder)
    const [ours = ''] = readdirSync(folder).filter((name) => name.startsWith('lock.'))
    await before.close()
    fs.writeFileSync(join(folder, ours.replace(`.${process.pid}.`, `.${process.ppid}.`)), '')
    const store = await open(folder)
    await expect(store.ping()).resolves.toBeUndefined()
    await store.close()
  })

  test('on a volume shared by containers is judged by whether its lock is still touched', async () => {
    const folder = await aFolder()
    const foreign = join(folder, 'lock.1.4711.othercontainer')
    fs.writeFileSync(foreign, '')
    const watching = (touch: boolean): Clock => ({
      ...systemClock,
      async sleep(milliseconds, signal) {
        if (signal !== undefined) return systemClock.sleep(milliseconds, signal)
        if (touch) fs.utimesSync(foreign, new Date(0), new Date(0))
      },
    })
    const openBy = (clock: Clock) => openEmbedded({ folder, clock, log: quiet })
    await expect(openBy(watching(true))).rejects.toThrow('another container or machine')
    const store = await openBy(watching(false))
    await store.close()
    expect(readdirSync(folder)).toEqual(['pg'])
  })

  test('of which only half was made is made anew', async () => {
    const folder = join(base, 'half')
    mkdirSync(join(folder, 'pg.new', 'base'), { recursive: true })
    fs.writeFileSync(join(folder, 'pg.new', 'PG_VERSION'), '18\n')
    const store = await open(folder)
    await aStoredTask(store)
    await store.close()
    expect(existsSync(join(folder, 'pg.new'))).toBe(false)
  })

  test.each([
    [
      'tables',
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('', 99999999999999)`,
    ],
    ['queue', 'update pgboss.version set version = 9999'],
  ])('whose %s are newer is refused in words that say what to do', async (_what, newer) => {
    const folder = await aFolder()
    await meddle(folder, newer)
    await expect(open(folder)).rejects.toThrow(StoreTooNew)
    // Not "in use": the refusal let go of the folder.
    await expect(open(folder)).rejects.toThrow('Start the newer version')
  })

  test('does not grow for ever: the log is cut and dead rows are reclaimed', async () => {
    const { pglite, close } = await openCluster(await aFolder(), quiet)
    expect(await tidy(pglite)).toBe(false)
    const size = async () => {
      const { rows } = await pglite.query<{ size: number }>(
        `select pg_total_relation_size('inbox')::int as size`,
      )
      return rows[0]?.size ?? 0
    }
    const churn = () =>
      pglite.exec(
        `insert into inbox (key, source, aggregate, kind, fact, received_at)
           select md5(n::text), 'github', 'task:1', 'timer', json_build_object('a', repeat(md5(n::text), 30)), now()
           from generate_series(1, 20000) n;
         delete from inbox`,
      )
    await churn()
    expect(await tidy(pglite)).toBe(true)
    const once = await size()
    await churn()
    await tidy(pglite)
    await churn()
    expect(await size()).toBeLessThan(once + 40_000_000)
    expect(await tidy(pglite)).toBe(true)
    expect(await tidy(pglite)).toBe(false)
    await close()
  })
})
