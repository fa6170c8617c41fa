/** Yardmaster as a process of its own, for measuring: settings come as JSON on stdin, news go out as JSON lines. */
import { text } from 'node:stream/consumers'
import { startYardmaster } from '../src/main.ts'
import type { YardmasterSettings } from '../src/main.ts'
import { createLog } from '../src/system/log.ts'

export type YardNews =
  | { readonly kind: 'ready'; readonly at: number; readonly webhookUrl: string }
  | { readonly kind: 'agent'; readonly at: number; readonly task: string }

/** Milliseconds since 1970 with a fraction: comparable between processes of one machine. */
const now = (): number => performance.timeOrigin + performance.now()
const tell = (news: YardNews): void => void process.stdout.write(`${JSON.stringify(news)}\n`)

const settings: Omit<YardmasterSettings, 'log' | 'onAgentStarted' | 'environment'> = JSON.parse(
  await text(process.stdin),
)
const yard = await startYardmaster({
  ...settings,
  environment: process.env,
  log: createLog(process.env['LOG_LEVEL'] ?? 'error'),
  onAgentStarted: (task) => tell({ kind: 'agent', at: now(), task }),
})
tell({ kind: 'ready', at: now(), webhookUrl: yard.webhookUrl ?? '' })
process.once('SIGTERM', () => void yard.stop().then(() => process.exit(0)))
