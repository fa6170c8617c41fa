/** What an operator types to keep, bring back, prove and move the store, and what is refused, as whole programs. */
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster } from '../../src/store/cluster.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { systemClock } from '../../src/system/clock.ts'
import { findPostgres, startPostgres } from '../support/postgres.ts'
import { copyStore } from '../support/store-template.ts'
import { quiet } from '../store/bench.ts'
import { live } from '../store/live-history.ts'
import { enter } from './command-line.ts'
import type { Place } from './command-line.ts'

const found = findPostgres()

describe('a store that is kept', { timeout: 120_000 }, () => {
  let place: Place
  let folder: string
  let file: string
  let ledger: string
  beforeAll(async () => {
    place = enter()
    folder = join(place.dataFolder, 'store')
    file = join(place.folder, 'yard.gz')
    ledger = join(place.folder, 'heads.txt')
    mkdirSync(place.dataFolder, { mode: 0o700 })
    await copyStore(folder)
    const store = await openEmbedded({ folder, clock: systemClock, log: quiet })
    await live(store, 2)
    await store.close()
  })
  afterAll(() => place.leave())

  const meddle = async (statement: string): Promise<void> => {
    const { pglite, close } = await openCluster(folder, quiet)
    await pglite.exec(statement)
    await close()
  }

  it('is proved by a list of ends that is kept elsewhere', async () => {
    const first = await place.run(['ledger', 'verify', '--anchor', 'heads.txt'])
    expect(first.err).toBe('')
    expect(first.out).toMatch(/4 ledgers with \d+ entries hold\.\nThe ends are noted in/)
    expect(statSync(ledger).mode & 0o777).toBe(0o600)
    const second = await place.run(['ledger', 'verify', '--anchor', 'heads.txt', '--json'])
    expect(JSON.parse(second.out)).toMatchObject({
      holds: true,
      tasks: 4,
      against: [{ file: ledger }],
    })
  })

  it('is copied, lost, and brought back', async () => {
    expect((await place.run(['backup', 'yard.gz'])).code).toBe(0)
    const again = await place.run(['restore', 'yard.gz'])
    expect(again.code).toBe(1)
    expect(again.err).toContain(`mv '${folder}'`)
    renameSync(folder, join(place.folder, 'lost'))
    expect((await place.run(['backup', 'other.gz'])).code).toBe(3)
    const restored = await place.run(['restore', 'yard.gz'])
    expect(restored.err).toBe('')
    expect(restored.out).toMatch(/4 tasks in \d+ rows, as of 2/)
    expect((await place.run(['ledger', 'verify', '--anchor', 'heads.txt'])).code).toBe(0)
  })

  it('shows what was cut off, and what was set back as a whole', async () => {
    const text = readFileSync(ledger, 'utf8')
    await meddle(
      `alter table ledger disable trigger all;
       delete from ledger where n = 4;
       alter table ledger enable trigger all`,
    )
    const cut = await place.run(['ledger', 'verify'])
    expect(cut.code).toBe(1)
    expect(cut.out.match(/entry 4 and what followed is gone/g)).toHaveLength(2)
    // With the ends set back too, only a list from elsewhere knows better.
    await meddle(
      `update task set ledger_n = 3, ledger_hash = ledger.hash from ledger
         where ledger.task = task.id and ledger.n = 3 and task.ledger_n = 4`,
    )
    expect((await place.run(['ledger', 'verify'])).code).toBe(0)
    const known = await place.run(['ledger', 'verify', '--anchor', 'heads.txt'])
    expect(known.code).toBe(1)
    expect(known.out.match(/entry 4 and what followed is gone/g)).toHaveLength(2)
    expect(readFileSync(ledger, 'utf8'), 'the list stays as evidence').toBe(text)
    writeFileSync(ledger, text.replace(/ 4 /, ' four '))
    const unreadable = await place.run(['ledger', 'verify', '--anchor', 'heads.txt'])
    expect([unreadable.code, unreadable.err]).toEqual([1, expect.stringContaining('heads.txt')])
  })

  it.skipIf(found.kind === 'none')('is moved to a server, and works there only', async () => {
    const server = await startPostgres(found)
    const url = await server.createDatabase()
    const wrong = await place.run(['move', '--to', 'mysql://x'])
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('postgres://')])
    const moved = await place.run(['move', '--to', url])
    expect(moved.err).toBe('')
    expect(moved.out).toMatch(
      /PostgreSQL yard_\S+ at \S+: 4 tasks in \d+ rows, counted and verified/,
    )
    const there = await place.run(['queue', '--all'], { DATABASE_URL: url })
    expect(there.out).toContain('4 tasks')
    expect((await place.run(['ledger', 'verify'], { DATABASE_URL: url })).code).toBe(0)
    // Here it can be read, and is not worked on.
    expect((await place.run(['queue', '--all'])).out).toContain('4 tasks')
    const started = await place.run(['start'], credentials())
    expect(started.code).toBe(1)
    expect(started.err).toMatch(/was moved to PostgreSQL .* Set DATABASE_URL/)
    const tool = await place.run(['backup', file], { DATABASE_URL: url })
    expect([tool.code, tool.err]).toEqual([1, expect.stringContaining('pg_dump')])
    await server.stop()
  })

  it('is left alone by an older program', async () => {
    await meddle(
      `delete from about;
       insert into drizzle.__drizzle_migrations (hash, created_at) values ('', 99999999999999)`,
    )
    for (const args of [['start'], ['queue'], ['backup', 'too-new.gz']]) {
      const { code, err } = await place.run(args, credentials())
      expect(err).toContain('last used by a newer version of Yardmaster')
      expect(err).not.toContain('    at ')
      expect(code).toBe(1)
    }
    expect(existsSync(join(place.folder, 'too-new.gz'))).toBe(false)
  })

  function credentials(): Readonly<Record<string, string>> {
    const key = join(place.folder, 'key.pem')
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
    return {
      APP_ID: '1',
      PRIVATE_KEY_PATH: key,
      WEBHOOK_SECRET: 'a-long-and-random-one',
      PORT: '0',
    }
  }
})
