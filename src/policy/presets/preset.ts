/** What is known of an agent by name, so that an operator need not find it out: one small file for each beside this one. */

export interface Preset {
  /** The program on the operator's PATH that speaks ACP, and its arguments. */
  readonly command: readonly [string, ...string[]]
  /** The npm package that brings it. */
  readonly install: string
  /** The variables by which it is usually told who pays; a profile adds to them and never loses one by writing `env`. */
  readonly env: readonly string[]
  /** One of these variables is its login; empty: which, nobody can know. */
  readonly login: readonly string[]
  /** What it is set besides; a variable of the same name that the profile lets through goes before. */
  readonly set: (about: Known) => Readonly<Record<string, string>>
  /** `_meta` of its sessions; null: it needs none. */
  readonly session: Readonly<Record<string, unknown>> | null
  /**
   * Entries of `policy/start-files` by which it starts programs of a repository, and will not be told not to: they are
   * put away while it works, the default branch's own too.
   * A repository names no programs.
   */
  readonly unseen?: readonly string[]
  /** Null: its providers are too many to know, so that only a profile can say where its model is. */
  readonly model: ModelAccess | null
}

export interface Known {
  /** What the profile lets through of the operator's environment. */
  readonly env: Readonly<Record<string, string>>
  /** The profile's. */
  readonly model: string | null
  /** The profile's: whether a person is asked before an act. */
  readonly permissions: 'allow' | 'ask'
}

/** Where its model is, and how it shows its key there. */
export interface ModelAccess {
  /** The first is the one that `baseUrl` takes the place of. */
  readonly hosts: readonly [string, ...string[]]
  /** What the address of the first of them ends with, where that is not nothing. */
  readonly path?: string
  /** The variable that sends it to another address; null: it takes none. */
  readonly baseUrl: string | null
  /** The variable that holds its key; null: it has only a login of its own. */
  readonly key: string | null
  /** The header in which it sends the key; `authorization` as a bearer. */
  readonly header: 'x-api-key' | 'x-goog-api-key' | 'authorization'
}
