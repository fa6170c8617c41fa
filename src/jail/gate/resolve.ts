/**
 * The address that is connected to is the one that was judged: a name is asked for once, and a second answer for it
 * (DNS rebinding) is never waited for.
 */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isPublic } from './addresses.ts'
import type { Target } from './targets.ts'

/** Every address of a name, as the system's own resolver tells; throws where there is none. */
export type Resolve = (host: string) => Promise<readonly string[]>

export const systemResolve: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address)

/** `unknown`: there is no such name. `private`: it leads to what must not be reached. */
export type Resolved =
  | { readonly kind: 'found'; readonly address: string }
  | { readonly kind: 'unknown' | 'private' }

/** `written`: the operator's list names this very host, so that an address may be private. */
export async function addressOf(
  { host }: Target,
  written: boolean,
  resolve: Resolve,
): Promise<Resolved> {
  if (isIP(host) !== 0)
    return written || isPublic(host) ? { kind: 'found', address: host } : { kind: 'private' }
  const found = await resolve(host).catch(() => [])
  const [address] = found
  if (address === undefined) return { kind: 'unknown' }
  // One private address among public ones is a sign of somebody's intent; no service of the internet has any.
  return found.every(isPublic) ? { kind: 'found', address } : { kind: 'private' }
}
