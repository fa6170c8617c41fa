/** The environment variables that Yardmaster reads, for the reference. A test holds this list to what the code reads. */

export interface Variable {
  readonly name: string
  /** As it would be written; null when there is none. */
  readonly default: string | null
  readonly meaning: string
}

export const VARIABLES: readonly Variable[] = [
  {
    name: 'APP_ID',
    default: null,
    meaning:
      "The App's number, from its settings page. Without credentials `start` shows the set-up page.",
  },
  {
    name: 'PRIVATE_KEY',
    default: null,
    meaning: "The App's private key: the whole PEM text, on one line with `\\n`, or in base64.",
  },
  {
    name: 'PRIVATE_KEY_PATH',
    default: null,
    meaning: 'Instead of PRIVATE_KEY: the .pem file that GitHub offered for download.',
  },
  {
    name: 'WEBHOOK_SECRET',
    default: null,
    meaning:
      "The same random text as on the App's settings page. An empty or guessable one is refused.",
  },
  {
    name: 'WEBHOOK_PROXY_URL',
    default: null,
    meaning: 'A smee.io channel to take webhooks from. For development only: others can read it.',
  },
  { name: 'HOST', default: '127.0.0.1', meaning: 'The address to listen on.' },
  { name: 'PORT', default: '3000', meaning: 'The port to listen on; 0 takes a free one.' },
  {
    name: 'DATABASE_URL',
    default: null,
    meaning:
      'A PostgreSQL database (`postgres://…`). Without it: a database embedded in the process.',
  },
  {
    name: 'YARDMASTER_DATA',
    default: '~/.yardmaster',
    meaning:
      'The folder for the embedded database, mirrors and worktrees. One process uses it at a time.',
  },
  {
    name: 'YARDMASTER_CONFIG',
    default: 'yardmaster.config.yml',
    meaning: "The operator's settings file.",
  },
  {
    name: 'LOG_LEVEL',
    default: 'info',
    meaning: 'trace, debug, info, warn, error, fatal or silent. The log is JSON lines on stderr.',
  },
  {
    name: 'YARDMASTER_BOARD_TOKEN',
    default: null,
    meaning:
      'A classic token (scope `project`) of somebody who may change them, for the project boards of accounts of people, which no App can see. Used for nothing else.',
  },
  {
    name: 'GHE_HOST',
    default: null,
    meaning: 'The host of a GitHub Enterprise Server, or of the emulator. Without it: github.com.',
  },
  { name: 'GHE_PROTOCOL', default: 'https', meaning: '`http` for the emulator.' },
]
