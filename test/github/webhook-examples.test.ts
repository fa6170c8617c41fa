/** Every payload that GitHub documents, and anything at all: a verdict each time, never a crash. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { narrow, type Narrowed } from '../../src/github/webhook.ts'
import { examples, ours } from './webhook-payloads.ts'

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

  test('and whatever else may come never make it throw', () => {
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
