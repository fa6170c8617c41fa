// Where an App is installed, and the tokens minted for it.
import type { App, Permissions } from './app.ts'
import type { Repository } from './issue.ts'
import type { Stamp, User } from './people.ts'

export type Installation = {
  readonly id: number
  readonly nodeId: string
  readonly app: App
  readonly account: User
  readonly createdAt: Stamp
  readonly repositories: Set<Repository>
  selection: 'all' | 'selected'
  permissions: Permissions
  suspendedAt: Stamp | null
  suspendedBy: User | null
  updatedAt: Stamp
}

/** A person's classic token. */
export type PersonToken = {
  readonly token: string
  readonly user: User
  /** Such as `project` and `repo`. */
  readonly scopes: ReadonlySet<string>
}

export type Token = {
  readonly token: string
  readonly installation: Installation
  readonly permissions: Permissions
  /** `null`: every repository of the installation. */
  readonly repositories: ReadonlySet<Repository> | null
  /** Milliseconds since the epoch, on the emulator's clock. */
  readonly expiresAt: number
}
