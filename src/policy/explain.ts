/** Turns what the schema refuses into problems a person can mend: the line, the key, what is wrong, what is accepted. */
import type { z } from 'zod'
import type { SettingsProblem } from '../domain/settings.ts'
import { accepted, definitionAt } from './accepted.ts'
import type { Definition } from './accepted.ts'
import { nearest } from '../domain/nearest.ts'
import type { SettingsPath } from './yaml-file.ts'

/** What an explanation is made from. */
export interface Refused {
  readonly issues: readonly z.core.$ZodIssue[]
  readonly value: unknown
  readonly definition: Definition
  readonly lineOf: (path: SettingsPath) => number | null
}

/** In the order of the file. */
export function explain(refused: Refused): readonly SettingsProblem[] {
  const problems = refused.issues.flatMap((issue) => one(issue, refused))
  // A value that fails two checks of one place is one problem to mend.
  const once = new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem]))
  return [...once.values()].toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
}

function one(issue: z.core.$ZodIssue, refused: Refused): readonly SettingsProblem[] {
  const problem = (path: SettingsPath, message: string): SettingsProblem => ({
    line: refused.lineOf(path),
    path: dotted(path),
    message,
  })
  const here = definitionAt(refused.definition, issue.path) ?? {}
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(here.properties ?? {})
    return issue.keys.map((key) =>
      problem(
        [...issue.path, key],
        `there is no such key${didYouMean(key, known)}; ${keys(known)}`,
      ),
    )
  }
  if (issue.code === 'invalid_key') {
    const around = definitionAt(refused.definition, issue.path.slice(0, -1)) ?? {}
    return [
      problem(
        issue.path,
        `this name cannot be used; it must be ${accepted(around.propertyNames ?? {})}`,
      ),
    ]
  }
  // A check without words of its own is explained by what the place accepts.
  if (issue.code === 'custom' && issue.message !== 'Invalid input') {
    return [problem(issue.path, issue.message)]
  }

  const found = valueAt(refused.value, issue.path)
  const guess = typeof found === 'string' ? didYouMean(found, (here.enum ?? []).map(String)) : ''
  return [problem(issue.path, `must be ${accepted(here)}, but is ${shown(found)}${guess}`)]
}

const keys = (known: readonly string[]): string => `the keys here are ${known.join(', ')}`

function didYouMean(word: string, candidates: readonly string[]): string {
  const guess = nearest(word, candidates)
  return guess === null ? '' : ` (did you mean ${guess}?)`
}

function dotted(path: SettingsPath): string {
  return path
    .map((step) => (typeof step === 'number' ? String(step + 1) : cut(String(step))))
    .join('.')
}

function valueAt(value: unknown, path: SettingsPath): unknown {
  let here = value
  for (const step of path) {
    if (here === null || typeof here !== 'object') return undefined
    here = Object.getOwnPropertyDescriptor(here, step)?.value
  }
  return here
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object')
    return Object.keys(value).length === 0 ? 'an empty mapping' : 'a mapping'
  return JSON.stringify(typeof value === 'string' ? cut(value) : value)
}

const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)
