/** The places that are handed out, and how one is put away: its unpushed work first made safe, then the folder renamed, then deleted. */
import { readFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { AttemptId, RepoId, TaskId } from '../domain/ids.ts'
import type { Log } from '../ports/log.ts'
import type { Place } from '../ports/workspace.ts'
import { bundleWork, type Bundler } from './bundle-work.ts'
import { fileName } from './layout.ts'
import type { ReadyPair } from './pair-pool.ts'
import { dropRecord, loadRecords, saveRecord, type PlaceRecord } from './place-record.ts'
import type { Trash } from './trash.ts'

export interface Tenant {
  readonly kind: PlaceRecord['kind']
  readonly repo: RepoId
  readonly task: TaskId
  readonly attempt: AttemptId
  readonly home: string
}

/** `at`: the place as it was handed out, whatever the one who asks holds in its hands. */
export interface Found {
  readonly record: PlaceRecord
  readonly at: Place
}

export interface Places {
  /** Reads what an earlier life has handed out; returns what it did not finish putting away. */
  readonly load: () => Promise<readonly PlaceRecord[]>
  readonly assign: (pair: ReadyPair, tenant: Tenant) => Promise<Place>
  /** The same place, from now on in the hands of another attempt. What it collected before does not speak for what it does now. */
  readonly handOver: (record: PlaceRecord, attempt: AttemptId) => Promise<Place>
  readonly find: (place: Place) => Found | null
  readonly of: (task: TaskId) => readonly PlaceRecord[]
  /** Tasks with a place. */
  readonly tenants: () => readonly TaskId[]
  readonly isHeld: (pair: string) => boolean
  readonly update: (record: PlaceRecord) => Promise<void>
  readonly putAway: (record: PlaceRecord) => Promise<void>
}

export interface PlacesOptions extends Bundler {
  readonly trash: Trash
  readonly log: Log
}

const WORDS = {
  message: 'Keep unfinished work',
  author: { name: 'yardmaster', email: 'yardmaster@localhost' },
}

export function createPlaces(options: PlacesOptions): Places {
  const { layout, trash, log } = options
  const records = new Map<string, PlaceRecord>()
  const leaving = new Map<string, Promise<void>>()
  const save = async (record: PlaceRecord): Promise<void> => {
    records.set(record.id, record)
    saveRecord(layout, record)
  }

  const putAway = async (record: PlaceRecord): Promise<void> => {
    await save({ ...record, leaving: true })
    if (record.kind === 'attempt') await keepWork(options, record, log)
    await trash.discard(join(layout.pairs, record.id))
    if (record.kind === 'scratch') await trash.discard(record.home)
    records.delete(record.id)
    await dropRecord(layout, record.id)
  }

  return {
    load: async () => {
      for (const record of await loadRecords(layout)) records.set(record.id, record)
      return [...records.values()].filter(({ kind, leaving: gone }) => gone || kind === 'scratch')
    },
    assign: async (pair, tenant) => {
      const { id, base, readable } = pair
      const record = {
        id,
        base,
        readable: [...readable],
        config: readFileSync(join(pair.repository, 'config'), 'utf8'),
        ...tenant,
        collected: null,
        leaving: false,
      }
      await save(record)
      const place = placeOf(options, record)
      await Promise.all([
        mkdir(place.exchange, { recursive: true, mode: 0o700 }),
        mkdir(place.home, { recursive: true, mode: 0o700 }),
      ])
      return place
    },
    handOver: async (record, attempt) => {
      const next = { ...record, attempt, collected: null }
      await save(next)
      return placeOf(options, next)
    },
    find: (place) => {
      const id = basename(dirname(place.worktree))
      const record = records.get(id)
      return record === undefined ? null : { record, at: placeOf(options, record) }
    },
    of: (task) =>
      [...records.values()].filter((record) => record.task === task && record.kind === 'attempt'),
    tenants: () => [
      ...new Set(
        [...records.values()].filter(({ kind }) => kind === 'attempt').map(({ task }) => task),
      ),
    ],
    isHeld: (pair) => records.has(pair),
    update: save,
    putAway: async (record) => {
      // Asked for twice (a new attempt, then the end of the task) it happens once.
      const known = leaving.get(record.id)
      if (known !== undefined) return await known
      const work = putAway(record).finally(() => leaving.delete(record.id))
      leaving.set(record.id, work)
      return await work
    },
  }
}

const placeOf = (
  { layout }: Bundler,
  { id, task, attempt, base, readable, home }: PlaceRecord,
): Place => {
  const folder = join(layout.pairs, id)
  return {
    task,
    attempt,
    repository: join(folder, 'repository'),
    worktree: join(folder, 'worktree'),
    exchange: join(folder, 'exchange'),
    home,
    readable,
    base,
  }
}

/** What cannot be bundled is kept as it is: nothing that may be somebody's work is deleted unseen. */
async function keepWork(bundler: Bundler, record: PlaceRecord, log: Log): Promise<void> {
  const { kept, pairs } = bundler.layout
  const target = join(kept, `${fileName(record.attempt)}.${record.id}`)
  const { attempt, collected } = record
  try {
    // Of a life that ended between bundling and renaming.
    await rm(`${target}.bundle`, { force: true })
    const work = {
      place: placeOf(bundler, record),
      words: WORDS,
      safe: collected,
      without: null,
      target: `${target}.bundle`,
    }
    if (await bundleWork(bundler, work))
      log.info({ attempt, file: work.target }, 'unpushed work was kept')
  } catch (error) {
    const moved = await rename(join(pairs, record.id), target).then(
      () => true,
      () => false,
    )
    log.warn(
      { attempt, error, folder: moved ? target : null },
      'unpushed work could not be bundled',
    )
  }
}
