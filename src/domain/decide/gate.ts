/**
 * Verified work goes out, or stands at a gate: nothing that touches a protected path is pushed until a person says yes to
 * exactly that commit, and workflow files are only ever handed over.
 */
import type { ActDetail } from '../act.ts'
import type { AttemptReport, CommandResult } from '../attempt.ts'
import type { Gate } from '../gate.ts'
import { shortSha } from '../ids.ts'
import type { Sha } from '../ids.ts'
import { LEAKS } from '../leak.ts'
import type { Leak } from '../leak.ts'
import { branchOf, pushesOver } from '../task.ts'
import { decision } from './decision.ts'
import type { Decision, Subject, World } from './decision.ts'

/** Paths remembered of one gate; whoever decides sees the diff, and the push is judged by the files themselves. A judgement. */
const PATHS = 200

export function passOn(subject: Subject, report: AttemptReport, world: World): Decision {
  const { task } = subject
  const { head, base } = report
  if (head === null) throw new Error('only evidence with a head is published')
  const why = `${report.files.length === 1 ? '1 file' : `${report.files.length} files`} changed; ${evidence(report.verify)}`
  const next = { report, failures: 0, losses: 0, handoffs: 0, resume: null }
  const alone = report.withheld?.head === head
  const handed = handOver(subject, report)
  if (!alone && (world.guarded.length === 0 || task.approved === head)) {
    return decision(subject, world, {
      event: 'attempt.completed',
      why,
      data: { head, base },
      next: { ...next, state: { kind: 'publishing' } },
      acts: [{ kind: 'push', branch: branchOf(task), head, expected: pushesOver(task) }, ...handed],
    })
  }
  if (base === null) throw new Error('evidence with changed files has a base')
  const paths = alone ? (report.withheld?.paths ?? []) : world.guarded
  const kind = alone ? 'workflows' : 'protected'
  const gate: Gate = { kind, head, base, paths: paths.slice(0, PATHS), askedAt: world.now }
  const login = task.wish?.by.login
  return decision(subject, world, {
    event: 'gate.shut',
    why: `${why}; ${because(kind, paths.length)}, so ${shortSha(head)} waits for a person`,
    data: { head, base, paths: gate.paths },
    next: { ...next, state: { kind: 'gated', gate: head }, gate },
    acts: [
      ...(alone || login === undefined
        ? []
        : [{ kind: 'comment', notice: { kind: 'gate', login, gate }, on: null } as const]),
      ...handed,
    ],
  })
}

/** The push was stopped by what stands in the work: a person says whether it is a secret at all. */
export function holdBack(
  subject: Subject,
  held: { readonly head: Sha; readonly base: Sha; readonly leaks: readonly Leak[] },
  world: World,
): Decision {
  const { head, base } = held
  const leaks = held.leaks.slice(0, LEAKS)
  const gate: Gate = { kind: 'secrets', head, base, paths: [], leaks, askedAt: world.now }
  const login = subject.task.wish?.by.login
  const names = [...new Set(leaks.map(({ name }) => name))].join(', ')
  return decision(subject, world, {
    event: 'gate.shut',
    why: `something in ${shortSha(head)} looks like ${names}; nothing was pushed, and a person decides`,
    data: { head, base, leaks },
    next: { state: { kind: 'gated', gate: head }, gate },
    acts:
      login === undefined
        ? []
        : [{ kind: 'comment', notice: { kind: 'gate', login, gate }, on: null }],
  })
}

/** What may not be pushed reaches a person as a patch, whatever becomes of the rest. */
function handOver(
  { task }: Subject,
  { withheld, head, base }: AttemptReport,
): readonly ActDetail[] {
  const login = task.wish?.by.login
  if (withheld === undefined || base === null || login === undefined) return []
  const alone = withheld.head === head
  return [{ kind: 'comment', notice: { kind: 'withheld', login, withheld, base, alone }, on: null }]
}

function because(kind: Gate['kind'], paths: number): string {
  if (kind === 'workflows')
    return 'all that it changes are workflow files, which Yardmaster may not push'
  return paths === 1 ? 'a protected path changed' : `${paths} protected paths changed`
}

function evidence(results: readonly CommandResult[]): string {
  if (results.length === 0) return 'no check is configured'
  return results.map((result) => `\`${result.command}\` passed`).join(', ')
}
