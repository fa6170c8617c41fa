/** What labels wish for: one thing, nothing, or something that nobody could obey. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWishLabel, parseTriggerLabel, wishOf } from '../../src/domain/trigger.ts'

const KNOWN = ['claude', 'Opus']

describe('a label', () => {
  it.each([
    ['yardmaster', { kind: 'default' }],
    ['Yardmaster', { kind: 'default' }],
    [' yardmaster ', { kind: 'default' }],
    ['yardmaster:opus', { kind: 'profile', name: 'opus' }],
    ['YARDMASTER:Opus', { kind: 'profile', name: 'opus' }],
    ['yardmaster: opus ', { kind: 'profile', name: 'opus' }],
    ['yardmaster:', { kind: 'profile', name: '' }],
    ['yardmaster:a:b', { kind: 'profile', name: 'a:b' }],
    ['yardmasters', { kind: 'none' }],
    ['yardmaster opus', { kind: 'none' }],
    ['my yardmaster', { kind: 'none' }],
    ['yard:queued', { kind: 'none' }],
    ['', { kind: 'none' }],
  ] as const)('"%s" means %o', (label, meaning) => {
    expect(parseTriggerLabel(label, 'yardmaster')).toEqual(meaning)
  })

  it('means something only by the word in the settings, however that is written', () => {
    expect(parseTriggerLabel('robot:opus', 'Robot')).toEqual({ kind: 'profile', name: 'opus' })
    expect(parseTriggerLabel('yardmaster', 'Robot')).toEqual({ kind: 'none' })
  })

  it('of our own status view is never a wish', () => {
    for (const key of [
      'queued',
      'working',
      'needs-answer',
      'needs-review',
      'held',
      'failed',
      'done',
    ])
      expect(parseTriggerLabel(`yard:${key}`, 'yardmaster').kind).toBe('none')
  })

  it('of a wish stays its label when the word in the settings changes', () => {
    expect(isWishLabel('YARDMASTER', 'robot', 'yardmaster')).toBe(true)
    expect(isWishLabel('robot', 'robot', 'yardmaster')).toBe(true)
    expect(isWishLabel('bug', 'robot', 'yardmaster')).toBe(false)
    expect(isWishLabel('bug', 'robot', null)).toBe(false)
  })
})

describe('the labels of an issue', () => {
  it.each([
    [[], { kind: 'none' }],
    [['bug', 'yard:queued'], { kind: 'none' }],
    [['bug', 'yardmaster'], { kind: 'one', profile: null }],
    [['Yardmaster:OPUS'], { kind: 'one', profile: 'Opus' }],
    [['yardmaster:gpt'], { kind: 'unknown', name: 'gpt', known: KNOWN }],
    [['yardmaster:'], { kind: 'unknown', name: '', known: KNOWN }],
    [['yardmaster:toString'], { kind: 'unknown', name: 'tostring', known: KNOWN }],
    [
      ['yardmaster:opus', 'bug', 'yardmaster'],
      { kind: 'several', labels: ['yardmaster:opus', 'yardmaster'] },
    ],
  ] as const)('%o wish for %o', (labels, expected) => {
    expect(wishOf(labels, 'yardmaster', KNOWN)).toEqual(expected)
  })

  it('never wish for a profile that nobody configured', () => {
    fc.assert(
      fc.property(fc.array(fc.string().map((text) => `yardmaster:${text}`)), (labels) => {
        const found = wishOf(labels, 'yardmaster', KNOWN)
        expect(found.kind !== 'one' || KNOWN.includes(found.profile ?? '')).toBe(true)
      }),
    )
  })
})
