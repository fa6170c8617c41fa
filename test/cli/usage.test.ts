/** The command line as a newcomer meets it: help everywhere, courteous refusals, exit codes that mean something. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { enter } from './command-line.ts'
import type { Place } from './command-line.ts'

const COMMANDS = createProgram().commands.map((command) => command.name())

describe('the command line', { timeout: 60_000 }, () => {
  let place: Place
  beforeAll(() => {
    place = enter()
  })
  afterAll(() => place.leave())

  it('shows what there is when it is called without anything', async () => {
    const { code, out } = await place.run([])
    expect(code).toBe(0)
    for (const name of COMMANDS) expect(out).toContain(`\n  ${name}`)
    expect(out).toContain('Exit codes:')
  })

  it.each(COMMANDS)('has examples and exit codes in the help of %s', async (name) => {
    let help = ''
    const program = createProgram()
    for (const each of [program, ...program.commands])
      each.configureOutput({ writeOut: (text) => (help += text) })
    await expect(program.parseAsync([name, '--help'], { from: 'user' })).rejects.toThrow(
      '(outputHelp)',
    )
    expect(help).toContain(`Examples:\n  yardmaster ${name}`)
    expect(help).toMatch(/Exit codes:\n {2}0 /)
  })

  it.each([
    [['nonsense'], "unknown command 'nonsense'"],
    [['queue', '--nonsense'], "unknown option '--nonsense'"],
    [['queue', 'extra'], 'too many arguments'],
    [['show'], "missing required argument 'issue'"],
    [['ledger', 'hello'], 'Name the issue as owner/repo#12.'],
    [['emulator', '--port', '70000'], 'from 0 to 65535'],
    [['emulator', '--seed', '/nowhere'], '--seed must be a folder'],
    [['emulator', '--webhook-url', 'here'], '--webhook-url must be an address'],
    [['start', '--webhook-url', 'http://yard.example.org'], '--webhook-url must be a public https'],
  ])('ends with 2 and says what was not understood: %j', async (args, words) => {
    const { code, err, out } = await place.run(args)
    expect(err).toContain(words)
    expect([code, out]).toEqual([2, ''])
  })

  it.each([['queue'], ['show', '#1'], ['ledger', '#1']])(
    'ends with 3 when there is nothing to read: %j',
    async (...args) => {
      const { code, err } = await place.run(args)
      expect(code).toBe(3)
      expect(err).toContain('Start Yardmaster first')
      expect(existsSync(place.dataFolder)).toBe(false)
    },
  )

  it('ends with 3 when the database is out of reach, and keeps its password to itself', async () => {
    const DATABASE_URL = 'postgres://yard:hunter2@127.0.0.1:1/yard'
    for (const command of ['queue', 'doctor']) {
      const { code, err, out } = await place.run([command], { DATABASE_URL })
      expect(code).toBe(command === 'queue' ? 3 : 1)
      expect(err + out).not.toContain('hunter2')
      expect(err + out).not.toContain('    at ')
    }
  })

  it('examines a machine on which nothing is set up', async () => {
    const { code, out } = await place.run(['doctor'])
    expect(out).toMatch(/ok +node +v/)
    expect(out).toMatch(/ok +git +2\./)
    expect(out).toMatch(/ok +store +will be made in/)
    expect(out).toMatch(/warn +credentials +there is no GitHub App yet/)
    expect(out).toMatch(/\d+ ok, \d+ to look at, 0 to mend\./)
    expect(out, 'colour where there is no terminal').not.toContain('\u001b')
    expect(code).toBe(0)
    const json = JSON.parse((await place.run(['doctor', '--json'])).out)
    expect(json.bad).toBe(0)
    expect(json.lines).toContainEqual(
      expect.objectContaining({ check: 'credentials', level: 'warn' }),
    )
    expect(existsSync(place.dataFolder)).toBe(false)
  })

  it('stops talking when nobody listens any more', async () => {
    const pipe = `set -o pipefail; ${process.execPath} bin/yardmaster.js --help | head -1; echo "$?"`
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', pipe], {
      cwd: new URL('../../', import.meta.url),
    })
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^Usage: yardmaster/)
  })
})

describe('what start refuses', { timeout: 60_000 }, () => {
  let place: Place
  const env = { APP_ID: '1', PRIVATE_KEY_PATH: 'key.pem', WEBHOOK_SECRET: 'a-long-and-random-one' }
  beforeAll(() => {
    place = enter()
    writeFileSync(
      join(place.folder, 'key.pem'),
      '-----BEGIN NONSENSE-----\n-----END NONSENSE-----\n',
    )
  })
  afterAll(() => place.leave())

  it.each(['', 'development'])('is the webhook secret %j', async (WEBHOOK_SECRET) => {
    const { code, err } = await place.run(['start'], { ...env, WEBHOOK_SECRET })
    expect(code).toBe(1)
    expect(err).toContain('WEBHOOK_SECRET is empty or guessable')
  })

  it('is every mistake at once, each with its place', async () => {
    writeFileSync(join(place.folder, 'yardmaster.config.yml'), 'jail: cage\ncaps:\n  totl: 3\n')
    const { code, err } = await place.run(['start'], { ...env, WEBHOOK_SECRET: '', PORT: 'x' })
    expect(code).toBe(1)
    expect(err).toMatch(/PORT must be a number/)
    expect(err).toMatch(/WEBHOOK_SECRET is empty/)
    expect(err).toMatch(/yardmaster\.config\.yml:1: jail: must be .*auto.*bwrap.*none/)
    expect(err).toMatch(/yardmaster\.config\.yml:3: caps\.totl: .*total/)
    rmSync(join(place.folder, 'yardmaster.config.yml'))
  })

  it('is a private key that is none', async () => {
    const { code, err } = await place.run(['start'], env)
    expect(code).toBe(1)
    expect(err).toContain('key.pem holds no private key')
    expect(err).not.toContain('    at ')
  })

  it('is the set-up page in production', async () => {
    const { code, err } = await place.run(['start'], { NODE_ENV: 'production' })
    expect(code).toBe(1)
    expect(err).toContain('Set APP_ID, PRIVATE_KEY')
  })
})

/** Debian's own Node, where there is one, is too old to run us by itself. */
const OLD = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path))

describe.skipIf(OLD === undefined)('under another Node of the machine', { timeout: 60_000 }, () => {
  const old = OLD ?? ''
  it('runs with the Node that it brings, and keeps its exit code', async () => {
    const place = enter(old)
    const { out } = await place.run(['doctor', '--json'])
    const node = JSON.parse(out).lines.find((line: { check: string }) => line.check === 'node')
    expect(node).toMatchObject({ level: 'ok' })
    expect((await place.run(['show'])).code).toBe(2)
    expect((await place.run(['queue'])).code).toBe(3)
    await place.leave()
  })

  it('says what to do when it has not been installed yet', async () => {
    const version = (await promisify(execFile)(old, ['--version'])).stdout
    const folder = mkdtempSync(join(tmpdir(), 'yard-bin-'))
    mkdirSync(join(folder, 'bin'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    const bin = join(folder, 'bin', 'yardmaster.js')
    copyFileSync(new URL('../../bin/yardmaster.js', import.meta.url), bin)
    const told = promisify(execFile)(old, [bin])
    // A machine whose own Node is new enough fails on the missing source instead.
    const words = Number(/\d+/.exec(version)?.[0]) >= 24 ? 'yardmaster.ts' : 'Run `npm ci`'
    await expect(told).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(words) })
    rmSync(folder, { recursive: true })
  })
})
