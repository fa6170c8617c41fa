// GitHub Apps, and who acts: a person, or an App's bot.
import type { KeyObject } from 'node:crypto'
import type { Stamp, User } from './people.ts'

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

/** Who does something: a person, or an App's bot (then `app` is set, as performed_via_github_app). */
export type Actor = { readonly user: User; readonly app: App | null }
