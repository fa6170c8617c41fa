// People, organisations and bots.

/** An ISO instant in whole seconds, as in every REST payload. */
export type Stamp = string
export type Role = 'read' | 'triage' | 'write' | 'maintain' | 'admin'

export type User = {
  readonly id: number
  readonly nodeId: string
  readonly type: 'User' | 'Organization' | 'Bot'
  readonly createdAt: Stamp
  /** For git over HTTP only; the emulator's pages ask for none. */
  readonly password: string
  /** Of an organisation: who belongs to it, by user id. */
  readonly members: Map<number, 'admin' | 'member'>
  login: string
  name: string
  email: string
}
