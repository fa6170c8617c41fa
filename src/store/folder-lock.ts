/**
 * One process per data folder: two on the same files corrupt them. The lock is a small file per
 * process that names its pid and start time, so the lock of a dead process never stands in the way.
 */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

/** The folder belongs to a live process. A person's mistake, so the message says what to do. */
export class FolderInUse extends Error {
  readonly pid: number
  readonly folder: string

  constructor(pid: number, folder: string) {
    super(
      `The data folder ${folder} is in use by process ${pid}. ` +
        `Stop that process first (kill ${pid}), or give this one a folder of its own.`,
    )
    this.name = 'FolderInUse'
    this.pid = pid
    this.folder = folder
  }
}

export interface FolderLock {
  release(): void
}

const PREFIX = 'lock.'

/**
 * Takes the folder, which must exist. Each contender first writes its own file and then looks for
 * others: of two that come at once, at least one sees the other, so never do both hold it.
 */
export function lockFolder(folder: string): FolderLock {
  const ours = `${PREFIX}${process.pid}.${startOf(process.pid) ?? 'unknown'}`
  const file = path.join(folder, ours)
  if (fs.existsSync(file)) throw new FolderInUse(process.pid, folder)
  fs.writeFileSync(file, '', { flag: 'wx', mode: 0o600 })
  const release = () => fs.rmSync(file, { force: true })
  for (const name of fs.readdirSync(folder)) {
    if (!name.startsWith(PREFIX) || name === ours) continue
    const [, pid = '', start = ''] = name.split('.')
    if (isAlive(Number(pid), start)) {
      release()
      throw new FolderInUse(Number(pid), folder)
    }
    fs.rmSync(path.join(folder, name), { force: true })
  }
  return { release }
}

/** Pids are used again; a process that started at another time is another process. */
function isAlive(pid: number, start: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  const found = startOf(pid)
  return found !== null && (found === start || start === 'unknown' || found === 'unknown')
}

/** When a process started, in the system's own unit without dots; null when there is no such process. */
function startOf(pid: number): string | null {
  if (process.platform === 'linux') return startFromProc(pid)
  try {
    const at = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
    return at.replaceAll(/\W+/g, '-') || null
  } catch {
    return existsAtAll(pid) ? 'unknown' : null
  }
}

/** Field 22 of `/proc/<pid>/stat`, in clock ticks since boot. The name in field 2 may hold anything. */
function startFromProc(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie holds no files any more.
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? 'unknown')
  } catch {
    return null
  }
}

function existsAtAll(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
