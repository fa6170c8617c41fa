/** What people are told of the sandbox: the weakest of those in which attempts may run. */
import type { JailKind } from '../../domain/settings.ts'
import type { EngineDeps } from '../deps.ts'

export async function jailShown({
  store,
  jailKind,
}: Pick<EngineDeps, 'store' | 'jailKind'>): Promise<JailKind> {
  const runners = await store.alive()
  if (runners.length === 0) return jailKind
  const kinds = runners.map(({ jail }) => jail)
  return kinds.includes('none') ? 'none' : (kinds[0] ?? jailKind)
}
