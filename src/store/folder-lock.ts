/**
 * One process per data folder: two on the same files corrupt them. The lock is a small file per
 * process that names its pid and start time, so the lock of a dead process never stands in the way.
 */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { startOfProcess } from './process-start.ts'

/** The folder belongs to a live process. A person's mistake, so the message says what to do. */
export class FolderInUse extends Error {
  /** As its own machine or container counts. */
  readonly pid: number
  readonly folder: string

  constructor(pid: number, folder: string, here: boolean) {
    super(
      here
        ? `The data folder ${folder} is in use by process ${pid}. ` +
            `Stop that process first (kill ${pid}), or give this one a folder of its own.`
        : `The data folder ${folder} is in use by process ${pid} of another container or machine. ` +
            'Stop that one first, or give this one a folder of its own.',
    )
    this.name = 'FolderInUse'
    this.pid = pid
    this.folder = folder
  }
}

export interface FolderLock {
  release(): void
}

interface Holder {
  readonly file: string
  readonly pid: number
  readonly start: string
  /** Where the pid counts: the same number means another process in another container. */
  readonly where: string
}

const PREFIX = 'lock.'
/** The holder touches its file this often, in milliseconds, for those who cannot see its process. */
const TOUCH = 4_000
/** A holder that cannot be seen and does not touch its file for this long is dead. */
const WATCH = 15_000

/**
 * Takes the folder, which must exist. Each contender first writes its own file and then looks for
 * others: of two that come at once, at least one sees the other, so never do both hold it.
 */
export async function lockFolder(folder: string, clock: Clock, log: Log): Promise<FolderLock> {
  const start = startOfProcess(process.pid) ?? 'unknown'
  const file = path.join(folder, `${PREFIX}${process.pid}.${start}.${placeOfPids()}`)
  const ours: Holder = { file, pid: process.pid, start, where: placeOfPids() }
  if (fs.existsSync(file)) throw new FolderInUse(process.pid, folder, true)
  fs.writeFileSync(file, '', { flag: 'wx', mode: 0o600 })
  const touching = setInterval(() => touch(file), TOUCH)
  touching.unref()
  const release = () => {
    clearInterval(touching)
    fs.rmSync(file, { force: true })
  }
  try {
    for (const other of holdersOf(folder)) {
      if (other.file === file) continue
      const here = other.where === ours.where
      if (here ? isAlive(other) : await isTouched(other.file, clock, log))
        throw new FolderInUse(other.pid, folder, here)
      fs.rmSync(other.file, { force: true })
    }
    return { release }
  } catch (error) {
    release()
    throw error
  }
}

function holdersOf(folder: string): readonly Holder[] {
  const names = fs.readdirSync(folder).filter((name) => name.startsWith(PREFIX))
  return names.map((name) => {
    const [, pid = '', start = '', where = ''] = name.split('.')
    return { file: path.join(folder, name), pid: Number(pid), start, where }
  })
}

/** Pids are used again; a process that started at another time is another process. */
function isAlive({ pid, start }: Holder): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  const found = startOfProcess(pid)
  return found !== null && (found === start || start === 'unknown' || found === 'unknown')
}

/** A holder whose process cannot be seen from here (a volume shared by containers) is watched. */
async function isTouched(file: string, clock: Clock, log: Log): Promise<boolean> {
  const before = touchedAt(file)
  log.info({ lock: file }, 'a lock of another container or machine: watching whether it is alive')
  await clock.sleep(WATCH)
  const now = touchedAt(file)
  return now !== null && now !== before
}

function touchedAt(file: string): number | null {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null
}

function touch(file: string): void {
  const now = new Date()
  // Gone with its folder, or on a full disk: the lock is a courtesy then, and no reason to fail.
  fs.utimes(file, now, now, () => {})
}

/** Names the machine and, on Linux, the pid namespace that containers have for themselves. */
function placeOfPids(): string {
  const namespace = process.platform === 'linux' ? fs.readlinkSync('/proc/self/ns/pid') : ''
  return createHash('sha256').update(`${os.hostname()} ${namespace}`).digest('hex').slice(0, 12)
}
