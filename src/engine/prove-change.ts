/**
 * Whether the tests of a change show it: on the base with only these laid over it the repository's checks must be red,
 * as on the head they were green. What cannot be shown is said, and stops nothing.
 */
import type { AttemptReport, CommandResult, Proof } from '../domain/attempt.ts'
import { passed } from '../domain/attempt.ts'
import { isTest } from '../domain/tests.ts'
import type { Bundle } from '../ports/store.ts'
import type { Place } from '../ports/workspace.ts'
import type { AttemptRun } from './attempt-run.ts'
import type { RunnerDeps } from './deps.ts'

export interface Proving {
  readonly run: AttemptRun
  readonly deps: RunnerDeps
  readonly report: Pick<AttemptReport, 'files' | 'setup' | 'verify'>
  readonly work: Bundle
  /** What is taken for it is put away with these. */
  readonly places: Place[]
  /** Milliseconds until the attempt must be over. */
  readonly left: () => number
}

/** More than these are no longer the tests of one change; a judgement. */
const MAX_TESTS = 200
/** A check may hang where the change is missing; beyond twice what it took before, and this, it is not waited for. Milliseconds. */
const PATIENCE = 30_000

/** Null: there is nothing to show, because no tests changed, or nothing but tests did. */
export async function proveChange(proving: Proving): Promise<Proof | null> {
  const { run, deps, report } = proving
  const { settings } = run
  const tests = report.files
    .filter(({ path, status }) => status !== 'deleted' && isTest(path))
    .map(({ path }) => path)
  if (!settings.testProof || settings.verify.length === 0 || tests.length === 0) return null
  if (tests.length > MAX_TESTS || report.files.every(({ path }) => isTest(path))) return null
  try {
    return { tests, base: await onBase(proving, tests) }
  } catch (error) {
    deps.log.warn({ error, attempt: run.attempt.id }, 'the tests could not be run on the base')
    return { tests, base: [] }
  }
}

/** Empty: setup was red there. */
async function onBase(
  { run, deps, report, work, places, left }: Proving,
  tests: readonly string[],
): Promise<readonly CommandResult[]> {
  const { workspace } = deps
  const { settings, signal } = run
  const scratch = await workspace.scratch(run.repository, run.task.id, work.base)
  places.push(scratch)
  await workspace.layOut(scratch, work, tests)
  const timeout = (before: readonly CommandResult[]): number =>
    Math.min(
      left(),
      before.reduce((sum, one) => sum + 2 * one.milliseconds, PATIENCE),
    )
  const setup = await workspace.run(scratch, settings.setup, {
    timeout: timeout(report.setup),
    signal,
  })
  if (!setup.every(passed)) return []
  return await workspace.run(scratch, settings.verify, { timeout: timeout(report.verify), signal })
}
