/**
 * The report file's format: how an agent tells what it did when its last message is not enough. It writes this as JSON,
 * at most 1 MiB, to `report.json` in the exchange folder; prompts and docs describe it from here.
 */
import { z } from 'zod'
import { AskedForm } from './acp/turn-note.ts'

export const REPORT_FILE = 'report.json'

export const Report = z.object({
  /** What was done, for the pull request; Markdown. */
  summary: z.string().min(1),
  /** Something only a person may decide: words, or `{text, options, recommended}`. With it the attempt parks, whatever else was done. */
  question: AskedForm.optional(),
  /** Decisions taken along the way that a reviewer should know of, one sentence each. */
  decisions: z.array(z.string().min(1)).optional(),
  /** What was noticed and left alone, for people. */
  discoveries: z.array(z.string().min(1)).optional(),
  /** What it has used, in tokens and US dollars; heard of a `command` only, for other programs tell it themselves. */
  usage: z
    .object({ tokens: z.number().nonnegative(), cost: z.number().nonnegative() })
    .partial()
    .optional(),
})
export type Report = z.infer<typeof Report>
