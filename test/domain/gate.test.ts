/** Verified work that touches protected paths waits for a person, and a yes is good for one commit. */
import { describe, expect, it } from 'vitest'
import { decideTask } from '../../src/domain/decide/task.ts'
import { actsIn } from '../support/acts-in.ts'
import { BASE, HEAD, NOW, ended, shaOf, subjectIn, world } from '../support/builders.ts'

const guarded = world({ guarded: ['.npmrc', 'package.json'] })

describe('an attempt that changed protected paths', () => {
  it('stops at a gate: nothing is pushed, and who asked for the work is asked', () => {
    const decided = decideTask(subjectIn('running'), ended(), guarded)
    expect(decided?.next).toMatchObject({
      state: { kind: 'gated', gate: HEAD },
      gate: { kind: 'protected', head: HEAD, base: BASE, paths: ['.npmrc', 'package.json'] },
      approved: null,
      report: { head: HEAD },
    })
    expect(actsIn(decided)).toEqual(['comment gate to ana: aaaaaaa changes .npmrc, package.json'])
    expect(decided?.acts[0]?.key).toBe(`comment:1001-9007:gate:${NOW}:${HEAD}`)
    expect(decided?.why).toBe(
      '1 file changed; `npm test` passed; 2 protected paths changed, so aaaaaaa waits for a person',
    )
  })

  it('is asked about again for every other commit, whatever was approved before', () => {
    const before = subjectIn('running', { approved: shaOf('d') })
    expect(decideTask(before, ended(), guarded)?.next.state.kind).toBe('gated')
  })

  it('goes on when exactly this commit is approved already', () => {
    const decided = decideTask(subjectIn('running', { approved: HEAD }), ended(), guarded)
    expect(actsIn(decided)).toEqual(['push aaaaaaa to yardmaster/7, where nothing is'])
  })

  it('whose checks are red comes to no gate', () => {
    const red = ended({ end: { kind: 'failed', failure: 'verify' }, error: 'red' })
    expect(decideTask(subjectIn('running'), red, guarded)?.next.state.kind).toBe('retrying')
  })

  it('remembers a bounded number of paths', () => {
    const many = world({ guarded: Array.from({ length: 5_000 }, (_, n) => `.github/${n}`) })
    const decided = decideTask(subjectIn('running'), ended(), many)
    expect(decided?.next.gate?.paths).toHaveLength(200)
    expect(decided?.why).toContain('5000 protected paths')
  })

  describe('in work of which workflow files were taken out', () => {
    const withheld = { head: shaOf('f'), paths: ['.github/workflows/ci.yml'], patch: '-a\n+b\n' }

    it('pushes the rest, and hands them over', () => {
      const decided = decideTask(subjectIn('running'), ended({ withheld }), world())
      expect(actsIn(decided)).toEqual([
        'push aaaaaaa to yardmaster/7, where nothing is',
        'comment withheld to ana: .github/workflows/ci.yml',
      ])
    })

    it('hands them over at once when the rest has to wait', () => {
      const decided = decideTask(subjectIn('running'), ended({ withheld }), guarded)
      expect(actsIn(decided)).toEqual([
        'comment gate to ana: aaaaaaa changes .npmrc, package.json',
        'comment withheld to ana: .github/workflows/ci.yml',
      ])
    })

    it('of which they are all, waits for the person who applies them, and asks once', () => {
      const all = ended({ withheld: { ...withheld, head: HEAD } })
      const decided = decideTask(subjectIn('running'), all, guarded)
      expect(actsIn(decided)).toEqual(['comment withheld to ana: .github/workflows/ci.yml alone'])
      expect(decided?.next.gate).toMatchObject({ kind: 'workflows', head: HEAD })
      const again = decideTask(subjectIn('running', { approved: HEAD }), all, world())
      expect(again?.next.state.kind).toBe('gated')
    })
  })
})
