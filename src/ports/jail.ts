/** The process sandbox. It wraps agent, setup, verify and bundle-making alike. */
import type { Readable, Writable } from 'node:stream'
import type { JailKind } from '../domain/settings.ts'

export interface JailSpec {
  /** Program and arguments; never a shell string of ours. */
  readonly argv: readonly [string, ...string[]]
  readonly cwd: string
  /** The whole environment: nothing is inherited. HOME, PATH, TMPDIR and LANG are set by the jail unless given. */
  readonly env: Readonly<Record<string, string>>
  /** Absolute folders that may be written; they appear at the same path inside. */
  readonly writable: readonly string[]
  /** Absolute files or folders that may be read beyond the system's own. */
  readonly readable: readonly string[]
  /** The agent's HOME, writable, kept per task. */
  readonly home: string
  /** Without a jail it cannot be held: then it is `open`, whatever is written here. */
  readonly network: 'none' | 'open' | Gate
}

/** The network through a proxy of ours and nothing else: HTTP_PROXY and the like are set by the jail. */
export interface Gate {
  /** `host`, `*.host`, either with `:port` (80 and 443 without), or an address. A private address is reached only if written. */
  readonly allow: readonly string[]
  /** Null: it asks no model, or holds its key itself. */
  readonly model: ModelDoor | null
}

/** The way to a model without its key: what is asked at `MODEL_ORIGIN` inside is asked here, with the key put in. */
export interface ModelDoor {
  /** An http(s) URL; its path stands before the path that is asked for. The operator's own, so it may be private. */
  readonly upstream: string
  readonly header: 'x-api-key' | 'x-goog-api-key' | 'authorization'
  /** The key; as `authorization` it goes as a bearer. Null: whatever the program shows goes through. */
  readonly secret: string | null
}

/** On the jail's own loopback, which holds nothing else: squid's number, on which no project's own server is expected. */
export const GATE_PORT = 3128
/** What a program inside that lets itself be told an address takes for its model's. */
export const MODEL_ORIGIN = `http://127.0.0.1:${GATE_PORT}`

export interface JailExit {
  readonly code: number | null
  readonly signal: string | null
}

export interface Jailed {
  readonly pid: number
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Settles once the first process is gone; never rejects. A program that cannot be started ends with code 127 and the reason on stderr. */
  readonly exited: Promise<JailExit>
  /** Ends the whole process tree: asks first, kills after `graceMilliseconds`. Resolves when nothing of it is left. */
  end(graceMilliseconds: number): Promise<void>
  /** Where it wanted to go and was not let, as `host:port`, each once; at most 50. */
  denied(): readonly string[]
}

export interface Jail {
  readonly kind: JailKind
  /** Node inside: a path, or a name on its PATH. */
  readonly node: string
  start(spec: JailSpec): Promise<Jailed>
  /** Ends process trees that a former process of ours left behind (recorded by pid and start time). Returns how many. */
  reap(): Promise<number>
}

export type JailProbe =
  | { readonly kind: 'bwrap'; readonly version: string }
  | { readonly kind: 'unavailable'; readonly reason: string; readonly fix: string }
