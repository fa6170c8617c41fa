/** Turns whatever a command threw into words and an exit code: a person's mistake, the world's fault, or a bug of ours. */
import { inspect } from 'node:util'
import { plain } from '../render/plain.ts'
import { CommandEnd, EXIT } from './exit.ts'

export interface Explained {
  readonly words: string
  readonly code: number
}

/** Errors of rooms that a command may not even have loaded are known by their names. */
const BY_NAME: ReadonlyMap<string, number> = new Map([
  ['FolderInUse', EXIT.unreachable],
  ['ControlFault', EXIT.unreachable],
  ['NotOurs', EXIT.unreachable],
  ['StoreTooNew', EXIT.wrong],
  ['StoreMoved', EXIT.wrong],
  ['StoreNotEmpty', EXIT.wrong],
  ['BackupUnusable', EXIT.wrong],
  ['AnchorUnreadable', EXIT.wrong],
  ['StoreTooOld', EXIT.wrong],
])
/** The kinds of `WorldFault` that somebody has to mend; all others pass or are out of reach. */
const TO_MEND: ReadonlySet<string> = new Set(['unauthorised', 'forbidden', 'invalid', 'local'])

export function explainError(error: unknown): Explained {
  if (!(error instanceof Error)) return { words: `${BUG}\n${inspect(error)}`, code: EXIT.wrong }
  if (error instanceof CommandEnd) return { words: error.message, code: error.code }
  const known = BY_NAME.get(error.name)
  if (known !== undefined) return { words: plain(error.message), code: known }
  if (error.name === 'WorldFault' && 'kind' in error) {
    const mend = TO_MEND.has(String(error.kind))
    return { words: plain(error.message), code: mend ? EXIT.wrong : EXIT.unreachable }
  }
  return (
    system(error) ??
    database(error) ?? { words: `${BUG}\n${plain(inspect(error))}`, code: EXIT.wrong }
  )
}

const BUG = 'This is a fault of Yardmaster itself. Please report it with these lines:'

/** What the operating system refused, where the person can do something about it. */
function system(error: Error): Explained | null {
  const code = 'code' in error ? String(error.code) : ''
  const port = 'port' in error ? Number(error.port) : 0
  const path = 'path' in error ? plain(String(error.path)) : ''
  switch (code) {
    case 'EADDRINUSE':
      return {
        words: `Port ${port} is taken by another process. Set PORT to a free one, or stop that process.`,
        code: EXIT.unreachable,
      }
    case 'EADDRNOTAVAIL':
      return {
        words: 'This machine has no such address. Set HOST to one it has, such as 127.0.0.1.',
        code: EXIT.wrong,
      }
    case 'EACCES':
    case 'EPERM':
      return {
        words:
          port > 0
            ? `Port ${port} may not be used by this user. Set PORT to one above 1023.`
            : `${path || 'A file'} may not be read or written by this user.`,
        code: EXIT.wrong,
      }
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ETIMEDOUT': {
      const host =
        'hostname' in error
          ? String(error.hostname)
          : 'address' in error
            ? String(error.address)
            : ''
      const place = [host, port > 0 ? String(port) : ''].filter((part) => part !== '').join(':')
      return {
        words: `${place === '' ? 'A server' : plain(place)} cannot be reached (${code}). Is it running, and is its address right?`,
        code: EXIT.unreachable,
      }
    }
    case 'ENOSPC':
      return { words: 'The disk is full. Make room and try again.', code: EXIT.wrong }
    default:
      return null
  }
}

/** What PostgreSQL refuses before it can be used, by its own codes. */
function database(error: Error): Explained | null {
  const code = 'code' in error ? String(error.code) : ''
  const words = DATABASE.get(code)
  return words === undefined ? null : { words, code: EXIT.wrong }
}

const DATABASE: ReadonlyMap<string, string> = new Map([
  ['28P01', 'PostgreSQL refuses the password in DATABASE_URL.'],
  ['28000', 'PostgreSQL refuses the user in DATABASE_URL.'],
  ['3D000', 'The database that DATABASE_URL names does not exist. Make it first (createdb).'],
  ['42501', 'The user in DATABASE_URL may not make tables. Let it own its database.'],
  ['53300', 'PostgreSQL has no connection left. Raise max_connections, or stop what holds them.'],
])
