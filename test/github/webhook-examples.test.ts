/** Every payload that GitHub documents, as it is and damaged at random: a verdict each time, never a crash. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { narrow, type Narrowed } from '../../src/github/webhook.ts'

interface Family {
  readonly name: string
  readonly examples: readonly object[]
}

const index = import.meta.resolve('@octokit/webhooks-examples/api.github.com/index.json')
const families = JSON.parse(readFileSync(fileURLToPath(index), 'utf8')) as readonly Family[]
const examples = families.flatMap(({ name, examples: all }) =>
  all.map((payload) => ({ name, payload })),
)
const ours = new Set([
  'issues',
  'pull_request',
  'push',
  'repository',
  'installation',
  'installation_repositories',
])

const verdict = (name: string, payload: unknown): Narrowed =>
  narrow({ id: '72d3162e-cc78-11e3-81ab-4c9367dc0958', name, payload }, 'yardmaster')

describe('the payloads that GitHub documents', () => {
  test('each have a verdict, and those that concern us are understood', () => {
    expect(examples.length).toBeGreaterThan(300)
    for (const { name, payload } of examples) {
      const { kind } = verdict(name, payload)
      // Some examples come from repository webhooks, which have no installation: nobody to answer as.
      const addressed = 'installation' in payload
      const possible = !ours.has(name)
        ? ['unknown']
        : addressed
          ? ['accepted', 'irrelevant']
          : ['malformed', 'irrelevant']
      expect(possible).toContain(kind)
    }
  })

  test('are understood when they come through an installation', () => {
    const kinds = examples
      .filter(({ name }) => ours.has(name))
      .map(({ name, payload }) => verdict(name, { ...payload, installation: { id: 77 } }).kind)
    expect(kinds).not.toContain('malformed')
    expect(kinds.filter((kind) => kind === 'accepted').length).toBeGreaterThan(20)
  })

  test('damaged in 10,000 ways never make it throw', () => {
    const relevant = examples
      .filter(({ name }) => ours.has(name))
      .map(({ name, payload }) => ({ name, payload: { ...payload, installation: { id: 77 } } }))
    const damage = fc.record({
      example: fc.constantFrom(...relevant),
      where: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
      times: fc.integer({ min: 1, max: 3 }),
      how: fc.constantFrom(...DAMAGES),
    })
    fc.assert(
      fc.property(damage, ({ example, where, times, how }) => {
        const payload = structuredClone(example.payload)
        for (let n = 0; n < times; n += 1)
          spoil(
            payload,
            where.map((step) => step + n),
            how,
          )
        const narrowed = verdict(example.name, payload)
        if (narrowed.kind !== 'accepted') return
        for (const { repo, fact } of narrowed.drafts) {
          expect(Number.isSafeInteger(repo.id) && repo.id > 0).toBe(true)
          expect(`${repo.owner}/${repo.name}`).toMatch(/^[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/)
          expect(typeof ('issue' in fact ? fact.issue.body : '')).toBe('string')
        }
      }),
      { numRuns: 10_000 },
    )
  })

  test('and neither does anything else', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ours, 'star'),
        fc.anything({ withBigInt: true, withDate: true }),
        (name, payload) => {
          expect(['malformed', 'unknown', 'irrelevant', 'accepted', 'ours']).toContain(
            verdict(name, payload).kind,
          )
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

const DAMAGES = [
  'drop',
  null,
  '',
  'x',
  '9'.repeat(400),
  -1,
  0,
  1.5,
  2 ** 60,
  Number.NaN,
  true,
  [],
  {},
] as const

/** Walks down by the numbers given and drops or replaces what it arrives at. */
function spoil(root: object, where: readonly number[], how: (typeof DAMAGES)[number]): void {
  let at: Record<string, unknown> = root as Record<string, unknown>
  for (const [depth, step] of where.entries()) {
    const keys = Object.keys(at)
    const key = keys[step % keys.length]
    if (key === undefined) return
    const next = at[key]
    if (depth < where.length - 1 && typeof next === 'object' && next !== null) {
      at = next as Record<string, unknown>
      continue
    }
    if (how === 'drop') delete at[key]
    else at[key] = typeof how === 'object' && how !== null ? structuredClone(how) : how
    return
  }
}
