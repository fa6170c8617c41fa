/** `yardmaster runner` and `runner-role` as a person meets them: refusals that say what to do, a start, a polite end. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgres } from '../../src/store/postgres.ts'
import { systemClock } from '../../src/system/clock.ts'
import { quiet } from '../store/bench.ts'
import { findPostgres, run, startPostgres } from '../support/postgres.ts'
import type { TestServer } from '../support/postgres.ts'
import { enter } from './command-line.ts'
import type { Place } from './command-line.ts'

const found = findPostgres()
const why = found.kind === 'none' ? ` (skipped: ${found.reason})` : ''

describe.skipIf(found.kind === 'none')(`a runner’s command${why}`, { timeout: 120_000 }, () => {
  let server: TestServer
  let place: Place
  let url: string
  beforeAll(async () => {
    server = await startPostgres(found)
    url = await server.createDatabase()
    place = enter()
  })
  afterAll(async () => {
    await place.leave()
    await server.stop()
  })

  it('refuses what it could not work with, and says what to do', async () => {
    const alone = await place.run(['runner'])
    expect(alone.code).toBe(1)
    expect(alone.err).toContain('Set DATABASE_URL')
    const unknown = await place.run(['runner', '--agents', 'claude'], { DATABASE_URL: url })
    expect(unknown.code).toBe(1)
    expect(unknown.err).toContain('There is no profile "claude"')
    const empty = await place.run(['runner'], { DATABASE_URL: url })
    expect(empty.code).toBe(1)
    expect(empty.err).toContain('Start (or update) Yardmaster itself on it first')
    expect((await place.run(['runner', '--name', 'no spaces'])).code).toBe(2)
    expect((await place.run(['runner', '--capacity', '0'])).code).toBe(2)
  })

  it('starts under the role that was made for it, is known while it is up, and ends politely', async () => {
    // Makes the tables, as an app does.
    await (await openPostgres({ url, clock: systemClock, log: quiet })).close()
    const made = await place.run(['runner-role', 'build-1'], { DATABASE_URL: url })
    expect(made.code).toBe(0)
    const own = /DATABASE_URL=(\S+)/.exec(made.out)?.[1] ?? ''
    expect(new URL(own).username).toBe('yardmaster_build-1')
    writeFileSync(
      join(place.folder, 'yardmaster.config.yml'),
      'runner: { capacity: 0 }\njail: none\n',
    )
    const running = place.start(['runner', '--name', 'build-1', '--capacity', '2'], {
      DATABASE_URL: own,
      PRIVATE_KEY: 'not even looked at',
    })
    await running.sees('The runner build-1 is up')
    expect(running.err()).toContain('PRIVATE_KEY is set; a runner needs no credential of the App')
    const known = () => run(url, `select split_part(name, '#', 1) as name, capacity from runner`)
    expect(await known()).toEqual([{ name: 'build-1', capacity: 2 }])
    expect((await running.stop('SIGTERM')).code).toBe(0)
    expect(await known()).toEqual([])
  })

  it('prints the role’s SQL for whoever may run it', async () => {
    const { code, out } = await place.run(['runner-role', 'build-2', '--print'])
    expect(code).toBe(0)
    expect(out).toContain('create role "yardmaster_build-2" login')
    await run(url, out)
  })
})
