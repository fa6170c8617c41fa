/** Reads the record that a status comment carries. It is signed by us; what may differ is which version of us wrote it. */
import * as z from 'zod'
import type { TaskRecord } from '../../domain/record.ts'
import { instant, sha } from '../../domain/ids.ts'
import { askedInWords } from '../../domain/question.ts'
import { STATE_KINDS, UNSTEERED } from '../../domain/task.ts'
import type { Steering } from '../../domain/task.ts'

/** Written by a newer Yardmaster: reading half of it would be worse than reading none. */
export class RecordTooNew extends Error {
  constructor(place: string) {
    super(
      `The status comment of ${place} was written by a newer version of Yardmaster; rebuild with that version or a later one.`,
    )
    this.name = 'RecordTooNew'
  }
}

/** Null: it holds no task that this version can read. `place` is how people name the issue. Throws `RecordTooNew`. */
export function readTaskRecord(text: string, place: string): TaskRecord | null {
  const json = parse(text)
  const version = z.object({ v: z.number() }).safeParse(json)
  if (version.success && version.data.v > 1) throw new RecordTooNew(place)
  const read = record.safeParse(json)
  return read.success ? read.data : null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const moment = z.number().transform(instant)
const object = z
  .string()
  .regex(/^[0-9a-f]{40}$/)
  .transform(sha)
const count = z.int().nonnegative()

const end = z.union([
  z.object({
    kind: z.enum(['completed', 'parked', 'stopped', 'needs', 'handoff', 'cancelled', 'lost']),
  }),
  z.object({
    kind: z.literal('failed').transform(() => 'failed' as const),
    failure: z.enum([
      'auth',
      'rate',
      'overload',
      'network',
      'program',
      'world',
      'context',
      'crash',
      'stall',
      'timeout',
      'budget',
      'refusal',
      'protocol',
      'no-result',
      'setup',
      'verify',
    ]),
  }),
])

const result = z.object({
  command: z.string(),
  exitCode: z.number().nullable(),
  milliseconds: z.number(),
  output: z.string(),
})

/** Before there were questions it was words alone. */
const asked = z.union([
  z.string().transform(askedInWords),
  z.object({ text: z.string(), options: z.array(z.string()), recommended: count.nullable() }),
])

const usage = z.object({
  tokens: z.number().nullable(),
  cost: z.number().nullable(),
  inputTokens: z.number().exactOptional(),
  cachedTokens: z.number().exactOptional(),
  outputTokens: z.number().exactOptional(),
  model: z.string().exactOptional(),
})

const report = z.object({
  end,
  summary: z.string(),
  error: z.string().nullable(),
  question: asked.nullable(),
  session: z.null().default(null),
  until: moment.nullable(),
  base: object.nullable(),
  head: object.nullable(),
  files: z.array(z.never()),
  setup: z.array(result),
  verify: z.array(result),
  baseVerify: z.array(result),
  decisions: z.array(z.string()).exactOptional(),
  usage,
  proof: z.object({ tests: z.array(z.string()), base: z.array(result) }).exactOptional(),
  withheld: z.object({ head: object, paths: z.array(z.string()), patch: z.null() }).exactOptional(),
  usedUp: z.object({ cost: z.number(), tokens: z.number() }).exactOptional(),
})

const run = z.object({
  n: count,
  epoch: count,
  profile: z.string(),
  tier: z.string().nullable(),
  startedAt: moment,
  endedAt: moment.nullable(),
  end: end.nullable(),
  error: z.string().nullable(),
  usage: usage.exactOptional(),
})

const person = z.object({
  id: z.number(),
  login: z.string(),
  kind: z.enum(['person', 'bot']),
})

const word = z.object({ at: moment, id: z.number() })

const revisionReason = z.enum(['review', 'checks', 'base'])
const revision = z
  .object({
    reason: revisionReason,
    head: object,
    onto: object.nullable().default(null),
    remarks: z.array(
      z.object({
        comment: z.number().nullable(),
        login: z.string(),
        path: z.string().nullable(),
        line: z.number().nullable(),
        text: z.string(),
      }),
    ),
    log: z.string(),
    by: person.nullable(),
    at: moment,
    first: z.literal(true).exactOptional(),
  })
  .nullable()

const leak = z.object({
  where: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('file'), path: z.string(), line: count }),
    z.object({ kind: z.enum(['file-name', 'message', 'branch', 'words', 'too-much']) }),
  ]),
  name: z.string(),
  live: z.boolean(),
})

const steering = z.object({
  question: z
    .object({
      n: count,
      about: z.enum(['work', 'revisions', 'checks', 'budget']),
      text: z.string(),
      options: z.array(z.string()),
      recommended: count.nullable(),
      askedAt: moment,
      reminders: count,
      hinted: z.boolean().default(false),
    })
    .nullable(),
  asked: count,
  answers: z.array(
    z.object({
      n: count,
      question: z.string(),
      text: z.string(),
      choice: count.nullable(),
      by: person,
      at: moment,
      about: z.literal('budget').exactOptional(),
    }),
  ),
  resume: z.null(),
  handoffs: count.default(0),
  gate: z
    .object({
      kind: z.enum(['protected', 'workflows', 'secrets']),
      head: object,
      base: object,
      paths: z.array(z.string()),
      leaks: z.array(leak).exactOptional(),
      askedAt: moment,
    })
    .nullable(),
  approved: object.nullable(),
  revision,
  nextRevision: revision.default(null),
  rounds: z.object({ review: count, checks: count, base: count }),
  revised: z.array(z.object({ head: object, reason: revisionReason })).default([]),
  review: z.null(),
  hold: z.object({ by: z.string(), reason: z.string(), at: moment }).nullable().default(null),
  heard: z
    .object({ wish: word, hold: word, priority: word, pause: word })
    .partial()
    .transform((heard): Steering['heard'] => heard as Steering['heard'])
    .default({}),
  forbidden: z.array(z.number()).default([]),
  notices: z.array(moment).default([]),
  card: z
    .object({ column: z.string().nullable(), at: moment, obeyed: z.boolean() })
    .nullable()
    .default(null),
  purse: z.object({ since: count, raised: count }).default({ since: 0, raised: 0 }),
})

const record = z.object({
  v: z.literal(1),
  state: z.enum(STATE_KINDS),
  reason: z.string(),
  wish: z
    .object({
      by: person,
      at: moment,
      label: z.string().nullable(),
      profile: z.string().nullable(),
      snapshot: z.string(),
    })
    .nullable(),
  priority: z.number(),
  attempts: count,
  epoch: count,
  failures: count,
  losses: count,
  redBase: object.nullable(),
  pushed: object.nullable(),
  pull: z.object({ number: count, head: object }).nullable(),
  createdAt: moment,
  firstSeen: moment,
  report: report.nullable(),
  runs: z.array(run),
  // Absent in comments of before there were questions.
  steering: steering.default(UNSTEERED as z.infer<typeof steering>),
})
