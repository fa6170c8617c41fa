/** The process sandbox. It wraps agent, setup, verify and bundle-making alike. */
import type { Readable, Writable } from 'node:stream'

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
  readonly network: 'none' | 'open'
}

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
}

export interface Jail {
  readonly kind: 'bwrap' | 'none'
  start(spec: JailSpec): Promise<Jailed>
  /** Ends process trees that a former process of ours left behind (recorded by pid and start time). Returns how many. */
  reap(): Promise<number>
}

export type JailProbe =
  | { readonly kind: 'bwrap'; readonly version: string }
  | { readonly kind: 'unavailable'; readonly reason: string; readonly fix: string }
