/** The buttons that our check run shows once it is completed. Each is a command of the one who presses it. */
import type { Command } from './command.ts'

/** GitHub shows at most three, and takes 20 characters of a label or identifier and 40 of a description. */
export interface Button {
  readonly identifier: string
  readonly label: string
  readonly description: string
  readonly command: Command
}

export const BUTTONS: readonly Button[] = [
  {
    identifier: 'reviewed',
    label: 'Reviewed',
    description: 'Take this commit off my review queue',
    command: { kind: 'reviewed' },
  },
  {
    identifier: 'hold',
    label: 'Hold',
    description: 'Start nothing of this until /unhold',
    command: { kind: 'hold', reason: null },
  },
  {
    identifier: 'retry',
    label: 'Retry',
    description: 'Work the same issue once more',
    command: { kind: 'retry' },
  },
]
