/** Whether a person may give a command, as the table says. Asked of GitHub at that moment, and again before it is carried out. */
import { mayWrite } from '../domain/actor.ts'
import type { Permission } from '../domain/actor.ts'
import type { CommandName, CommandPermission, CommandRefusal } from '../domain/command.ts'
import { rowOf } from './table.ts'

export interface Giver {
  readonly permission: Permission
  /** The work that the command is about was asked for by this very person. */
  readonly isRequester: boolean
  /** The repository's policy: who asked for the work does not approve it. */
  readonly requesterBarred: boolean
}

/** Null: yes. */
export function refusalFor(name: CommandName, giver: Giver): CommandRefusal | null {
  const { permission: needs, requester } = rowOf(name)
  if (!holds(giver.permission, needs)) return { kind: 'no-permission', name, needs }
  if (requester === 'unless-barred' && giver.isRequester && giver.requesterBarred)
    return { kind: 'own-request', name }
  return null
}

const holds = (permission: Permission, needs: CommandPermission): boolean =>
  mayWrite(permission) || (needs === 'triage' && permission === 'triage')
