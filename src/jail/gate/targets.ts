/** Where a program wants to go, read strictly, and whether the list lets it. Names are judged before they are resolved: a question to a name server carries words out as well. */
import { isIP } from 'node:net'

export interface Target {
  /** In lower case; an IPv6 address without its brackets. */
  readonly host: string
  readonly port: number
}

/** What HTTP and HTTPS have of their own; an entry without a port means these. */
const USUAL_PORTS: readonly number[] = [80, 443]

/** `host:port` as after CONNECT; null: none. */
export function targetOf(authority: string): Target | null {
  const parts = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([a-zA-Z0-9._-]{1,253})):(\d{1,5})$/.exec(authority)
  if (parts === null) return null
  const [, six, name, digits] = parts
  if (six !== undefined && isIP(six) !== 6) return null
  const port = Number(digits)
  const host = (six ?? name ?? '').toLowerCase().replace(/\.$/, '')
  return host === '' || port === 0 || port > 65_535 ? null : { host, port }
}

export const sayTarget = ({ host, port }: Target): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`

interface Entry {
  readonly host: string
  /** `*.host`: names below it, and not itself. */
  readonly below: boolean
  readonly ports: readonly number[]
}

/** `written`: whether the list names this very host; only then may its address be private, if it is one. */
export type Verdict = { readonly allowed: boolean; readonly written: boolean }

export function allowList(entries: readonly string[]): (target: Target) => Verdict {
  const read = entries.map(entryOf).filter((entry) => entry !== null)
  return ({ host, port }) => {
    const met = read.filter((entry) => entry.ports.includes(port) && names(entry, host))
    return { allowed: met.length > 0, written: met.some((entry) => !entry.below) }
  }
}

function entryOf(text: string): Entry | null {
  const below = text.startsWith('*.')
  const rest = below ? text.slice(2) : text
  const bare = rest.startsWith('[') ? rest.endsWith(']') : !/:\d+$/.test(rest)
  const target = targetOf(bare ? `${rest}:443` : rest)
  return target === null
    ? null
    : { host: target.host, below, ports: bare ? USUAL_PORTS : [target.port] }
}

const names = (entry: Entry, host: string): boolean =>
  entry.below ? host.endsWith(`.${entry.host}`) : host === entry.host
