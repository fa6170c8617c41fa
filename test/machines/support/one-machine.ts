/** One app or runner as a process of its own, so that a story can kill, pause or cut it off. Settings come as one line on stdin; the end of stdin is a polite request to stop. */
import { createInterface } from 'node:readline'
import { startYardmaster } from '../../../src/main.ts'
import type { YardmasterSettings } from '../../../src/main.ts'
import { startRunnerProcess } from '../../../src/main-runner.ts'
import type { RunnerProcessSettings } from '../../../src/main-runner.ts'
import { createLog } from '../../../src/system/log.ts'

type Plain<Settings> = Omit<Settings, 'environment' | 'log' | 'onAgentStarted' | 'around'>
export type MachineSettings =
  | ({ readonly kind: 'app' } & Plain<YardmasterSettings>)
  | ({ readonly kind: 'runner' } & Plain<RunnerProcessSettings>)

const input = createInterface({ input: process.stdin })
const closed = new Promise<void>((resolve) => input.once('close', () => resolve()))
const line = await new Promise<string>((resolve) => input.once('line', resolve))
try {
  const settings = JSON.parse(line) as MachineSettings
  const around = {
    environment: process.env,
    log: createLog(process.env['YARD_LOG'] ?? 'silent'),
    onAgentStarted: (task: string) => void process.stdout.write(`agent ${task} ${Date.now()}\n`),
  }
  const running =
    settings.kind === 'app'
      ? await startYardmaster({ ...settings, ...around })
      : await startRunnerProcess({ ...settings, ...around })
  process.stdout.write(`up ${'webhookUrl' in running ? running.webhookUrl : running.name}\n`)
  await closed
  await running.stop()
} catch (error) {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exit(1)
}
