/**
 * Answers of reads that repeat, kept with their tags: the next time GitHub is asked whether anything changed, and "not
 * modified" costs nothing of the hour's budget. Bounded; whatever does not fit is asked for whole.
 */
import type { Reply } from './exchange.ts'
import { PER_PAGE, hasNext } from './pages.ts'

interface Kept {
  readonly etag: string
  readonly reply: Reply
  readonly size: number
}

export interface Replies {
  /** What is known of an earlier answer to the same question. */
  recall(key: string): { readonly etag: string; readonly reply: Reply } | null
  keep(key: string, reply: Reply): void
}

// Characters of JSON. Judgements: the comments of a long issue are some 100,000.
const LARGEST = 500_000
const ALL = 8_000_000

export function createReplies(all = ALL): Replies {
  /** The oldest use first. */
  const kept = new Map<string, Kept>()
  let size = 0

  function drop(key: string): void {
    size -= kept.get(key)?.size ?? 0
    kept.delete(key)
  }

  return {
    recall(key) {
      const known = kept.get(key)
      if (known === undefined) return null
      kept.delete(key)
      kept.set(key, known)
      return known
    },
    keep(key, reply) {
      drop(key)
      const { etag } = reply.headers
      if (typeof etag !== 'string' || mayGrowUnseen(reply)) return
      const length = JSON.stringify(reply.data).length
      if (length > Math.min(LARGEST, all)) return
      kept.set(key, { etag, reply, size: length })
      size += length
      for (const oldest of kept.keys()) {
        if (size <= all) return
        drop(oldest)
      }
    },
  }
}

/** A full last page: what comes next begins a page of its own, and this one's tag would hide that there is one. */
function mayGrowUnseen({ data, headers }: Reply): boolean {
  const { link } = headers
  const items = Array.isArray(data) ? data.length : longestListIn(data)
  return items >= PER_PAGE && !hasNext(typeof link === 'string' ? link : undefined)
}

/** Some lists come with their count beside them. */
function longestListIn(data: unknown): number {
  if (typeof data !== 'object' || data === null) return 0
  return Math.max(
    0,
    ...Object.values(data).map((value: unknown) => (Array.isArray(value) ? value.length : 0)),
  )
}
