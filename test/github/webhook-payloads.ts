/** Every payload that GitHub documents, and ways to damage one by a seed: structure first, because words are read by nobody. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface Family {
  readonly name: string
  readonly examples: readonly object[]
}

export interface Example {
  /** `X-GitHub-Event`. */
  readonly name: string
  readonly payload: object
}

const index = import.meta.resolve('@octokit/webhooks-examples/api.github.com/index.json')
export const families = JSON.parse(readFileSync(fileURLToPath(index), 'utf8')) as readonly Family[]
export const examples: readonly Example[] = families.flatMap(({ name, examples: all }) =>
  all.map((payload) => ({ name, payload })),
)

/** Events that have a family of our own. */
export const ours: ReadonlySet<string> = new Set([
  'check_run',
  'check_suite',
  'status',
  'issue_comment',
  'issues',
  'pull_request',
  'pull_request_review',
  'projects_v2_item',
  'push',
  'repository',
  'installation',
  'installation_repositories',
])

/** Gives numbers below `below`; the same for the same seed (mulberry32). */
export type Dice = (below: number) => number

export function diceOf(seed: number): Dice {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const LONG = 'x'.repeat(100_000)
const deep = (depth: number): unknown => {
  let value: unknown = 0
  for (let n = 0; n < depth; n += 1) value = n % 2 === 0 ? [value] : { a: value }
  return value
}
const DEEP = deep(2_000)
/** What JSON can hold in place of anything; the last three are made by `JSON.parse` only. */
const STRANGE: readonly unknown[] = [
  null,
  '',
  'x',
  LONG,
  '\uD83D\u0000',
  '../..',
  '9'.repeat(400),
  -1,
  -0,
  0,
  1.5,
  2 ** 53,
  1e308,
  true,
  false,
  [],
  {},
  [null],
  DEEP,
  JSON.parse('{"__proto__":{"action":"labeled"}}'),
  JSON.parse('{"constructor":{"prototype":{}},"toString":null,"length":-1}'),
  JSON.parse('1e999'),
]

/** The payload with one to four places damaged; what is not on the way to them is shared with the original. */
export function damaged(payload: object, dice: Dice): object {
  let result = payload
  for (let times = 1 + dice(4); times > 0; times -= 1) {
    const changed = damage(result, dice, 0)
    if (typeof changed === 'object' && changed !== null) result = changed
  }
  return result
}

function damage(value: unknown, dice: Dice, depth: number): unknown {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
  const key = keys[dice(keys.length)]
  // Mostly one of the upper levels, where the fields are that somebody reads.
  if (key === undefined || (depth > 0 && dice(3) === 0)) return otherwise(value, dice)
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }
  const fields = copy as Record<string, unknown>
  switch (dice(8)) {
    case 0:
      delete fields[key]
      return copy
    case 1:
      fields[`${key}_`] = fields[key]
      delete fields[key]
      return copy
    case 2: {
      const other = keys[dice(keys.length)] ?? key
      ;[fields[key], fields[other]] = [fields[other], fields[key]]
      return copy
    }
    default:
      fields[key] = damage(fields[key], dice, depth + 1)
      return copy
  }
}

/** Something of another type that looks alike, or something strange. */
function otherwise(value: unknown, dice: Dice): unknown {
  switch (dice(4)) {
    case 0:
      return [value]
    case 1:
      return typeof value === 'string' ? Number(value) || 7 : JSON.stringify(value)
    case 2:
      return typeof value === 'object' && value !== null ? Object.values(value) : { value }
    default:
      return STRANGE[dice(STRANGE.length)]
  }
}
