/**
 * What a jailed program sees, as bubblewrap's arguments: the system read-only and in outline, its own folders, and
 * nothing else of the machine. Everything is absent unless it is named here (deny by default).
 */
import { lstat, readlink } from 'node:fs/promises'
import type { JailSpec } from '../ports/jail.ts'
import type { ClosedSpec } from './gate/through-gate.ts'
import { RESOLVER } from './make-etc.ts'
import { execArguments } from './program.ts'

const ROOTS = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']

/** What is the same for every jail of this machine; computed once. */
export interface System {
  readonly mounts: readonly string[]
  /** Read-only folders in which the operator's programs live. */
  readonly toolchain: readonly string[]
  /** Covered where a folder that is shown holds them: a package that we run from may hold our data folder. */
  readonly hidden: readonly string[]
  /** Whom the program is inside; null: the user that it is outside. */
  readonly user: { readonly uid: number; readonly gid: number } | null
  /** Bytes for temporary files, which lie in memory; null: this bubblewrap cannot limit them (before 0.7). */
  readonly room: number | null
}

export async function systemMounts(): Promise<readonly string[]> {
  const mounts = ['--ro-bind', '/usr', '/usr']
  for (const root of ROOTS) {
    const found = await lstat(root).catch(() => null)
    if (found?.isSymbolicLink()) mounts.push('--symlink', await readlink(root), root)
    else if (found !== null) mounts.push('--ro-bind', root, root)
  }
  return mounts
}

/** `extra`: read-only folders that this one program needs beyond the toolchain. */
export function bwrapArguments(
  system: System,
  spec: ClosedSpec,
  extra: readonly string[],
): readonly string[] {
  const { user } = system
  return [
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup-try',
    ...(spec.network === 'none' ? ['--unshare-net'] : []),
    ...(user === null
      ? []
      : ['--unshare-user', '--uid', String(user.uid), '--gid', String(user.gid)]),
    '--hostname',
    'jail',
    '--die-with-parent',
    '--new-session',
    // Run by root, bubblewrap would leave root's capabilities, with which every mount below could be undone.
    '--cap-drop',
    'ALL',
    '--info-fd',
    '3',
    ...system.mounts,
    ...(spec.network === 'open' ? ['--ro-bind-try', RESOLVER, RESOLVER] : []),
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    ...tmpfs('/dev/shm', system.room === null ? null : system.room / 2),
    ...tmpfs('/tmp', system.room),
    '--symlink',
    '/tmp',
    '/var/tmp',
    ...tmpfs('/run', system.room === null ? null : RUN_ROOM),
    ...mounts(spec, [...system.toolchain, ...extra], system.hidden),
    // These are memory too, and have no limit of their own.
    '--remount-ro',
    '/dev',
    '--remount-ro',
    '/',
    '--chdir',
    spec.cwd,
    '--',
    ...execArguments(spec.argv, { countable: true }),
  ]
}

/** Sockets and pid files. */
const RUN_ROOM = 16 * 1024 ** 2

/** Memory in the shape of a folder: without a limit of its own a file in it may take half of the machine's. */
const tmpfs = (path: string, room: number | null): readonly string[] => [
  ...(room === null ? [] : ['--size', String(Math.floor(room))]),
  '--tmpfs',
  path,
]

/** Outer folders first, so that a mount inside another is not covered by it; of two for one path the writable one counts. */
function mounts(
  spec: JailSpec,
  toolchain: readonly string[],
  hidden: readonly string[],
): readonly string[] {
  const writable = new Set([...spec.writable, spec.home])
  const shown = [...new Set([...toolchain, ...spec.readable, ...writable])]
  const covered = hidden.filter((path) => shown.some((folder) => path.startsWith(`${folder}/`)))
  return [
    ...covered.map((path) => ({ path, mount: ['--tmpfs', path] })),
    ...shown.map((path) => ({
      path,
      mount: [writable.has(path) ? '--bind' : '--ro-bind', path, path],
    })),
  ]
    .toSorted((a, b) => depth(a.path) - depth(b.path))
    .flatMap(({ mount }) => mount)
}

const depth = (path: string): number => path.split('/').length
