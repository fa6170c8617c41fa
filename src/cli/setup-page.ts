/**
 * Probot's own manifest set-up page, with our app.yml: a person clicks once on GitHub and the credentials land in
 * `.env`. It listens on loopback only, because whoever reaches it decides which App this is.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from 'probot'
import { SmeeClient } from 'smee-client'
import { parse, stringify } from 'yaml'
import { createLog } from '../system/log.ts'
import { secrets } from './known-secrets.ts'
import type { Environment } from './environment.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { complain, print } from './terminal.ts'
import { listenForStop, untilStopped } from './until-stopped.ts'
import { PACKAGE_FOLDER, VERSION } from '../system/version.ts'
import { writeEnvFile } from './write-env-file.ts'

export interface SetupOptions {
  /** A public https address at which GitHub reaches this server. */
  readonly webhookUrl?: string
  /** Have webhooks come through a channel at smee.io. */
  readonly dev?: true
}

export interface SetupPage {
  readonly environment: Environment
  /** Where the credentials go. */
  readonly envFile: string
  readonly options: SetupOptions
}

const WEBHOOK_PATH = '/api/github/webhooks'
/** An App needs an address for its webhook even when that is switched off; this one answers nobody. */
const NOWHERE = 'https://example.invalid/yardmaster-webhook-is-off'

export async function runSetupPage({ environment, envFile, options }: SetupPage): Promise<number> {
  if (process.env['NODE_ENV'] === 'production') {
    throw new CommandEnd(
      'There are no credentials, and with NODE_ENV=production no set-up page is offered. Set APP_ID, PRIVATE_KEY (or PRIVATE_KEY_PATH) and WEBHOOK_SECRET.',
      EXIT.wrong,
    )
  }
  const hook = await chooseHook(environment, envFile, options)
  const wish = listenForStop()
  const former = process.cwd()
  const folder = stage(hook)
  // Probot looks for app.yml, package.json and stray keys in the working folder, so it gets one of its own.
  process.chdir(folder)
  try {
    process.env['NO_SMEE_SETUP'] = 'true'
    const server = await run(() => {}, {
      env: {
        ...process.env,
        HOST: '127.0.0.1',
        PORT: String(environment.port),
        // Nobody can check a signature yet. What comes to the usual path is not found: the next start looks by itself.
        WEBHOOK_PATH: '/no-webhooks-yet',
      },
      log: createLog('warn', undefined, secrets),
      updateEnv: (values) => {
        keep(values, envFile)
        return values
      },
    })
    tell(server.port, hook)
    return await untilStopped(() => server.stop(), { stopping: 'The set-up page is closed.' }, wish)
  } finally {
    process.chdir(former)
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Hook {
  readonly url: string
  readonly kind: 'public' | 'channel' | 'off'
}

async function chooseHook(
  environment: Environment,
  envFile: string,
  { webhookUrl, dev }: SetupOptions,
): Promise<Hook> {
  if (webhookUrl !== undefined) {
    return { url: reachableAddress(webhookUrl, new URL(environment.webUrl)), kind: 'public' }
  }
  if (environment.webhookProxy !== null) return { url: environment.webhookProxy, kind: 'channel' }
  if (dev !== true) return { url: NOWHERE, kind: 'off' }
  const url = await SmeeClient.createChannel().catch(() => {
    throw new CommandEnd(
      'smee.io cannot be reached, so there is no channel for webhooks. Try again, or start without --dev: Yardmaster then looks at GitHub by itself.',
      EXIT.unreachable,
    )
  })
  writeEnvFile(envFile, { WEBHOOK_PROXY_URL: url })
  return { url, kind: 'channel' }
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Only a GitHub on this machine, which is the emulator, can reach an address on this machine. */
function reachableAddress(text: string, github: URL): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const near = url !== null && LOOPBACK.has(url.hostname) && LOOPBACK.has(github.hostname)
  if (url === null || !(near || url.protocol === 'https:')) {
    throw new CommandEnd(
      `--webhook-url must be a public https address, such as https://yard.example.org, not "${text}".`,
      EXIT.usage,
    )
  }
  if (url.pathname === '/') url.pathname = WEBHOOK_PATH
  return url.href
}

/** The folder from which Probot makes the manifest. */
function stage(hook: Hook): string {
  const folder = mkdtempSync(join(tmpdir(), 'yardmaster-setup-'))
  const manifest: unknown = parse(readFileSync(new URL('app.yml', PACKAGE_FOLDER), 'utf8'))
  const hook_attributes = { url: hook.url, active: hook.kind !== 'off' }
  writeFileSync(
    join(folder, 'app.yml'),
    stringify(Object.assign({}, manifest, { hook_attributes })),
  )
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      name: 'Yardmaster',
      version: VERSION,
      description:
        'It needs a GitHub App of its own. The button below has GitHub make one with exactly the permissions it uses.',
    }),
  )
  return folder
}

/** What Probot got from GitHub. The OAuth secrets among it are of no use here, so they are not kept. */
function keep(values: Readonly<Record<string, string | undefined>>, envFile: string): void {
  const id = values['APP_ID'] ?? ''
  const key = (values['PRIVATE_KEY'] ?? '').replaceAll(/^"|"$/g, '')
  if (!/^\d+$/.test(id) || !key.includes('-----BEGIN')) {
    complain('GitHub sent credentials that cannot be right; nothing was written. Try once more.')
    return
  }
  const secret = values['WEBHOOK_SECRET'] ?? ''
  // GitHub makes none for an App whose webhook is off; one is needed all the same before we start.
  const usable = /^[\x21-\x7E]{8,}$/.test(secret) ? secret : randomBytes(32).toString('hex')
  writeEnvFile(envFile, { APP_ID: id, PRIVATE_KEY: key, WEBHOOK_SECRET: usable })
  print()
  print(`The App is made (id ${id}); its credentials are in ${envFile}, readable by you only.`)
  print(
    'Next: choose in the browser where it is installed, then stop this with Ctrl+C and start again.',
  )
}

function tell(port: number, hook: Hook): void {
  print('Yardmaster has no GitHub App yet. Open this page and press the button:')
  print()
  print(`  http://127.0.0.1:${port}/probot`)
  print()
  switch (hook.kind) {
    case 'public':
      print(`GitHub will send webhooks to ${hook.url}.`)
      break
    case 'channel':
      print(
        `GitHub will send webhooks through ${hook.url}: a development aid that others can read; never for real work.`,
      )
      break
    case 'off':
      print(
        'Webhooks stay off, because no public address was given: Yardmaster then looks at GitHub every one to ten minutes.',
      )
      print('With --webhook-url https://your.host it reacts at once.')
      break
    default:
      hook.kind satisfies never
  }
  print('Ctrl+C closes the page.')
}
