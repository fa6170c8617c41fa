/** What Yardmaster's durable acks are measured against: a Probot app that verifies, parses, and does nothing. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Probot, createNodeMiddleware } from 'probot'
import { createLog } from '../src/system/log.ts'

const settings: {
  readonly id: number
  readonly privateKey: string
  readonly webhookSecret: string
} = JSON.parse(await text(process.stdin))
const log = createLog('error')
const probot = new Probot({
  appId: settings.id,
  privateKey: settings.privateKey,
  secret: settings.webhookSecret,
  log,
})
const middleware = await createNodeMiddleware(
  (app) => {
    app.onAny(() => undefined)
  },
  { probot },
)
const server = createServer((request, response) => void middleware(request, response))
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  const news = {
    kind: 'ready',
    at: performance.timeOrigin + performance.now(),
    webhookUrl: `http://127.0.0.1:${port}/api/github/webhooks`,
  }
  process.stdout.write(`${JSON.stringify(news)}\n`)
})
process.once('SIGTERM', () => process.exit(0))
