/** When a process started: with its pid, the name of one process for all time. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'

/** In the system's own unit and without dots; null when there is no such process. */
export function startOfProcess(pid: number): string | null {
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
