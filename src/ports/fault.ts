/** The world's faults, typed and classified once, at the adapter that met them. */
import type { Instant } from '../domain/ids.ts'

export type FaultKind =
  /** Did not answer, or answered 5xx: try again. */
  | 'transient'
  /** Told to wait: try again at `retryAt`. */
  | 'rate-limited'
  /** 401: our credentials are not accepted. */
  | 'unauthorised'
  /** 403 that is no rate limit: a permission is missing, or a rule of the repository forbids it. */
  | 'forbidden'
  | 'not-found'
  /** 410, 451: it was there and is gone. */
  | 'gone'
  /** 409, or a compare-and-set that was lost. */
  | 'conflict'
  /** 422: GitHub understood and refuses. */
  | 'invalid'
  /** A local resource (disk, program, memory) is missing. */
  | 'local'

/** `unknown`: the write may have happened, so look before trying again. */
export type Applied = 'no' | 'unknown'

export interface FaultFields {
  readonly kind: FaultKind
  readonly applied: Applied
  readonly status?: number
  readonly retryAt?: Instant
  /** What was attempted, such as `POST /repos/{owner}/{repo}/pulls`. */
  readonly operation: string
  readonly cause?: unknown
}

export class WorldFault extends Error {
  readonly kind: FaultKind
  readonly applied: Applied
  readonly status: number | null
  readonly retryAt: Instant | null
  readonly operation: string

  constructor(message: string, fields: FaultFields) {
    super(message, { cause: fields.cause })
    this.name = 'WorldFault'
    this.kind = fields.kind
    this.applied = fields.applied
    this.status = fields.status ?? null
    this.retryAt = fields.retryAt ?? null
    this.operation = fields.operation
  }
}

/** Worth trying again without anyone changing anything. */
export const isPassing = (error: unknown): error is WorldFault =>
  error instanceof WorldFault &&
  (error.kind === 'transient' || error.kind === 'rate-limited' || error.kind === 'conflict')
