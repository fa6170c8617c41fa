/** The ledger tells on whoever touches it: every entry hangs on all before it, through any trip to the store and back. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/ids.ts'
import { LEDGER_START, chain, firstBroken } from '../../src/domain/ledger.ts'
import type { LedgerDraft, LedgerEntry } from '../../src/domain/ledger.ts'
import { TASK } from '../support/builders.ts'

/** Values as a jsonb column can hold them: no -0, nothing undefined, text that is well formed and without NUL. */
const anyData = fc.dictionary(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.jsonValue({ maxDepth: 3, noUnicodeString: false }),
  { maxKeys: 5, noNullPrototype: true },
)
const anyDraft: fc.Arbitrary<LedgerDraft> = fc.record({
  event: fc.constantFrom('task.queued', 'attempt.late', 'push.done'),
  why: fc.string({ unit: 'grapheme' }),
  by: fc.option(fc.string(), { nil: null }),
  at: fc.nat().map(instant),
  data: anyData,
})
const anyChain = fc
  .array(anyDraft, { minLength: 1, maxLength: 8 })
  .map((drafts) => chain(TASK, LEDGER_START, drafts))

describe('a chain', () => {
  it('counts from one, without gaps, and holds', () => {
    fc.assert(
      fc.property(anyChain, (entries) => {
        expect(entries.map((entry) => entry.n)).toEqual(entries.map((_, index) => index + 1))
        expect(firstBroken(entries)).toBeNull()
      }),
    )
  })

  it('grows by parts as it would have grown at once', () => {
    fc.assert(
      fc.property(fc.array(anyDraft, { minLength: 2, maxLength: 6 }), fc.nat(5), (drafts, cut) => {
        const whole = chain(TASK, LEDGER_START, drafts)
        const head = chain(TASK, LEDGER_START, drafts.slice(0, cut))
        const tail = chain(TASK, head.at(-1) ?? LEDGER_START, drafts.slice(cut))
        expect([...head, ...tail]).toEqual(whole)
      }),
    )
  })

  it('holds after a trip through a column that forgets the order of keys', () => {
    fc.assert(
      fc.property(anyChain, (entries) => {
        const back = entries.map(
          (entry) => JSON.parse(JSON.stringify(asJsonb(entry))) as LedgerEntry,
        )
        expect(firstBroken(back)).toBeNull()
      }),
    )
  })

  it('does not care for fields that are not there', () => {
    const [entry] = chain(TASK, LEDGER_START, [draft({ data: { kept: null, lost: undefined } })])
    const [same] = chain(TASK, LEDGER_START, [draft({ data: { kept: null } })])
    const [other] = chain(TASK, LEDGER_START, [draft({ data: {} })])
    expect(entry?.hash).toBe(same?.hash)
    expect(other?.hash).not.toBe(same?.hash)
  })

  it('takes a gap in a list for what the store makes of it', () => {
    const [entry] = chain(TASK, LEDGER_START, [draft({ data: { list: [undefined, 1] } })])
    const back = JSON.parse(JSON.stringify(entry)) as LedgerEntry
    expect(firstBroken([back])).toBeNull()
  })

  it('tells apart what only looks alike', () => {
    const looks: readonly LedgerDraft['data'][] = [
      { a: '1' },
      { a: 1 },
      { a: [1] },
      { a: { 0: 1 } },
      { a: null },
      { a: 'null' },
      { a: [] },
      { a: {} },
      { a: '' },
      { a: '{"b":1}' },
      { a: { b: 1 } },
      { 'a":1,"b': 1 },
      { a: 1, b: 1 },
    ]
    const hashes = looks.map((data) => chain(TASK, LEDGER_START, [draft({ data })])[0]?.hash)
    expect(new Set(hashes).size).toBe(looks.length)
  })
})

describe('a chain that somebody touched', () => {
  /** One change to one entry, or to the row of entries. The last entry may be cut off unseen: the head that is kept elsewhere tells that. */
  const TAMPERING: readonly ((entries: LedgerEntry[], at: number) => void)[] = [
    (entries, at) => change(entries, at, { why: `${entries[at]?.why}.` }),
    (entries, at) => change(entries, at, { by: entries[at]?.by === 'eve' ? 'bob' : 'eve' }),
    (entries, at) => change(entries, at, { by: entries[at]?.by === null ? '' : null }),
    (entries, at) => change(entries, at, { event: 'task.approved' }),
    (entries, at) => change(entries, at, { at: instant((entries[at]?.at ?? 0) + 1) }),
    (entries, at) => change(entries, at, { n: (entries[at]?.n ?? 0) + 1 }),
    (entries, at) => change(entries, at, { task: '1-1' as LedgerEntry['task'] }),
    (entries, at) => change(entries, at, { data: { ...entries[at]?.data, 'a new key': 1 } }),
    (entries, at) => change(entries, at, { hash: 'f'.repeat(64) }),
    (entries, at) => change(entries, at, { previous: 'f'.repeat(64) }),
    (entries, at) => change(entries, at, { extra: 1 } as Partial<LedgerEntry>),
    (entries, at) => entries.splice(at, 0, ...entries.slice(at, at + 1)),
    (entries, at) => entries.splice(Math.min(at, entries.length - 2), 1),
    (entries, at) => entries.splice(at, 2, ...entries.slice(at, at + 2).toReversed()),
    // A forger who knows how hashes are made, but not those that follow.
    (entries, at) => {
      const before = at === 0 ? LEDGER_START : entries[at - 1]
      const forged = chain(TASK, before ?? LEDGER_START, [draft({ why: 'forged' })])
      entries.splice(at, 1, ...forged)
    },
  ]

  it('is caught, a thousand times out of a thousand', () => {
    const caught = new Set<number>()
    fc.assert(
      fc.property(
        fc.array(anyDraft, { minLength: 3, maxLength: 8 }),
        fc.nat(5),
        fc.nat(TAMPERING.length - 1),
        (drafts, pick, how) => {
          const entries = [...chain(TASK, LEDGER_START, drafts)]
          const at = pick % (entries.length - 1)
          TAMPERING[how]?.(entries, at)
          caught.add(how)
          expect(firstBroken(entries)).not.toBeNull()
        },
      ),
      { numRuns: 1_000 },
    )
    expect(caught.size).toBe(TAMPERING.length)
  })

  it('is caught when it does not begin at its beginning', () => {
    const late = chain(TASK, { ...LEDGER_START, n: 4 }, [draft(), draft()])
    expect(firstBroken(late)).toBe(1)
  })

  it('names the first entry that does not follow', () => {
    const entries = [
      ...chain(
        TASK,
        LEDGER_START,
        [1, 2, 3, 4].map((at) => draft({ at: instant(at) })),
      ),
    ]
    change(entries, 2, { why: 'it never happened' })
    expect(firstBroken(entries)).toBe(3)
    expect(firstBroken(entries.slice(1))).toBe(1)
  })
})

function draft(over: Partial<LedgerDraft> = {}): LedgerDraft {
  return { event: 'task.queued', why: 'because', by: null, at: instant(0), data: {}, ...over }
}

function change(entries: LedgerEntry[], at: number, over: Partial<LedgerEntry>): void {
  const entry = entries[at]
  if (entry !== undefined) entries[at] = { ...entry, ...over }
}

/** Keys as PostgreSQL's jsonb keeps them: the shorter first, then by bytes. */
function asJsonb(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asJsonb)
  if (value === null || typeof value !== 'object') return value
  const bytes = (text: string) => Buffer.from(text)
  const fields = Object.entries(value).toSorted(
    ([a], [b]) => bytes(a).length - bytes(b).length || Buffer.compare(bytes(a), bytes(b)),
  )
  return Object.fromEntries(fields.map(([key, field]) => [key, asJsonb(field)]))
}
