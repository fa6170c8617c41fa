/**
 * Turns the kill switch file into a pause of the whole yard, and its absence into the end of that pause. The pause is
 * in the store, so all apps on it obey, and it stays while the app whose folder holds the file is down: only that app,
 * or `resume --all`, ends it.
 */
import { fileScope, inEffect, stop } from '../domain/pause.ts'
import type { Pause } from '../domain/pause.ts'
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'

/** No start later than a second after the file is there, even where its folder cannot be watched. Milliseconds. */
const LOOK = 500

/** Resolves when the first look is done: nothing may start before it. */
export async function startKillSwitch(
  deps: Pick<EngineDeps, 'store' | 'clock' | 'log' | 'killSwitch'>,
  onChanged: () => void,
): Promise<Pick<Loop, 'stop'>> {
  const { store, clock, log, killSwitch } = deps
  if (killSwitch === undefined) return { stop: async () => {} }
  const scope = fileScope(killSwitch.where)
  let known: 'unknown' | 'there' | 'absent' = 'unknown'

  async function turn(tell: () => void): Promise<void> {
    if (killSwitch === undefined) return
    const text = await killSwitch.look()
    if (text === null && known === 'absent') return
    const pauses = (await store.admission.pauses()).filter((one) => inEffect(one, clock.now()))
    const own = pauses.find(isOwn)
    if (text !== null && own?.reason !== text) {
      await store.admission.pause(stop(scope, { reason: text }))
      log.warn({ file: killSwitch.where, reason: text }, 'the kill switch is set: no work starts')
      tell()
    }
    const over = text === null ? pauses.filter(known === 'unknown' ? isOurs : isOwn) : []
    for (const pause of over) await store.admission.unpause(pause.scope)
    if (over.length > 0) {
      log.info({ file: killSwitch.where }, 'the kill switch is gone: work goes on')
      tell()
    }
    known = text === null ? 'absent' : 'there'
  }

  const isOwn = (pause: Pause): boolean => pause.scope === scope
  /** Nobody else uses an embedded store: what another folder's file once said (a restored backup, a moved folder) is over. */
  const isOurs = (pause: Pause): boolean =>
    isOwn(pause) || (store.kind === 'embedded' && pause.scope.startsWith(fileScope('')))

  await turn(() => {})
  const loop = startLoop({ name: 'kill switch', clock, log, every: () => LOOK }, () =>
    turn(onChanged),
  )
  let unwatch = (): void => {}
  try {
    unwatch = killSwitch.watch(() => loop.poke())
  } catch (error) {
    log.warn(
      { error },
      'the data folder cannot be watched; the kill switch is looked at twice a second',
    )
  }
  return {
    async stop() {
      unwatch()
      await loop.stop()
    },
  }
}
