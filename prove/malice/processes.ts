/** What becomes of a jail's processes when it ends, when the app is killed, and when they want to take the machine along. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Jail } from '../../src/ports/jail.ts'
import type { Bombs } from './bombs.ts'
import { livingWith, swarmScript, untilNone } from './swarm.ts'

const CHILDREN = 500
let naps = 0
const nap = (): string => `86${process.pid}.${(naps += 1)}`
const here = (name: string): string => join(import.meta.dirname, name)

export interface Swarm {
  readonly started: number
  /** Milliseconds until the last was gone; null: some survived ten seconds. */
  readonly gone: number | null
  readonly left: number
}

/** `home`: a folder that the swarm may have. */
export async function endSwarm(jail: Jail, home: string): Promise<Swarm> {
  const word = nap()
  const jailed = await jail.start({
    argv: ['sh', '-c', swarmScript(word, CHILDREN)],
    cwd: home,
    env: {},
    writable: [],
    readable: [],
    home,
    network: 'none',
  })
  await once(jailed.stdout, 'data')
  const started = await livingWith(word)
  const began = performance.now()
  await jailed.end(0)
  // What its end has promised holds at once; nobody is waited for.
  const left = await livingWith(word)
  return { started, gone: left === 0 ? Math.round(performance.now() - began) : null, left }
}

/** Kills the process that holds the jail, as the machine or a person might: −9, with no word to anybody. */
export async function killKeeper(bwrap: string): Promise<Swarm> {
  const base = await mkdtemp(join(tmpdir(), 'yard-life-'))
  const word = nap()
  const keeper = spawn(process.execPath, [here('one-life.ts'), base, bwrap, word, String(CHILDREN)])
  try {
    await once(keeper.stdout, 'data')
    const started = await livingWith(word)
    keeper.kill('SIGKILL')
    const gone = await untilNone(word)
    return { started, gone, left: await livingWith(word) }
  } finally {
    keeper.kill('SIGKILL')
    await rm(base, { recursive: true, force: true, maxRetries: 5 })
  }
}

const NOBODY = 65_534

/** A sentence that says why it cannot be tried here, or what came of it. */
export async function dropBombs(
  bwrap: string,
  given: { readonly seconds: number; readonly megabytes: number },
): Promise<Bombs | string> {
  const isRoot = process.getuid?.() === 0
  if (isRoot && !existsSync('/usr/bin/setpriv')) return 'as root, and there is no setpriv here'
  const base = await mkdtemp(join(tmpdir(), 'yard-bomb-'))
  const given2 = [here('bombs.ts'), base, bwrap, String(given.seconds), String(given.megabytes)]
  const nobody = ['--reuid', '--regid'].map((name) => `${name}=${NOBODY}`)
  const [program, args] = isRoot
    ? ['/usr/bin/setpriv', [...nobody, '--clear-groups', '--', process.execPath, ...given2]]
    : [process.execPath, given2]
  try {
    if (isRoot) {
      await chown(base, NOBODY, NOBODY)
      const told = await canRead(process.execPath)
      if (told !== null) return told
    }
    const { stdout } = await promisify(execFile)(program, args, {
      env: { PATH: process.env['PATH'], HOME: base },
      cwd: base,
      timeout: 600_000,
    })
    return JSON.parse(stdout) as Bombs
  } finally {
    await rm(base, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Whether an unprivileged user can start this very program at all: a checkout below root's own home cannot be read. */
async function canRead(node: string): Promise<string | null> {
  const given = [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    '--',
    node,
    '-e',
    'require("node:fs").readFileSync(process.argv[1])',
    here('bombs.ts'),
  ]
  return await promisify(execFile)('/usr/bin/setpriv', given).then(
    () => null,
    () => 'as root, and an unprivileged user cannot read this checkout',
  )
}
