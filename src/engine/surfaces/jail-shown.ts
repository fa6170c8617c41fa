/** What people are told of the sandbox: the weakest of those in which attempts may run. */
import type { EngineDeps } from '../deps.ts'

export async function jailShown({
  store,
  jailKind,
}: Pick<EngineDeps, 'store' | 'jailKind'>): Promise<'bwrap' | 'none'> {
  const runners = await store.alive()
  if (runners.length === 0) return jailKind
  return runners.some(({ jail }) => jail === 'none') ? 'none' : 'bwrap'
}
