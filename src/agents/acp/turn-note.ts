/**
 * `_meta.yardmaster` on the result of `session/prompt`: what ACP's stop reasons cannot say. An agent may attach it to
 * a turn that ended (`end_turn`) with nothing done: because it needs an answer, or because the work cannot be done as
 * it stands. `builtin:patch` does; any other agent may.
 */
import { z } from 'zod'
import { MAX_OPTIONS, askedOf } from '../../domain/question.ts'

export const TURN_NOTE = 'yardmaster'

/** A question in words, or with options to choose from; `recommended` counts from 1. Reports and tools ask in this form too. */
export const AskedForm = z
  .union([
    z.string().min(1),
    z.object({
      text: z.string().min(1),
      options: z.array(z.string().min(1)).max(MAX_OPTIONS).readonly().optional(),
      recommended: z.int().nullish(),
    }),
  ])
  .transform((form) => askedOf(typeof form === 'string' ? { text: form } : form))

export const TurnNote = z.union([
  z.object({ needs: AskedForm }),
  z.object({ refused: z.string().min(1) }),
])
/** `needs`: the question. `refused`: why it cannot be done, in plain lines; final, because a second try would say the same. */
export type TurnNote = z.infer<typeof TurnNote>
/** As an agent writes it. */
export type AskedNote = z.input<typeof TurnNote>

export const readTurnNote = (meta: unknown): TurnNote | null =>
  z.object({ [TURN_NOTE]: TurnNote }).safeParse(meta).data?.[TURN_NOTE] ?? null
