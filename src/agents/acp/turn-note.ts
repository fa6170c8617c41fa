/**
 * `_meta.yardmaster` on the result of `session/prompt`: what ACP's stop reasons cannot say. An agent may attach it to
 * a turn that ended (`end_turn`) with nothing done: because it needs an answer, or because the work cannot be done as
 * it stands. `builtin:patch` does; any other agent may.
 */
import { z } from 'zod'

export const TURN_NOTE = 'yardmaster'

export const TurnNote = z.union([
  z.object({ needs: z.string().min(1) }),
  z.object({ refused: z.string().min(1) }),
])
/** `needs`: the question. `refused`: why it cannot be done, in plain lines; final, because a second try would say the same. */
export type TurnNote = z.infer<typeof TurnNote>

export const readTurnNote = (meta: unknown): TurnNote | null =>
  z.object({ [TURN_NOTE]: TurnNote }).safeParse(meta).data?.[TURN_NOTE] ?? null
