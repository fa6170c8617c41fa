/** What is said between the app and the process that starts its jailed programs. */
import type { JailExit } from '../ports/jail.ts'
import type { Launch } from './launch.ts'

/** `doors`: where to connect the program's streams; `ticket`: 36 letters that say whose streams they are. */
export interface ToLauncher {
  readonly ticket: string
  readonly doors: string
  readonly launch: Launch
}

export type FromLauncher =
  | { readonly kind: 'started'; readonly ticket: string; readonly pid: number }
  | { readonly kind: 'refused'; readonly ticket: string; readonly why: string }
  | { readonly kind: 'ended'; readonly ticket: string; readonly exit: JailExit }

export const TICKET = 36
/** Before the first byte of a stream: its ticket, and which of the program's file descriptors it is. */
export const HEADER = TICKET + 1
