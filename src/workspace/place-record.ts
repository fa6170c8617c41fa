/** Which pair serves which attempt, on disk: a restart must neither lose a place nor hand a pair to a second task. */
import { renameSync, writeFileSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { repoId, sha, type AttemptId, type TaskId } from '../domain/ids.ts'
import type { Layout } from './layout.ts'

const RECORD = z.object({
  id: z.string(),
  /** A scratch place checks a base: nothing in it is anybody's work. */
  kind: z.enum(['attempt', 'scratch']),
  task: z.string().transform((value) => value as TaskId),
  attempt: z.string().transform((value) => value as AttemptId),
  repo: z.int().transform(repoId),
  base: z.string().transform(sha),
  readable: z.array(z.string()),
  home: z.string(),
  /** The task repository's configuration as it was made; absent in records of earlier versions. */
  config: z.string().optional(),
  /** The head that was last imported; null while the outbox holds nothing of this place. */
  collected: z.string().transform(sha).nullable(),
  /** Set before its work is bundled and it is renamed away, so that a restart goes on with that. */
  leaving: z.boolean(),
})

export type PlaceRecord = Readonly<z.output<typeof RECORD>>

/** Written at once: on a busy event loop two turns cost a start more than this small file does. */
export function saveRecord(layout: Layout, record: PlaceRecord): void {
  const file = fileOf(layout, record.id)
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

export const dropRecord = async (layout: Layout, id: string): Promise<void> =>
  await rm(fileOf(layout, id), { force: true })

/** One that cannot be read belongs to a pair that was never handed out; its pair is thrown away. */
export async function loadRecords(layout: Layout): Promise<readonly PlaceRecord[]> {
  const names = await readdir(layout.places)
  const loaded = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map(async (name) => {
        const text = await readFile(join(layout.places, name), 'utf8')
        const found = RECORD.safeParse(parse(text))
        return found.success ? found.data : null
      }),
  )
  return loaded.filter((record) => record !== null)
}

const fileOf = (layout: Layout, id: string): string => join(layout.places, `${id}.json`)

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}
