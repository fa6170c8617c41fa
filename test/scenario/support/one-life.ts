/** One life of Yardmaster as a process of its own, so that a story can end it without warning. Settings come as one line on stdin; the end of stdin is a polite request to stop. */
import { createInterface } from 'node:readline'
import { startYardmaster } from '../../../src/main.ts'
import type { YardmasterSettings } from '../../../src/main.ts'
import { createLog } from '../../../src/system/log.ts'

export type LifeSettings = Omit<YardmasterSettings, 'environment' | 'log' | 'onAgentStarted'>

const input = createInterface({ input: process.stdin })
const closed = new Promise<void>((resolve) => input.once('close', () => resolve()))
const line = await new Promise<string>((resolve) => input.once('line', resolve))
try {
  const yardmaster = await startYardmaster({
    ...(JSON.parse(line) as LifeSettings),
    environment: process.env,
    log: createLog(process.env['YARD_LOG'] ?? 'silent'),
  })
  process.stdout.write(`${yardmaster.webhookUrl}\n`)
  await closed
  await yardmaster.stop()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
