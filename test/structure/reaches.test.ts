/** Clock, ids, randomness, network and environment come through ports: a decision can be replayed only then. */
import { describe, expect, it } from 'vitest'
import { readModule, readModules } from './read-modules.ts'
import { COMPOSERS, roomOf } from './rings.ts'

/** Folders for which the world is the point. */
const OF_THE_WORLD: readonly string[] = [
  // The ports' own implementations.
  'src/system/',
  // A program for people: it waits, prints and asks.
  'src/cli/',
  // A GitHub of its own, with its own clock and ids; it shares nothing with the product.
  'src/emulator/',
  // An agent of ours is a process of its own in the jail, like anybody's agent.
  'src/agents/builtin/',
]

/** Adapters that need one of these for their own trade: file or folder → what → why. An entry that nobody needs is an error. */
const EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'src/github/guarded-fetch.ts': { fetch: 'the one place where requests to GitHub leave' },
  'src/github/send-with-token.ts': { 'AbortSignal.timeout': 'the deadline of one real request' },
  'src/github/app-client.ts': { 'AbortSignal.timeout': 'the deadline of one real request' },
  'src/jail/': {
    setTimeout: 'real processes die in real time; a clock of a test cannot hurry the kernel',
    'performance.now': 'as above: the grace that a process tree is given',
  },
  'src/agents/mcp/open-door.ts': {
    randomBytes: 'a token that nobody can guess; nothing is decided by it',
  },
  'src/git/run.ts': { setTimeout: 'ends a real git that hangs' },
  'src/workspace/jailed-run.ts': { setTimeout: 'ends a real command at its time limit' },
  'src/workspace/pair-pool.ts': {
    setTimeout: 'waits for a quiet machine before pairs are made ahead; nothing is decided by it',
    'performance.now': 'as above',
  },
  'src/store/folder-lock.ts': {
    setInterval: 'shows other machines that the lock’s holder lives; they see only the file',
    'new Date()': 'the time that is stamped on that file',
  },
  'src/store/inbox.ts': { setTimeout: 'the 8 s after which an insert that hangs must throw' },
  'src/store/listen.ts': {
    setTimeout: 'connects again to a real server; nothing is decided by it',
    randomUUID: 'tells its own notifications from those of others; nothing is decided by it',
  },
  'src/store/group-commit.ts': {
    setImmediate: 'one real turn of the event loop, in which requests that have arrived are read',
  },
  'src/store/backup/export-rows.ts': {
    setImmediate: 'as above: a turn between two portions of a long reading',
  },
  'src/store/take-turns.ts': {
    setImmediate: 'one real turn of the event loop, which PGlite’s promises do not give',
    'performance.now': 'as above: when the last turn was given',
  },
  'src/store/queue.ts': { randomUUID: 'the queue wants its jobs named; nothing is decided by it' },
}

const modules = readModules('src')
const excepted = (path: string, reach: string): boolean =>
  Object.entries(EXCEPTIONS).some(
    ([where, reaches]) => path.startsWith(where) && reaches[reach] !== undefined,
  )
const environment = (path: string): boolean =>
  COMPOSERS.includes(roomOf(path) ?? '') ||
  // An agent of ours is a process of its own: its environment is what the jail gave it.
  path.startsWith('src/agents/builtin/')

describe('reaching for the world', () => {
  it('reads the environment only where the house is composed', () => {
    const readers = modules.filter(
      (module) =>
        !environment(module.path) &&
        [...module.reaches].some((reach) => reach === 'process.env' || reach === 'env'),
    )
    expect(readers.map((module) => module.path)).toEqual([])
  })

  it('takes clock, timers, ids, randomness and network from ports, or says here why not', () => {
    const wild = modules
      .filter((module) => !OF_THE_WORLD.some((folder) => module.path.startsWith(folder)))
      .flatMap((module) =>
        [...module.reaches]
          .filter((reach) => reach !== 'process.env' && reach !== 'env')
          .filter((reach) => !excepted(module.path, reach))
          .map((reach) => `${module.path} reaches for ${reach}`),
      )
    expect(wild).toEqual([])
  })

  it('keeps no exception longer than it is needed', () => {
    const stale = Object.entries(EXCEPTIONS).flatMap(([where, reaches]) =>
      Object.keys(reaches)
        .filter(
          (reach) => !modules.some((one) => one.path.startsWith(where) && one.reaches.has(reach)),
        )
        .map((reach) => `${where}: ${reach}`),
    )
    expect(stale).toEqual([])
  })

  it.each([
    ['process.env', 'const x = process.env.HOME'],
    ['process.env', "const x = process['env']"],
    ['env', "import { env } from 'node:process'"],
    ['Date.now', 'const x = Date.now()'],
    ['Date.now', 'const clock = { now: Date.now }'],
    ['new Date()', 'const x = new Date()'],
    ['new Date()', 'const x = Date()'],
    ['performance.now', 'const x = performance.now()'],
    ['setTimeout', 'setTimeout(() => 1, 5)'],
    ['setTimeout', 'globalThis.setTimeout(() => 1, 5)'],
    ['setTimeout', "import { setTimeout as wait } from 'node:timers/promises'"],
    ['AbortSignal.timeout', 'const x = AbortSignal.timeout(5)'],
    ['Math.random', 'const x = Math.random()'],
    ['randomUUID', "import { randomUUID } from 'node:crypto'"],
    ['crypto.randomUUID', 'const x = crypto.randomUUID()'],
    ['fetch', "await fetch('https://example.org')"],
    ['fetch', "await globalThis.fetch('https://example.org')"],
  ])('sees %s in `%s`', (reach, text) => {
    expect([...readModule('src/domain/x.ts', text).reaches]).toEqual([reach])
  })

  it.each([
    'const x = new Date(5)',
    'const x = mirror.fetch(1)',
    "const x = 'Date.now()'",
    '// process.env',
    'const x = clock.now()',
  ])('sees nothing in `%s`', (text) => {
    expect([...readModule('src/domain/x.ts', text).reaches]).toEqual([])
  })
})
