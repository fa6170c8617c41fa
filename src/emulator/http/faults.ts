// Faults that a test plants: an answer in place of GitHub's, with the write done before it (the
// reply is lost), long after it, or not at all.

export type Fault = {
  readonly match: {
    readonly method?: string
    /** Of the API path without `/api/v3`, such as `/repos/acme/shop/issues/1/comments`, or of a git path. */
    readonly path?: RegExp
    /** Such as `issues/create-comment`, `graphql`, `git-receive-pack`. */
    readonly operation?: string
  }
  /** How many requests it meets; 1 by default. */
  readonly times?: number
  /** Requests that match and still pass before it strikes; 0 by default. */
  readonly skip?: number
  readonly answer:
    | {
        readonly status: number
        readonly headers?: Readonly<Record<string, string>>
        readonly body?: unknown
      }
    /** The connection is cut. */
    | 'reset'
    /** Nothing is answered until the client gives up. */
    | 'timeout'
  /**
   * `before`: done, then the fault. `after`: the fault, then done (`lateMs` later; not for git, whose
   * request is gone by then). Default `not`.
   */
  readonly applied?: 'before' | 'after' | 'not'
  readonly lateMs?: number
}

export type Target = {
  readonly method: string
  readonly path: string
  readonly operation: string | null
}

type Planted = { readonly fault: Fault; left: number; skip: number }

export class Faults {
  readonly #planted: Planted[] = []
  readonly #late = new Set<NodeJS.Timeout>()

  add(fault: Fault): void {
    this.#planted.push({ fault, left: fault.times ?? 1, skip: fault.skip ?? 0 })
  }

  clear(): void {
    this.#planted.length = 0
  }

  /** The operations of faults that were planted and are still to come. */
  get unmet(): readonly string[] {
    return this.#planted.flatMap(({ fault, left }) =>
      left > 0 ? [fault.match.operation ?? ''] : [],
    )
  }

  /** How many strikes are still to come: 0 means that a test's fault was really met. */
  get left(): number {
    return this.#planted.reduce((sum, one) => sum + one.left, 0)
  }

  take(target: Target): Fault | null {
    for (const planted of this.#planted) {
      if (planted.left === 0 || !matches(planted.fault, target)) continue
      if (planted.skip > 0) {
        planted.skip -= 1
        continue
      }
      planted.left -= 1
      return planted.fault
    }
    return null
  }

  /** Does the write of an `after` fault once its time has come. */
  later(fault: Fault, work: () => Promise<unknown>): void {
    const timer = setTimeout(() => {
      this.#late.delete(timer)
      // What it refuses is part of the fault: nobody is left to hear of it.
      void work().catch(() => {})
    }, fault.lateMs ?? 50)
    this.#late.add(timer)
  }

  close(): void {
    for (const timer of this.#late) clearTimeout(timer)
  }
}

function matches({ match }: Fault, target: Target): boolean {
  if (match.method !== undefined && match.method !== target.method) return false
  if (match.path !== undefined && !match.path.test(target.path)) return false
  return match.operation === undefined || match.operation === target.operation
}
