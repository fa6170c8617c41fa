/**
 * Reads /proc: who lives, who is whose child, who carries a jail's mark. A process is named by its pid and its
 * start time together, because pids are used again.
 */
import { readFileSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'

export interface ProcessId {
  readonly pid: number
  /** Clock ticks since boot, as in field 22 of /proc/<pid>/stat. */
  readonly start: number
}

interface ProcessRow extends ProcessId {
  readonly parent: number
  readonly zombie: boolean
}

/** The variable that every process of a jail inherits, so that one which left its group, session and parent is still found. */
export const MARK = 'YARDMASTER_JAIL'

/** The full name of a process that we have just started; null when it is gone already. */
export async function identify(pid: number): Promise<ProcessId | null> {
  const row = readRow(pid)
  return row === null ? null : { pid, start: row.start }
}

/** A zombie counts as gone. */
export async function isAlive(id: ProcessId): Promise<boolean> {
  const row = readRow(id.pid)
  return row !== null && !row.zombie && row.start === id.start
}

/** Signals exactly that process; one that is gone, or whose pid belongs to another by now, is left alone. */
export async function signal(id: ProcessId, name: NodeJS.Signals): Promise<void> {
  if (!(await isAlive(id))) return
  try {
    process.kill(id.pid, name)
  } catch {
    // It ended in between, or is not ours to signal.
  }
}

/** The living descendants of a process, without itself. */
export async function descendants(root: ProcessId): Promise<readonly ProcessId[]> {
  const rows = await readTable(root.start)
  const known = rows.some((row) => row.pid === root.pid && row.start === root.start)
  return known ? below(rows, new Set([root.pid])) : []
}

/**
 * Every living process that carries the mark, and all their descendants. `since`: the start time of the jail's
 * first process; nothing older is looked at, which spares reading the environment of most of the machine.
 */
export async function marked(mark: string, since: number): Promise<readonly ProcessId[]> {
  const rows = await readTable(since)
  const hits = await Promise.all(
    rows.map(async (row) => (!row.zombie && (await carries(row.pid, mark)) ? row : null)),
  )
  const found = hits.filter((row) => row !== null)
  const seen = new Set(found.map((row) => row.pid))
  return [...found, ...below(rows, seen)].map(({ pid, start }) => ({ pid, start }))
}

function below(rows: readonly ProcessRow[], roots: ReadonlySet<number>): readonly ProcessId[] {
  const children = Map.groupBy(rows, (row) => row.parent)
  const seen = new Set(roots)
  const found: ProcessId[] = []
  const open = [...roots]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    for (const child of children.get(pid) ?? []) {
      if (seen.has(child.pid)) continue
      seen.add(child.pid)
      open.push(child.pid)
      if (!child.zombie) found.push({ pid: child.pid, start: child.start })
    }
  }
  return found
}

async function readTable(since: number): Promise<readonly ProcessRow[]> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const rows = await Promise.all(names.map(async (name) => readRow(Number(name))))
  return rows.filter((row) => row !== null).filter((row) => row.start >= since)
}

function readRow(pid: number): ProcessRow | null {
  const text = readStat(pid)
  if (text === null) return null
  // The name in parentheses may hold spaces and parentheses of its own; the fields follow the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return {
    pid,
    parent: Number(fields[1]),
    start: Number(fields[19]),
    zombie: fields[0] === 'Z' || fields[0] === 'X',
  }
}

/** At once: the kernel answers from memory, and a turn of a busy event loop takes a thousand times as long. */
function readStat(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return null
  }
}

async function carries(pid: number, mark: string): Promise<boolean> {
  try {
    const { uid } = await stat(`/proc/${pid}`)
    if (uid !== process.getuid?.()) return false
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1')
    return environment.split('\0').includes(`${MARK}=${mark}`)
  } catch {
    return false
  }
}
