/**
 * Notices when the store is gone for good. The embedded database stops when it cannot write its log any more, and
 * answers nothing until it is opened again: whoever runs Yardmaster must start it anew, so it has to end.
 */
import { WorldFault } from '../ports/fault.ts'
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'

/** A judgement: rare enough to cost nothing, soon enough that no webhook is refused for long. Milliseconds. */
const LOOK = 5_000

export interface StoreWatch {
  readonly broken: Promise<string>
  stop(): Promise<void>
}

export function watchStore({
  store,
  clock,
  log,
}: Pick<EngineDeps, 'store' | 'clock' | 'log'>): StoreWatch {
  const { promise: broken, resolve } = Promise.withResolvers<string>()
  const loop = startLoop({ name: 'store', clock, log, every: () => LOOK }, async () => {
    try {
      await store.ping()
    } catch (error) {
      // A server may come back by itself, and its clients with it.
      if (store.kind === 'embedded' && error instanceof WorldFault && error.kind === 'local')
        resolve(error.message)
    }
  })
  return { broken, stop: () => loop.stop() }
}
