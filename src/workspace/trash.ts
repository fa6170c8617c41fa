/**
 * Throws folders away in two steps: a rename at once, the deletion later and in the jail, in a process of its own:
 * deleting thousands of files would keep the threads busy that everybody's file calls share.
 */
import { readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ids } from '../ports/ids.ts'
import type { Jail } from '../ports/jail.ts'
import type { Log } from '../ports/log.ts'
import { runJailed } from './jailed-run.ts'
import type { Layout } from './layout.ts'

export interface Trash {
  /** Renames a folder away; one that is not there is fine. The deletion goes on in the background. */
  discard(path: string): Promise<void>
  /** Deletes what an earlier life has left here. */
  empty(): Promise<void>
}

export interface TrashOptions {
  readonly layout: Layout
  readonly jail: Jail
  readonly ids: Ids
  readonly log: Log
  /** Keeps background work in view, for `settle`. */
  readonly background: (work: Promise<unknown>) => void
}

/** Folders without write permission (Go's module cache is full of them) need it back before they can go. */
const DELETE = 'rm -rf -- "$@" 2>/dev/null || { chmod -R u+rwx -- "$@"; rm -rf -- "$@"; }'
/** A million files take minutes. */
const LIMIT = 1_800_000

export function createTrash({ layout, jail, ids, log, background }: TrashOptions): Trash {
  // One at a time: it is never urgent.
  let last: Promise<unknown> = Promise.resolve()
  const remove = (paths: readonly string[]): void => {
    if (paths.length === 0) return
    last = last
      .then(async () => await deleteIn(layout, jail, paths))
      .catch((error: unknown) => {
        log.warn(
          { error, paths },
          'trash could not be deleted; it is tried again at the next start',
        )
      })
    background(last)
  }
  return {
    discard: async (path) => {
      const away = join(layout.trash, ids.unique())
      const there = await rename(path, away).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
          throw error
        },
      )
      if (there) remove([away])
    },
    empty: async () => {
      const names = await readdir(layout.trash)
      remove(names.map((name) => join(layout.trash, name)))
    },
  }
}

async function deleteIn(layout: Layout, jail: Jail, paths: readonly string[]): Promise<void> {
  const { code, output } = await runJailed(
    jail,
    {
      argv: ['nice', '-n', '19', '/bin/sh', '-c', DELETE, 'sh', ...paths],
      cwd: layout.trash,
      env: {},
      writable: [layout.trash],
      readable: [],
      home: layout.own,
      network: 'none',
    },
    { input: '', stop: LIMIT },
  )
  if (code !== 0) throw new Error(`deleting ended with ${code ?? 'its time limit'}: ${output}`)
}
