/** Both kinds of jail over folders of the test's own, and small ways to look at processes. */
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { createBwrapJail } from '../../src/jail/bwrap.ts'
import { createNoJail } from '../../src/jail/none.ts'
import { probeBwrap } from '../../src/jail/probe.ts'
import type { Toolchain } from '../../src/jail/toolchain.ts'
import type { Jail, JailSpec } from '../../src/ports/jail.ts'
import { ids, PATH, temporary } from '../git/world.ts'

export const toolchain = (hidden: readonly string[] = []): Toolchain => ({
  path: PATH,
  needed: [process.execPath],
  hidden: [homedir(), ...hidden],
})

const probed = await (async () => {
  const folder = await mkdtemp(join(tmpdir(), 'yard-probe-'))
  const found = await probeBwrap({ folder, sockets: folder, toolchain: toolchain(), ids })
  await rm(folder, { recursive: true })
  return found.kind === 'bwrap' ? found.program : null
})()

/** Null where bubblewrap is missing or not permitted; the tests that need it are then shown as skipped. */
export const bwrapOrNull: string | null = probed

export type Kind = Jail['kind']
export const KINDS: readonly Kind[] = ['bwrap', 'none']
/** For `context.skip`: its tests are then shown as skipped. */
export const isMissing = (kind: Kind): boolean => kind === 'bwrap' && bwrapOrNull === null

export function jailOf(kind: Kind, folder: string): Jail {
  if (kind === 'none') return createNoJail({ folder, path: PATH, ids })
  if (bwrapOrNull === null) throw new Error('no bubblewrap here')
  return createBwrapJail({
    folder,
    program: bwrapOrNull,
    sockets: tmpdir(),
    toolchain: toolchain([folder]),
    ids,
  })
}

export interface JailWorld {
  readonly folder: string
  readonly jail: Jail
  readonly work: string
  readonly home: string
  spec(argv: JailSpec['argv'], more?: Partial<JailSpec>): JailSpec
  /** Runs to the end and returns what was said. */
  run(argv: JailSpec['argv'], more?: Partial<JailSpec>): Promise<Said>
}

interface Said {
  readonly out: string
  readonly err: string
  readonly code: number | null
  readonly signal: string | null
}

export async function jailWorld(kind: Kind): Promise<JailWorld> {
  const folder = await temporary()
  const [work, home] = [join(folder, 'work'), join(folder, 'home')]
  await Promise.all([work, home].map(async (path) => await mkdir(path)))
  await mkdir(join(folder, 'jail'))
  const jail = jailOf(kind, join(folder, 'jail'))
  const spec: JailWorld['spec'] = (argv, more = {}) => ({
    argv,
    cwd: work,
    env: {},
    writable: [work],
    readable: [],
    home,
    network: 'none',
    ...more,
  })
  return {
    folder,
    jail,
    work,
    home,
    spec,
    run: async (argv, more) => {
      const jailed = await jail.start(spec(argv, more))
      jailed.stdin.end()
      const [out, err, { code, signal }] = await Promise.all([
        text(jailed.stdout),
        text(jailed.stderr),
        jailed.exited,
      ])
      await jailed.end(0)
      return { out, err, code, signal }
    },
  }
}

/** Pids of living processes whose arguments hold the word. */
export async function processesWith(word: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')
      const state = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ') Z')
      const dead = /\) [ZX]/.test(state)
      return !dead && Number(pid) !== process.pid && line.includes(word) ? Number(pid) : null
    }),
  )
  return found.filter((pid) => pid !== null)
}

/** Waits until it holds, at most ten seconds; the machine may be busy. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!(await holds())) {
    if (performance.now() > deadline)
      throw new Error(`did not happen within ten seconds: ${holds.toString()}`)
    await wait(20)
  }
}
