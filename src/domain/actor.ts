/** Who did something on GitHub, and what that person may do. Authority is asked at that moment, never remembered. */
export interface Actor {
  readonly id: number
  readonly login: string
  readonly kind: 'person' | 'bot'
}

/** GitHub's five roles, and `none`; custom roles are narrowed to the base role they build on. */
export type Permission = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin'

const MAY_WRITE: ReadonlySet<Permission> = new Set(['write', 'maintain', 'admin'])

export const mayWrite = (permission: Permission): boolean => MAY_WRITE.has(permission)

/** The least that anybody is answered for: who may only read may well be a stranger. */
export const mayTriage = (permission: Permission): boolean =>
  mayWrite(permission) || permission === 'triage'
