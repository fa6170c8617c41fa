/**
 * What we say into a conversation while its turn goes on: the protocol knows one turn at a time, so the turn is
 * cancelled, and the next one begins with our words. Each is said once at most.
 */
import { checkpointPrompt, NUDGE } from '../render/prompt-turns.ts'
import type { Turn } from './acp/dialogue.ts'

/** `asked`: its turn is being cancelled for it; `told`: it was asked for its checkpoint. */
export type Handover = 'no' | 'asked' | 'told'

export interface Steer {
  /** Asks a silent agent to go on; false: it was asked before, or there is no turn to interrupt. */
  nudge(): boolean
  nudged(): boolean
  /** Its context is nearly full; false: it was asked before. */
  handOver(): boolean
  handover(): Handover
  /** What is said after that turn; null: nothing, its end counts. */
  next(turn: Pick<Turn, 'stopReason'>): string | null
}

/** `cancel`: false where no turn goes on. `checkpoint`: the name of our tool for it; null: the agent has none of ours. */
export function steer(cancel: () => boolean, checkpoint: string | null): Steer {
  let nudged = false
  let handover: Handover = 'no'
  let words: string | null = null
  return {
    nudge() {
      if (nudged || handover !== 'no' || !cancel()) return false
      nudged = true
      words = NUDGE
      return true
    },
    nudged: () => nudged,
    handOver() {
      if (handover !== 'no' || !cancel()) return false
      handover = 'asked'
      words = checkpointPrompt(checkpoint)
      return true
    },
    handover: () => handover,
    next({ stopReason }) {
      // It may have come to its end before it heard of the interruption.
      if (words === null || stopReason !== 'cancelled') return null
      const said = words
      words = null
      if (handover === 'asked') handover = 'told'
      return said
    },
  }
}
