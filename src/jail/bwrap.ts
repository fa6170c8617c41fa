/**
 * Bubblewrap: a program in namespaces of its own, which sees the system read-only and its own folders, and whose
 * whole tree dies with its pid namespace, at the latest when we die.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Ids } from '../ports/ids.ts'
import type { Jail } from '../ports/jail.ts'
import { bwrapArguments, systemMounts, type System } from './bwrap-arguments.ts'
import type { Resolve } from './gate/resolve.ts'
import { throughGate, type ClosedSpec } from './gate/through-gate.ts'
import { askTree, endTree } from './end-tree.ts'
import { launchHere } from './launch.ts'
import type { Launched, Launcher } from './launch.ts'
import { makeEtc } from './make-etc.ts'
import { descendants, identify, isAlive, MARK, signal, type ProcessId } from './process-table.ts'
import { refusalArguments, whyNot } from './program.ts'
import { jailRecords } from './records.ts'
import { programFolders, toolchainFolders, type Toolchain } from './toolchain.ts'

export interface BwrapJailOptions {
  /** Where the running jails are recorded; only ours. */
  readonly folder: string
  /** bubblewrap itself, by absolute path, as `probeBwrap` found it. */
  readonly program: string
  readonly toolchain: Toolchain
  readonly ids: Ids
  /** A folder with a short path, for the sockets of gates. */
  readonly sockets: string
  /** Starts programs; from this very process unless given. */
  readonly launch?: Launcher
  /** How names become addresses, for gates; the system's own unless given. */
  readonly resolve?: Resolve
}

export function createBwrapJail(options: BwrapJailOptions): Jail {
  const { folder, program, toolchain, ids, sockets, launch = launchHere, resolve } = options
  const records = jailRecords(join(folder, 'running'))
  const system = lazily(async () => await describeSystem(options))
  const extras = new Map<string, Promise<readonly string[]>>()
  const extra = async (name: string): Promise<readonly string[]> => {
    const known = extras.get(name) ?? programFolders(name, toolchain)
    extras.set(name, known)
    return await known
  }

  const open = async (spec: ClosedSpec, mark: string): Promise<Launched> => {
    const reason = whyNot(spec)
    const [first, ...rest] =
      reason === null
        ? [program, ...bwrapArguments(await system(), spec, await extra(spec.argv[0]))]
        : refusalArguments(reason)
    return await launch({
      program: first ?? program,
      args: rest,
      cwd: '/',
      // Handed over as bubblewrap's own environment: as arguments its values would be in everybody's `ps`.
      env: {
        HOME: spec.home,
        PATH: toolchain.path,
        TMPDIR: '/tmp',
        LANG: 'C.UTF-8',
        ...spec.env,
        [MARK]: mark,
      },
      report: true,
    })
  }

  return {
    kind: 'bwrap',
    node: process.execPath,
    reap: records.reap,
    start: async (wanted) => {
      const mark = ids.unique()
      const { spec, gate } = await throughGate(wanted, {
        sockets,
        node: process.execPath,
        ...(resolve === undefined ? {} : { resolve }),
      })
      const close = async (): Promise<void> => {
        await gate?.close()
        await records.close(mark)
      }
      await records.open(mark)
      const launched = await open(spec, mark).catch(async (error: unknown) => {
        await close()
        throw error
      })
      const outer = await identify(launched.pid)
      if (outer !== null) await records.name(mark, outer)
      const inner = innerProcess(launched.report)
      const { pid, stdin, stdout, stderr, exited } = launched
      return {
        pid,
        stdin,
        stdout,
        stderr,
        exited,
        end: async (grace) => {
          await endNamespace({ outer, inner: await inner, exited }, grace)
          await close()
        },
        denied: () => gate?.denied() ?? [],
      }
    },
  }
}

/** Process 1 of the namespace, from bubblewrap's own report; null when it did not get that far. */
async function innerProcess(report: Readable | null): Promise<ProcessId | null> {
  if (report === null) return null
  const found = REPORT.safeParse(parse(await text(report).catch(() => '')))
  return found.success ? await identify(found.data['child-pid']) : null
}

const REPORT = z.object({ 'child-pid': z.int().positive() })

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

interface Namespace {
  readonly outer: ProcessId | null
  readonly inner: ProcessId | null
  readonly exited: Promise<unknown>
}

/** Between the end of a program that was asked and bubblewrap's own, which tells how it ended. Milliseconds; it takes one. */
const LAST_WORD = 500

/** Killing process 1 kills the namespace; the kernel takes it away only after all the others. */
async function endNamespace({ outer, inner, exited }: Namespace, grace: number): Promise<void> {
  const ends = [outer, inner].filter((id) => id !== null)
  // Asked are the program and its children, never bubblewrap: it would die of it and take them along unasked.
  if (inner !== null && grace > 0) {
    await askTree(async () => await descendants(inner), grace)
    if ((await descendants(inner)).length === 0)
      await Promise.race([exited, wait(LAST_WORD, null, { ref: false })])
  }
  await Promise.all(ends.map(async (id) => await signal(id, 'SIGKILL')))
  await endTree(async () => {
    const alive = await Promise.all(ends.map(isAlive))
    return ends.filter((_, at) => alive[at])
  }, 0)
}

async function describeSystem({ folder, program, toolchain }: BwrapJailOptions): Promise<System> {
  const uid = process.getuid?.() ?? 0
  const gid = process.getgid?.() ?? 0
  // Root outside is nobody special inside: many agents refuse to run as root, and nothing there needs it.
  const user = uid === 0 ? { uid: 1000, gid: 1000 } : null
  const etc = await makeEtc(join(folder, 'etc'), user ?? { uid, gid })
  return {
    mounts: [...(await systemMounts()), ...etc],
    user,
    toolchain: await toolchainFolders(toolchain),
    // Only what is there can be covered; what is not there shows nothing.
    hidden: toolchain.hidden.filter((path) => existsSync(path)),
    room: (await canSize(program)) ? totalmem() / 4 : null,
  }
}

async function canSize(program: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--help'], { timeout: 5000, env: {} })
    return /^\s+--size /m.test(stdout)
  } catch {
    return false
  }
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return async () => {
    made ??= make()
    return await made
  }
}
