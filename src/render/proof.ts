/** What the tests of a change say of it, in exact words: a finding, never a verdict. */
import { passed } from '../domain/attempt.ts'
import type { AttemptReport } from '../domain/attempt.ts'
import { shortSha } from '../domain/ids.ts'
import { withoutClosing } from './closing.ts'
import { sayResult } from './evidence.ts'
import { code } from './inline.ts'
import { cut } from './plain.ts'

/** Paths named one by one; the rest is counted. */
const LISTED = 5

export interface ProofWords {
  readonly verdict: string
  /** What was run where, one line each, as Markdown. */
  readonly lines: readonly string[]
}

/** Null: there is nothing to say. */
export function proofWords({ proof, verify, base, head }: AttemptReport): ProofWords | null {
  if (proof === undefined || base === null) return null
  const tests = named(proof.tests)
  const lines = [
    ...proof.base.map((result) => `${sayResult(result, base)}, with only ${tests} of this change.`),
    ...verify.map((result) => `${sayResult(result, head)}.`),
  ]
  const red = proof.base.find((result) => !passed(result))
  if (proof.base.length === 0 || red?.exitCode === null)
    return {
      verdict: `Whether the tests of this change fail without it could not be shown: the checks did not come to an end on ${shortSha(base)}.`,
      lines,
    }
  if (red === undefined)
    return {
      verdict: `Finding: the tests of this change pass on ${shortSha(base)} without it as well, so they do not show it.`,
      lines,
    }
  return { verdict: 'Fails on the base without the change, passes with it.', lines }
}

function named(tests: readonly string[]): string {
  const shown = tests.slice(0, LISTED).map((path) => code(withoutClosing(cut(path, 200))))
  const more = tests.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
