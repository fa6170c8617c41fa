/**
 * Which jails this process has started, on disk, so that the next one can end what a kill −9 left behind.
 * A record is written before the program starts: from then on its mark alone suffices to find the tree.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { endTree } from './end-tree.ts'
import { descendants, isAlive, marked, type ProcessId } from './process-table.ts'

/** The file's name is the mark itself, so that a record cut short by a crash still says enough. */
interface JailRecord {
  readonly mark: string
  /** A reboot ends every process and starts the numbering anew. Null: unreadable. */
  readonly boot: string | null
  /** Null: not started yet, or unreadable. */
  readonly root: ProcessId | null
}

export interface Records {
  readonly open: (mark: string) => Promise<void>
  /** Adds the first process, which is found even when it drops the mark. */
  readonly name: (mark: string, root: ProcessId) => Promise<void>
  readonly close: (mark: string) => Promise<void>
  readonly reap: () => Promise<number>
}

export function jailRecords(folder: string): Records {
  const file = (mark: string): string => join(folder, `${mark}.json`)
  const save = async (mark: string, root: ProcessId | null): Promise<void> => {
    // At once, not by turns: each turn of a busy event loop took longer (30 ms) than all of this (0.1 ms).
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(file(mark), JSON.stringify({ boot: bootId(), root }), { mode: 0o600 })
  }
  const live = new Set<string>()
  return {
    open: async (mark) => {
      live.add(mark)
      await save(mark, null)
    },
    name: save,
    close: async (mark) => {
      live.delete(mark)
      await rm(file(mark), { force: true })
    },
    reap: async () => {
      const names = await readdir(folder).catch(() => [])
      const marks = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5))
      let ended = 0
      for (const mark of marks.filter((each) => !live.has(each))) {
        if (await endLeft(await load(mark, file(mark)))) ended += 1
        await rm(file(mark), { force: true })
      }
      return ended
    },
  }
}

/** True when there was something to end. */
async function endLeft({ mark, boot, root }: JailRecord): Promise<boolean> {
  if (boot !== null && boot !== bootId()) return false
  const members = async (): Promise<readonly ProcessId[]> => {
    const found = new Map((await marked(mark, 0)).map((id) => [id.pid, id]))
    if (root !== null && (await isAlive(root)))
      for (const id of [root, ...(await descendants(root))]) found.set(id.pid, id)
    return [...found.values()]
  }
  if ((await members()).length === 0) return false
  await endTree(members, 0)
  return true
}

const RECORD = z.object({
  boot: z.string(),
  root: z.object({ pid: z.int().positive(), start: z.number() }).nullable(),
})

async function load(mark: string, path: string): Promise<JailRecord> {
  try {
    return { mark, ...RECORD.parse(JSON.parse(await readFile(path, 'utf8'))) }
  } catch {
    return { mark, boot: null, root: null }
  }
}

let known: string | null = null
/** A reboot ends every process and starts the numbering of pids anew. */
export function bootId(): string {
  known ??= readBootId()
  return known
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return 'unknown'
  }
}
