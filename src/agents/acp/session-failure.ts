/**
 * The typed failure that claude-agent-acp and codex-acp attach to results and updates when a client advertises the
 * `sessionFailure` capability of the `jetbrains.air` namespace (version 1). Without it a refused or unreachable model
 * looks like a turn that ended well.
 */
import { z } from 'zod'

const FailureRecord = z.object({
  category: z
    .enum(['connection', 'access', 'limit', 'request', 'service', 'unknown'])
    .catch('unknown'),
  // Absent means error, by the extension's own rule.
  severity: z.enum(['error', 'warning']).catch('error'),
  title: z.string().catch(''),
  details: z.string().nullish().catch(null),
  actions: z.array(z.string()).catch([]),
})

const Meta = z.object({
  jetbrains: z.object({ air: z.object({ sessionFailure: FailureRecord }) }),
})

export interface SessionFailure {
  readonly category: 'connection' | 'access' | 'limit' | 'request' | 'service' | 'unknown'
  readonly text: string
  /** `new_session` among them: this session cannot go on (its context is full). */
  readonly actions: readonly string[]
}

/** Null: there is none, or it is only a warning ("Reconnecting… 1/5"). */
export function readSessionFailure(meta: unknown): SessionFailure | null {
  const { data } = Meta.safeParse(meta)
  const record = data?.jetbrains.air.sessionFailure
  if (!record || record.severity === 'warning') return null
  const text = [record.title, record.details ?? ''].filter((part) => part !== '').join('\n')
  return { category: record.category, text, actions: record.actions }
}

/** What `initialize` must advertise for it. */
export const SESSION_FAILURE_CAPABILITY = {
  jetbrains: { air: { version: 1, capabilities: ['sessionFailure'] } },
} as const
