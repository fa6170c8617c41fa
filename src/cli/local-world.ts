/** A GitHub of one's own on loopback with Yardmaster connected to it by signed webhooks: demo, try and tests start here. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { OperatorSettings } from '../domain/settings.ts'
import { startEmulator } from '../emulator/emulator.ts'
import type { App, Emulator } from '../emulator/emulator.ts'
import { startYardmaster } from '../main.ts'
import type { Yardmaster, YardmasterSettings } from '../main.ts'

export interface LocalWorldOptions {
  /** Emptied by nobody: what is in it belongs to the world. */
  readonly folder: string
  readonly operator: OperatorSettings
  readonly log: Logger
  readonly environment: YardmasterSettings['environment']
  /** 0: any free one. */
  readonly port?: number
  /** Signs the App in; generated when left out, which takes about 100 ms. */
  readonly privateKey?: string
  /** What GitHub takes for the time; the machine's clock by default. */
  readonly githubClock?: { readonly now: () => number }
  readonly databaseUrl?: string
  /** It opens no port, and no webhook is sent. */
  readonly poll?: boolean
  readonly boardToken?: string
  readonly permissionCacheMilliseconds?: number
  readonly settleMilliseconds?: number
  readonly onAgentStarted?: (task: string, pid: number) => void
}

export interface LocalWorld {
  readonly emulator: Emulator
  readonly app: App
  /** Of Yardmaster. */
  readonly dataFolder: string
  /** The running one; after `restart` another. */
  readonly yardmaster: () => Yardmaster
  /** Starts it after it was stopped by itself. */
  start(): Promise<void>
  /** Stops Yardmaster gracefully and starts it again on the same data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export async function startLocalWorld(options: LocalWorldOptions): Promise<LocalWorld> {
  const webhookSecret = randomBytes(32).toString('hex')
  const emulator = await startEmulator({
    port: options.port ?? 0,
    dataDir: join(options.folder, 'github'),
    ...(options.githubClock === undefined ? {} : { clock: options.githubClock }),
  })
  try {
    const app = await emulator.createApp({
      manifest: APP_YML,
      webhookUrl: null,
      webhookSecret,
      ...(options.privateKey === undefined ? {} : { privateKey: options.privateKey }),
    })
    const settings: YardmasterSettings = {
      app: {
        id: app.id,
        privateKey: app.privateKey,
        webhookSecret: options.poll === true ? null : webhookSecret,
      },
      apiUrl: emulator.apiUrl,
      webUrl: emulator.url,
      databaseUrl: options.databaseUrl ?? null,
      boardToken: options.boardToken ?? null,
      dataFolder: join(options.folder, 'yardmaster'),
      operator: options.operator,
      listen: options.poll === true ? null : { host: '127.0.0.1', port: 0 },
      environment: options.environment,
      log: options.log,
      ...(options.permissionCacheMilliseconds === undefined
        ? {}
        : { permissionCacheMilliseconds: options.permissionCacheMilliseconds }),
      ...(options.settleMilliseconds === undefined
        ? {}
        : { settleMilliseconds: options.settleMilliseconds }),
      ...(options.onAgentStarted === undefined ? {} : { onAgentStarted: options.onAgentStarted }),
    }
    const start = async (): Promise<Yardmaster> => {
      const started = await startYardmaster(settings)
      emulator.setWebhookUrl(app, started.webhookUrl)
      return started
    }
    let running = await start()
    return {
      emulator,
      app,
      dataFolder: settings.dataFolder,
      yardmaster: () => running,
      async start() {
        running = await start()
      },
      async restart() {
        await running.stop()
        running = await start()
      },
      async stop() {
        await running.stop()
        await emulator.close()
      },
    }
  } catch (error) {
    await emulator.close()
    throw error
  }
}

const APP_YML = new URL('../../app.yml', import.meta.url)
