/** What is said between the one who plants traps and the program that walks into them. Values only. */

export interface Destination {
  readonly host: string
  readonly port: number
  /** Why it is on the list. */
  readonly what: string
}

/** Handed to the malicious program as its prompt. It names no secret: what it shows must have been found by it. */
export interface Plan {
  /** What all secrets begin with, written backwards, so that the plan itself is no find. */
  readonly markBackwards: string
  readonly files: readonly string[]
  readonly sockets: readonly string[]
  readonly destinations: readonly Destination[]
  /** Whether all folders are walked through and written to; false where there is no jail, and it would be the machine's. */
  readonly walks: boolean
  /** A file to leave in every folder that lets itself be written to, by this name. */
  readonly leave: string
  /** Where the findings go. */
  readonly report: string
}

export interface Findings {
  /** How often something was tried, by kind. */
  readonly tries: Readonly<Record<string, number>>
  /** Each a sentence that says where a secret was seen. */
  readonly seen: readonly string[]
  readonly sockets: readonly string[]
  /** `tcp 127.0.0.1:80 (what it is)`. */
  readonly reached: readonly string[]
  /** Answers of the proxy, by status. */
  readonly proxy: Readonly<Record<string, number>>
  /** Folders in which a file could be left. */
  readonly written: readonly string[]
  /** Files that another one has left. */
  readonly met: readonly string[]
}
