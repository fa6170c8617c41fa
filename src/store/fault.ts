/** What the database throws, classified once: the world's faults become `WorldFault`, our own bugs stay what they are. */
import { WorldFault } from '../ports/fault.ts'
import type { FaultKind } from '../ports/fault.ts'
import { EmbeddedStopped } from './fail-stop.ts'

/** The SQLSTATE of an error or of what caused it; null when it did not come from the database. */
export function sqlState(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code)) return at.code
  return null
}

const LOCAL_CODES = new Set(['ENOSPC', 'EIO', 'EROFS', 'EACCES', 'EDQUOT', 'EMFILE', 'ENFILE'])
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])
/** How node-postgres and PGlite say, without a code, that there is nobody to talk to. */
const GONE =
  /connection terminated|query read timeout|timeout exceeded when trying to connect|cannot use a pool after|PGlite is clos|client has encountered a connection error/i
function kindOf(error: unknown): FaultKind | null {
  const state = sqlState(error)
  // 53: out of disk, memory, connections. 58: the machine's input and output.
  if (state !== null && (state.startsWith('53') || state.startsWith('58')))
    return state === '53300' ? 'transient' : 'local'
  // 08: connection. 57P: shut down, being started, cancelled. 40: rolled back for others' sake.
  if (state !== null && /^(?:08|57|40|55P03)/.test(state)) return 'transient'
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : ''
    if (LOCAL_CODES.has(code)) return 'local'
    if (NETWORK_CODES.has(code) || GONE.test(at.message)) return 'transient'
    if (at instanceof EmbeddedStopped) return 'local'
  }
  return null
}

/**
 * What an error means to the engine: a fault of the world, or our own bug under its own name. Drizzle's
 * wrapper is taken off, because its message repeats the whole statement with all its values.
 */
export function translate(operation: string, error: unknown): unknown {
  if (error instanceof WorldFault) return error
  const cause = error instanceof Error && 'query' in error ? error.cause : error
  const words = cause instanceof Error ? cause.message : String(cause)
  const kind = kindOf(error)
  if (kind === null) return cause === error ? error : new Error(`${operation}: ${words}`, { cause })
  const message = `the store did not answer (${operation}): ${words}`
  return new WorldFault(message, { kind, applied: 'unknown', operation, cause })
}

type Method = (...args: readonly unknown[]) => Promise<unknown>

/** The same methods, whose errors are translated. The room's methods must be async and free of `this`. */
export function guardRoom<T extends object>(name: string, room: T): T {
  const guarded = Object.entries(room as Record<string, Method>).map(([method, run]) => {
    const operation = `${name}.${method}`
    const guard: Method = async (...args) => {
      try {
        return await run(...args)
      } catch (error) {
        throw translate(operation, error)
      }
    }
    return [method, guard] as const
  })
  return Object.fromEntries(guarded) as T
}
