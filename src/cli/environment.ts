/** The operator's environment, read once and checked before anything starts. Probot's own names are kept. */
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export interface Environment {
  /** Null: no App yet; `start` then shows the set-up page. */
  readonly app: {
    readonly id: number
    readonly privateKey: string
    /** Null: none is needed, because nothing is listened to. */
    readonly webhookSecret: string | null
  } | null
  /** REST root, such as `https://api.github.com`. */
  readonly apiUrl: string
  readonly webUrl: string
  readonly databaseUrl: string | null
  readonly dataFolder: string
  readonly configFile: string
  readonly host: string
  readonly port: number
  readonly logLevel: string
  /** For the boards of people's accounts. */
  readonly boardToken: string | null
  /** A smee channel, for development only. */
  readonly webhookProxy: string | null
}

export interface EnvironmentProblem {
  readonly variable: string
  /** What is wrong and what to do, in one sentence. */
  readonly message: string
}

/** Guessable secrets: Probot's default, and what people type to get going. */
const WEAK_SECRETS: ReadonlySet<string> = new Set(['', 'development', 'secret', 'changeme', 'test'])

/** `poll`: no webhook is taken, so no secret is asked for. Variables that are set to nothing count as not set: that is how people switch a line of a `.env` file off. */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  folder: string,
  poll = false,
): { readonly environment: Environment; readonly problems: readonly EnvironmentProblem[] } {
  const env = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const problems: EnvironmentProblem[] = []
  const privateKey = readKey(env, problems)
  const id = Number(env['APP_ID'] ?? '')
  const secret = env['WEBHOOK_SECRET'] ?? ''
  const some = env['APP_ID'] !== undefined || privateKey !== null
  if (some) {
    if (!Number.isSafeInteger(id) || id <= 0) {
      problems.push({
        variable: 'APP_ID',
        message: "APP_ID must be the number on the App's settings page.",
      })
    }
    if (privateKey === null && problems.every(({ variable }) => !variable.startsWith('PRIVATE'))) {
      problems.push({
        variable: 'PRIVATE_KEY',
        message: "Set PRIVATE_KEY to the App's private key, or PRIVATE_KEY_PATH to its .pem file.",
      })
    }
    if (!poll && WEAK_SECRETS.has(secret)) {
      problems.push({
        variable: 'WEBHOOK_SECRET',
        message:
          "WEBHOOK_SECRET is empty or guessable, so anyone could send orders; set a random one here and on the App's settings page (openssl rand -hex 32).",
      })
    }
  }
  const app =
    some && privateKey !== null && problems.length === 0
      ? { id, privateKey, webhookSecret: poll ? null : secret }
      : null
  const protocol = env['GHE_PROTOCOL'] ?? 'https'
  const enterprise = readHost(env['GHE_HOST'], problems)
  const data = env['YARDMASTER_DATA']
  return {
    environment: {
      app,
      apiUrl: enterprise === null ? 'https://api.github.com' : `${protocol}://${enterprise}/api/v3`,
      webUrl: enterprise === null ? 'https://github.com' : `${protocol}://${enterprise}`,
      databaseUrl: readAddress('DATABASE_URL', ['postgres:', 'postgresql:'], env, problems),
      dataFolder: data === undefined ? join(homedir(), '.yardmaster') : resolve(folder, data),
      configFile: resolve(folder, env['YARDMASTER_CONFIG'] ?? 'yardmaster.config.yml'),
      host: env['HOST'] ?? '127.0.0.1',
      port: readPort(env['PORT'], problems),
      logLevel: readLogLevel(env['LOG_LEVEL'], problems),
      boardToken: env['YARDMASTER_BOARD_TOKEN'] ?? null,
      webhookProxy: readAddress('WEBHOOK_PROXY_URL', ['https:', 'http:'], env, problems),
    },
    problems,
  }
}

/** A name, and a port perhaps; people paste the whole address. */
function readHost(value: string | undefined, problems: EnvironmentProblem[]): string | null {
  if (value === undefined) return null
  if (/^[\w.-]+(?::\d{1,5})?$|^\[[\da-f:]+\](?::\d{1,5})?$/i.test(value)) return value
  problems.push({
    variable: 'GHE_HOST',
    message: `GHE_HOST must be a host name alone, such as github.example.org, not "${value}".`,
  })
  return null
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

function readLogLevel(value: string | undefined, problems: EnvironmentProblem[]): string {
  if (value === undefined) return 'info'
  if (LOG_LEVELS.includes(value)) return value
  problems.push({
    variable: 'LOG_LEVEL',
    message: `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}, not "${value}".`,
  })
  return 'info'
}

/** The value is not quoted in the complaint: a database's address holds its password. */
function readAddress(
  variable: string,
  protocols: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  problems: EnvironmentProblem[],
): string | null {
  const value = env[variable]
  if (value === undefined) return null
  if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value
  const example = `${protocols[0] ?? ''}//…`
  problems.push({ variable, message: `${variable} must be an address that begins with ${example}` })
  return null
}

function readPort(value: string | undefined, problems: EnvironmentProblem[]): number {
  if (value === undefined) return 3000
  const port = Number(value)
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  problems.push({
    variable: 'PORT',
    message: `PORT must be a number from 0 to 65535, not "${value}".`,
  })
  return 3000
}

function readKey(
  env: Readonly<Record<string, string | undefined>>,
  problems: EnvironmentProblem[],
): string | null {
  const path = env['PRIVATE_KEY_PATH']
  if (path !== undefined) {
    try {
      const text = readFileSync(path, 'utf8')
      if (isKey(text)) return text
      problems.push({
        variable: 'PRIVATE_KEY_PATH',
        message: `${path} holds no private key; it must be the .pem file that GitHub offered for download, whole.`,
      })
      return null
    } catch {
      problems.push({
        variable: 'PRIVATE_KEY_PATH',
        message: `The private key ${path} cannot be read.`,
      })
      return null
    }
  }
  const inline = env['PRIVATE_KEY']
  if (inline === undefined) return null
  // Environment files often hold the key on one line, or as base64.
  const text = inline.includes('-----BEGIN')
    ? inline
    : Buffer.from(inline, 'base64').toString('utf8')
  const key = text.replaceAll('\\n', '\n').replace(/^"|"$/g, '')
  if (isKey(key)) return key
  problems.push({
    variable: 'PRIVATE_KEY',
    message: 'PRIVATE_KEY is no PEM key; paste the whole .pem file, or set PRIVATE_KEY_PATH.',
  })
  return null
}

/** Asked before anything is started: a key that cannot sign is found out only by the first request otherwise. */
function isKey(text: string): boolean {
  try {
    createPrivateKey(text)
    return true
  } catch {
    return false
  }
}
