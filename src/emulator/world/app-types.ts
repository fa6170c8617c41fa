// GitHub Apps, their installations and the tokens minted for them.
import type { KeyObject } from 'node:crypto'
import type { Repository, Stamp, User } from './types.ts'

export type Level = 'read' | 'write' | 'admin'
export type Permissions = { readonly [name: string]: Level }

export type App = {
  readonly id: number
  readonly nodeId: string
  readonly slug: string
  readonly owner: User
  readonly bot: User
  readonly clientId: string
  readonly clientSecret: string
  /** PEM, as the manifest conversion hands it out. */
  readonly privateKey: string
  readonly publicKey: KeyObject
  readonly createdAt: Stamp
  name: string
  description: string
  externalUrl: string
  public: boolean
  webhookUrl: string | null
  webhookSecret: string
  permissions: Permissions
  events: readonly string[]
}

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

export type Token = {
  readonly token: string
  readonly installation: Installation
  readonly permissions: Permissions
  /** `null`: every repository of the installation. */
  readonly repositories: ReadonlySet<Repository> | null
  /** Milliseconds since the epoch, on the emulator's clock. */
  readonly expiresAt: number
}
