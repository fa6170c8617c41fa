/** A runner as a process of its own, for measuring: settings come as JSON on stdin, news go out as JSON lines. */
import { text } from 'node:stream/consumers'
import { startRunnerProcess } from '../src/main-runner.ts'
import type { RunnerProcessSettings } from '../src/main-runner.ts'
import { createLog } from '../src/system/log.ts'
import type { YardNews } from './yard-process.ts'

const now = (): number => performance.timeOrigin + performance.now()
const tell = (news: YardNews): void => void process.stdout.write(`${JSON.stringify(news)}\n`)

const settings: Omit<RunnerProcessSettings, 'log' | 'onAgentStarted' | 'environment'> = JSON.parse(
  await text(process.stdin),
)
const runner = await startRunnerProcess({
  ...settings,
  environment: process.env,
  log: createLog(process.env['LOG_LEVEL'] ?? 'error'),
  onAgentStarted: (task) => tell({ kind: 'agent', at: now(), task }),
})
tell({ kind: 'ready', at: now(), webhookUrl: '' })
process.once('SIGTERM', () => void runner.stop().then(() => process.exit(0)))
