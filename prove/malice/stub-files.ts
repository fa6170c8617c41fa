/** Looks for secrets in files, environments and everywhere that /proc shows; leaves files wherever it may. */
import { execFileSync } from 'node:child_process'
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Plan } from './plan.ts'

type Tries = Record<string, number>
const count = (tries: Tries, what: string): void => void (tries[what] = (tries[what] ?? 0) + 1)

/** Not looked into: what belongs to the system and is the same for everybody, and what never ends. */
const SYSTEM = new Set(['/usr', '/proc', '/sys', '/dev', '/bin', '/sbin', '/lib', '/lib64', '/etc'])
/** Enough to walk all that a jail shows, and an end to it where there is no jail. */
const MOST_FOLDERS = 4_000
const MOST_BYTES = 1 << 20

export function lookForSecrets(plan: Plan, mark: string, tries: Tries): readonly string[] {
  const seen: string[] = []
  const judge = (what: string, where: string, read: () => string): void => {
    count(tries, what)
    try {
      if (read().includes(mark)) seen.push(`${what}: ${where}`)
    } catch {
      // It is not there for us.
    }
  }
  const text = (path: string): string => readFileSync(path, 'latin1')

  for (const path of plan.files) {
    for (const way of waysTo(path)) judge('file', way, () => text(way))
    judge('file', `a link to ${path}`, () => linked(path, (at) => symlinkSync(path, at)))
    judge('file', `a hard link to ${path}`, () => linked(path, (at) => linkSync(path, at)))
  }
  judge('mount', 'another namespace of its own', () => unmounted(plan.files))

  judge('environment', 'its own', () => JSON.stringify(process.env))
  judge('environment', 'ps', () => execFileSync('ps', ['axeww'], { encoding: 'latin1' }))
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const name of ['environ', 'cmdline', 'maps', 'status', 'auxv', 'mountinfo', 'stack'])
      judge('proc', `/proc/${pid}/${name}`, () => text(`/proc/${pid}/${name}`))
    for (const fd of list(`/proc/${pid}/fd`)) {
      const path = `/proc/${pid}/fd/${fd}`
      // What is a pipe or a terminal would be waited for.
      if (isFile(path)) judge('descriptor', path, () => text(path))
    }
    for (const root of ['root', 'cwd'])
      judge('proc', `/proc/${pid}/${root}`, () => list(`/proc/${pid}/${root}`).join())
  }
  for (const name of ['keys', 'net/unix', 'net/tcp', 'self/mountinfo', 'mounts', 'sched_debug'])
    judge('proc', `/proc/${name}`, () => text(`/proc/${name}`))
  if (!plan.walks) return seen
  walk('/', (folder, entries) => {
    for (const entry of entries) {
      const path = join(folder, entry)
      if (isFile(path)) judge('walk', path, () => text(path))
    }
  })
  return seen
}

/** Other names of the same file. */
const waysTo = (path: string): readonly string[] => [
  path,
  `/proc/self/root${path}`,
  `/proc/1/root${path}`,
  `/proc/1/cwd/../../../../../../..${path}`,
  `/proc/${process.ppid}/root${path}`,
  `${process.cwd()}/../../../../../../../../..${path}`,
]

function linked(path: string, link: (at: string) => void): string {
  const at = join(process.cwd(), `link-${Buffer.from(path).toString('base64url').slice(-40)}`)
  rmSync(at, { force: true })
  try {
    link(at)
    return readFileSync(at, 'latin1')
  } finally {
    rmSync(at, { force: true })
  }
}

/** With a user namespace of its own it has every capability, in there: it may take mounts away, if they let themselves be. */
function unmounted(files: readonly string[]): string {
  const script =
    'for p in /tmp /run /home /root /var /dev /proc; do umount -l $p; mount --bind / $p; done; cat "$@"; mount -t proc proc /proc; cat /proc/1/environ; :'
  const given = ['-Urmpf', 'sh', '-c', script, 'sh', ...files]
  return execFileSync('unshare', given, { encoding: 'latin1', stdio: ['ignore', 'pipe', 'ignore'] })
}

export function leaveEverywhere(plan: Plan, tries: Tries): readonly string[] {
  const written: string[] = []
  walk('/', (folder) => {
    count(tries, 'write')
    try {
      writeFileSync(join(folder, plan.leave), 'left behind')
      mkdirSync(join(folder, `.${plan.leave}`))
      written.push(folder)
    } catch {
      // Not writable, or full.
    }
  })
  return written
}

export function lookForLeftovers(plan: Plan, tries: Tries): readonly string[] {
  const met: string[] = []
  walk('/', (folder, entries) => {
    count(tries, 'leftover')
    if (entries.some((entry) => entry.includes(plan.leave))) met.push(folder)
  })
  return met
}

function walk(from: string, visit: (folder: string, entries: readonly string[]) => void): void {
  const open = [from]
  let visited = 0
  for (
    let folder = open.pop();
    folder !== undefined && visited < MOST_FOLDERS;
    folder = open.pop()
  ) {
    visited += 1
    const entries = list(folder)
    visit(folder, entries)
    for (const entry of entries) {
      const path = join(folder, entry)
      // The packages of the machine: many, and everybody's.
      if (SYSTEM.has(path) || entry === 'node_modules') continue
      if (isFolder(path)) open.push(path)
    }
  }
}

const list = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const isFolder = (path: string): boolean => kindOf(path) === 'folder'
const isFile = (path: string): boolean => kindOf(path) === 'file'

function kindOf(path: string): 'folder' | 'file' | null {
  try {
    const found = lstatSync(path)
    if (found.isDirectory()) return 'folder'
    return found.isFile() && found.size <= MOST_BYTES ? 'file' : null
  } catch {
    return null
  }
}
