/** A book that lives as long as its process: for the doctor, which looks once, and for what is simulated. */
import { instant, type InstallationId } from '../domain/ids.ts'
import type { PaceBook, PaceChange, PaceEntry } from '../ports/pace-book.ts'

/** `now`: the book's own time, in milliseconds. `shared`: governors of several lives or processes write in it. */
export function createMemoryBook(now: () => number, shared = false): PaceBook {
  const pages = new Map<InstallationId, Omit<PaceEntry, 'now'>>()
  const listeners = new Set<(change: PaceChange | null) => void>()
  const page = (installation: InstallationId) =>
    pages.get(installation) ?? { version: 0, state: null }

  return {
    shared,
    load: (installation) => Promise.resolve({ ...page(installation), now: instant(now()) }),
    compareAndSet(installation, version, state) {
      if (page(installation).version !== version) return Promise.resolve(null)
      pages.set(installation, { version: version + 1, state })
      for (const heard of listeners) heard({ installation, version: version + 1 })
      return Promise.resolve(instant(now()))
    },
    onChanged(heard) {
      listeners.add(heard)
      return () => listeners.delete(heard)
    },
  }
}
