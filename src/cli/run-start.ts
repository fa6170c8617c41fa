/** Checks what the operator has written, then runs the set-up page or Yardmaster itself until it is asked to stop. */
import type { Yardmaster } from '../main.ts'
import { createLog } from '../system/log.ts'
import type { OperatorSettings } from '../domain/settings.ts'
import type { Environment } from './environment.ts'
import { secrets } from './known-secrets.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { describeProblem, loadEnvironment, readOperatorFile } from './load-settings.ts'
import type { SetupOptions } from './setup-page.ts'
import { pollCost } from '../engine/reconcile-pace.ts'
import { plural } from './print-queue.ts'
import { probeProfiles } from './probe-profiles.ts'
import { sayJail } from './say-jail.ts'
import { complain, print, table } from './terminal.ts'
import { listenForStop, untilStopped } from './until-stopped.ts'
import { VERSION } from '../system/version.ts'

export interface StartOptions extends SetupOptions {
  readonly poll?: true
}

/** Resolves with the exit code once it has stopped. Throws `CommandEnd` when it refuses to start. */
export async function start(options: StartOptions): Promise<number> {
  const poll = options.poll === true
  const { environment, problems, envFile } = loadEnvironment(process.cwd(), poll)
  const operator = readOperatorFile(environment.configFile)
  const complaints = [
    ...problems.map(({ message }) => message),
    ...(operator.kind === 'broken'
      ? operator.problems.map((problem) => describeProblem(environment.configFile, problem))
      : []),
  ]
  if (complaints.length > 0 || operator.kind === 'broken') {
    throw new CommandEnd(
      ['Yardmaster does not start:', ...complaints.map((line) => `  ${line}`)].join('\n'),
      EXIT.wrong,
    )
  }
  if (environment.app === null) {
    const { runSetupPage } = await import('./setup-page.ts')
    return await runSetupPage({ environment, envFile, options })
  }
  return await run({ ...environment, poll }, environment.app, operator)
}

type Running = Environment & { readonly poll: boolean }

async function run(
  environment: Running,
  app: NonNullable<Environment['app']>,
  operator: { readonly settings: OperatorSettings; readonly written: boolean },
): Promise<number> {
  const wish = listenForStop()
  const log = createLog(environment.logLevel, undefined, secrets)
  complain(`Yardmaster ${VERSION} starts …`)
  // Loaded only now: what is refused above is refused at once, and development's aid costs nobody else.
  const { startYardmaster } = await import('../main.ts')
  const yardmaster = await startYardmaster({
    app,
    apiUrl: environment.apiUrl,
    webUrl: environment.webUrl,
    databaseUrl: environment.databaseUrl,
    boardToken: environment.boardToken,
    dataFolder: environment.dataFolder,
    operator: operator.settings,
    listen: environment.poll ? null : { host: environment.host, port: environment.port },
    environment: process.env,
    secrets,
    log,
  })
  const proxy = environment.webhookProxy
  let stopProxy = async (): Promise<void> => {}
  if (proxy !== null && yardmaster.webhookUrl !== null) {
    const { proxyWebhooks } = await import('./proxy-webhooks.ts')
    stopProxy = proxyWebhooks({ from: proxy, to: yardmaster.webhookUrl, log })
  }
  await tell(yardmaster, environment, operator)
  const stopping = new AbortController()
  const probing = probeProfiles(yardmaster.programs, operator.settings, {
    log,
    signal: stopping.signal,
    say: complain,
  })
  return await untilStopped(
    async () => {
      stopping.abort()
      await probing
      await stopProxy()
      await yardmaster.stop()
    },
    {
      stopping:
        'Stopping: running agents are ended and their work is kept (at most 30 s; once more to stop at once).',
      broken: yardmaster.engine.broken,
    },
    wish,
  )
}

async function tell(
  yardmaster: Yardmaster,
  environment: Running,
  operator: { readonly settings: OperatorSettings; readonly written: boolean },
): Promise<void> {
  const { settings, written } = operator
  const profiles = Object.values(settings.profiles).map(({ name }) =>
    name === settings.defaultProfile ? `${name} (default)` : name,
  )
  const rows: (readonly [string, string])[] = [
    yardmaster.url === null
      ? ['polls', await pollWords(yardmaster)]
      : ['listens', `${yardmaster.webhookUrl ?? ''} (health: ${yardmaster.url}/healthz)`],
    ['GitHub', environment.webUrl],
    [
      'store',
      yardmaster.store.kind === 'embedded'
        ? `embedded, in ${environment.dataFolder}`
        : `PostgreSQL (DATABASE_URL), files in ${environment.dataFolder}`,
    ],
    ['jail', sayJail(yardmaster.jailKind)],
    [
      'settings',
      written ? environment.configFile : `defaults (there is no ${environment.configFile})`,
    ],
    ['profiles', profiles.join(', ')],
  ]
  if (environment.webhookProxy !== null && !environment.poll) {
    rows.push([
      'webhooks',
      `through ${environment.webhookProxy}: a development aid that others can read; never for real work`,
    ])
  }
  print(`Yardmaster ${VERSION} is up (process ${process.pid}). Ctrl+C stops it.`)
  for (const line of table(
    rows.map(([name, text]) => [{ text: name }, { text }]),
    null,
  )) {
    print(`  ${line}`)
  }
  print('Next: label an issue `yardmaster`; `yardmaster queue` shows what waits and why.')
}

/** Of the installation with the most repositories, whose budget is the tightest. */
async function pollWords({ store }: Yardmaster): Promise<string> {
  const known = (await store.repositories.all()).filter(({ gone }) => gone === null)
  const groups = Map.groupBy(known, ({ installation }) => installation)
  const most = Math.max(1, ...[...groups.values()].map((each) => each.length))
  const { seconds, requestsAnHour, percent } = pollCost(most)
  const many = plural(most, 'repository', 'repositories')
  return `no port is open; what people do is seen within ${seconds} s: ${many} of one installation, at most ${requestsAnHour} requests an hour, ${percent} % of what GitHub grants`
}
