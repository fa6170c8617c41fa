/** A push that was stopped by a secret: the work waits at a gate, a person is asked once, and the yes is a push of its own. */
import { describe, expect, it } from 'vitest'
import { decideActDone } from '../../src/domain/decide/publish.ts'
import { actKey } from '../../src/domain/ids.ts'
import { LEAKS } from '../../src/domain/leak.ts'
import type { Leak } from '../../src/domain/leak.ts'
import { BASE, HEAD, TASK, report, subjectIn, world } from '../support/builders.ts'

const leak: Leak = { where: { kind: 'file', path: 'a.ts', line: 3 }, name: 'a key', live: false }
const stopped = (epoch: number, leaks: readonly Leak[] = [leak]) =>
  ({
    kind: 'act-done',
    act: actKey(`push:${TASK}:${HEAD}`),
    epoch,
    outcome: { kind: 'secrets', head: HEAD, base: BASE, leaks },
  }) as const

describe('a push that was stopped by a secret', () => {
  it('leaves the work at a gate, and asks the one who wanted it', () => {
    const subject = subjectIn('publishing', { report: report() })
    const decided = decideActDone(subject, stopped(subject.task.epoch), world())
    expect(decided.next.state).toEqual({ kind: 'gated', gate: HEAD })
    expect(decided.next.gate).toMatchObject({
      kind: 'secrets',
      head: HEAD,
      paths: [],
      leaks: [leak],
    })
    expect(decided.why).toBe(
      'something in aaaaaaa looks like a key; nothing was pushed, and a person decides',
    )
    expect(decided.acts.map(({ key }) => key)).toEqual([expect.stringMatching(/:gate:.*:secrets$/)])
  })

  it('remembers no more of them than a person would look at', () => {
    const subject = subjectIn('publishing', { report: report() })
    const many = Array.from({ length: 100 }, () => leak)
    const decided = decideActDone(subject, stopped(subject.task.epoch, many), world())
    expect(decided.next.gate?.leaks).toHaveLength(LEAKS)
  })

  it('changes nothing once the wish was taken back', () => {
    const subject = subjectIn('publishing', { report: report() })
    const late = decideActDone(subject, stopped(subject.task.epoch - 1), world())
    expect(late.next.state).toEqual(subject.task.state)
    expect(late.acts).toEqual([])
  })
})
