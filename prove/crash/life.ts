/**
 * One life of Yardmaster as a process of its own, so that it can end at any moment. Spoken to over the channel of
 * its parent, without which it ends too; a signal stops it in the way the command line does.
 */
import { startYardmaster } from '../../src/main.ts'
import type { Yardmaster, YardmasterSettings } from '../../src/main.ts'
import { listenForStop, untilStopped } from '../../src/cli/until-stopped.ts'
import { createLog } from '../../src/system/log.ts'
import { createFailpoints } from './failpoints.ts'
import type { Failpoint } from './failpoints.ts'
import { inspect } from './inspect.ts'
import type { Inspection } from './inspect.ts'

export type LifeSettings = Omit<
  YardmasterSettings,
  'environment' | 'log' | 'onAgentStarted' | 'around'
>

export type Order =
  | { readonly kind: 'live'; readonly settings: LifeSettings; readonly failpoint: Failpoint | null }
  | { readonly kind: 'arm'; readonly failpoint: Failpoint | null }
  | { readonly kind: 'reconcile' | 'rested'; readonly id: number }
  | { readonly kind: 'inspect' | 'inspect-closely'; readonly id: number }

export type Word =
  | { readonly kind: 'ready'; readonly url: string; readonly webhookUrl: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'reconciled'; readonly id: number }
  | { readonly kind: 'inspected'; readonly id: number; readonly inspection: Inspection }

const failpoints = createFailpoints()
const wish = listenForStop()
let yardmaster: Yardmaster | null = null

const say = (word: Word): void => void process.send?.(word)

async function live({ settings, failpoint }: Extract<Order, { kind: 'live' }>): Promise<void> {
  failpoints.arm(failpoint)
  const started = await startYardmaster({
    ...settings,
    environment: process.env,
    log: createLog(process.env['YARD_LOG'] ?? 'silent'),
    around: (deps) => failpoints.around(deps),
  })
  yardmaster = started
  say({ kind: 'ready', url: started.url ?? '', webhookUrl: started.webhookUrl ?? '' })
  process.exit(
    await untilStopped(
      () => started.stop(),
      { stopping: 'stopping', broken: started.engine.broken },
      wish,
    ),
  )
}

async function obey(order: Order): Promise<void> {
  if (order.kind === 'live') return live(order)
  if (order.kind === 'arm') return failpoints.arm(order.failpoint)
  if (yardmaster === null) throw new Error('it does not live yet')
  if (order.kind === 'reconcile') {
    await yardmaster.engine.reconcile()
    return say({ kind: 'reconciled', id: order.id })
  }
  if (order.kind === 'rested') {
    const { admission } = yardmaster.store
    for (const { scope } of (await admission.view()).pauses) await admission.unpause(scope)
    return say({ kind: 'reconciled', id: order.id })
  }
  const inspection = await inspect(yardmaster, order.kind === 'inspect-closely')
  return say({ kind: 'inspected', id: order.id, inspection })
}

process.on('disconnect', () => process.exit(0))
process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => {
    say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
    if (order.kind === 'live') process.exit(1)
  })
})
