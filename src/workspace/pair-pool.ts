/**
 * Pairs made ahead: for the newest head of each repository that was asked for, so that a start takes one by name
 * instead of waiting for a checkout. A pair is handed out once and never comes back.
 */
import { join } from 'node:path'
import type { RepoId, Sha } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { Git, Pair } from '../ports/git.ts'
import type { Ids } from '../ports/ids.ts'
import type { Log } from '../ports/log.ts'
import type { Layout } from './layout.ts'
import type { Trash } from './trash.ts'

export interface ReadyPair extends Pair {
  readonly id: string
}

export interface PairPool {
  /** Resolves when one pair at that head is ready; pairs at older heads are thrown away. */
  warm(repo: RepoRef, head: Sha): Promise<void>
  /** A ready pair, or one in the making, or a new one. */
  take(repo: RepoRef, base: Sha): Promise<ReadyPair>
}

export interface PoolOptions {
  readonly layout: Layout
  readonly git: Git
  readonly ids: Ids
  readonly log: Log
  readonly trash: Trash
  readonly background: (work: Promise<unknown>) => void
}

/** Ready per repository: two, because labels often come in twos and threes, and each costs a checkout of disk. */
const AHEAD = 2
/** Quiet after the last start before the next pair is made: a checkout would compete with the agent that starts. */
const QUIET = 300

interface Shelf {
  head: Sha
  /** Made or being made, in the order in which they were begun. */
  pairs: Promise<ReadyPair>[]
}

export function createPairPool(options: PoolOptions): PairPool {
  const { layout, git, ids, log, trash, background } = options
  const shelves = new Map<RepoId, Shelf>()
  let starts = 0
  let lastStart = Number.NEGATIVE_INFINITY
  let filling = false

  const make = async (repo: RepoId, base: Sha): Promise<ReadyPair> => {
    const id = ids.unique()
    return { id, ...(await git.makePair(repo, base, join(layout.pairs, id))) }
  }

  /** Begins one more pair for a shelf; one that fails is taken off again. */
  const begin = (repo: RepoId, shelf: Shelf): Promise<ReadyPair> => {
    const pair = make(repo, shelf.head)
    shelf.pairs.push(pair)
    pair.catch(() => {
      shelf.pairs = shelf.pairs.filter((each) => each !== pair)
    })
    return pair
  }

  const fill = async (): Promise<void> => {
    for (;;) {
      const lacking = [...shelves].find(([, shelf]) => shelf.pairs.length < AHEAD)
      if (lacking === undefined) return
      const wait = starts > 0 ? QUIET : lastStart + QUIET - performance.now()
      if (wait > 0) await pause(wait)
      else await begin(...lacking)
    }
  }

  const refill = (): void => {
    if (filling) return
    filling = true
    background(
      fill()
        .catch((error: unknown) => log.warn({ error }, 'no pair could be made ahead'))
        .finally(() => {
          filling = false
        }),
    )
  }

  const clear = (shelf: Shelf): void => {
    for (const pair of shelf.pairs)
      background(
        pair.then(async ({ id }) => await trash.discard(join(layout.pairs, id))).catch(ignore),
      )
  }

  return {
    warm: async (repo, head) => {
      await git.fetch(repo, head)
      const old = shelves.get(repo.id)
      if (old !== undefined && old.head !== head) clear(old)
      const shelf = old?.head === head ? old : { head, pairs: [] }
      shelves.set(repo.id, shelf)
      await (shelf.pairs[0] ?? begin(repo.id, shelf))
      refill()
    },
    take: async (repo, base) => {
      starts += 1
      try {
        const shelf = shelves.get(repo.id)
        const ready = shelf?.head === base ? shelf.pairs.shift() : undefined
        const pair = await ready?.catch(() => null)
        if (pair !== undefined && pair !== null) return pair
        await git.fetch(repo, base)
        return await make(repo.id, base)
      } finally {
        starts -= 1
        lastStart = performance.now()
        refill()
      }
    },
  }
}

const ignore = (): void => {}

/** Real time: it is the machine's load that is waited for, not a deadline of the product. */
const pause = async (milliseconds: number): Promise<void> =>
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
