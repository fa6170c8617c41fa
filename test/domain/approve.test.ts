/** A yes at a gate is good for the commit that it names, and for nothing else. */
import { describe, expect, it } from 'vitest'
import { obey } from '../../src/domain/decide/command/obey.ts'
import type { Order } from '../../src/domain/decide/command/outcome.ts'
import type { Command } from '../../src/domain/command.ts'
import { instant } from '../../src/domain/ids.ts'
import type { Gate } from '../../src/domain/gate.ts'
import type { Revision } from '../../src/domain/revision.ts'
import type { Task } from '../../src/domain/task.ts'
import {
  BASE,
  HEAD,
  NOW,
  STATE_KINDS,
  ben,
  pull,
  report,
  shaOf,
  subjectIn,
  world,
} from '../support/builders.ts'

const gate: Gate = { kind: 'protected', head: HEAD, base: BASE, paths: ['.npmrc'], askedAt: NOW }
const gated = (over: Partial<Task> = {}) =>
  subjectIn('gated', { state: { kind: 'gated', gate: HEAD }, gate, report: report(), ...over })
const says = (command: Command): Order => ({
  command,
  by: ben,
  word: { at: NOW, id: 5 },
  route: 'comment',
  spoken: null,
})
const approve = (sha = HEAD) => says({ kind: 'approve', sha })
const reject = (reason: string | null) => says({ kind: 'reject', reason })

describe('/approve', () => {
  it('of the commit that waits has exactly that one pushed, in the name of who said so', () => {
    expect(obey(gated({ pushed: shaOf('e') }), approve(), world())).toEqual({
      event: 'gate.opened',
      why: '@ben said `/approve` to aaaaaaa, which is pushed now',
      by: 'ben',
      data: { head: HEAD, gate: 'protected', paths: ['.npmrc'] },
      next: { state: { kind: 'publishing' }, gate: null, approved: HEAD },
      acts: [
        {
          kind: 'push',
          branch: 'yardmaster/7',
          head: HEAD,
          expected: shaOf('e'),
          approver: ben,
        },
      ],
    })
  })

  it('of any other commit changes nothing, and is told which one waits', () => {
    for (const sha of [shaOf('c'), BASE])
      expect(obey(gated(), approve(sha), world())).toEqual({
        refused: { kind: 'other-commit', named: sha, waits: HEAD },
      })
  })

  it('of what only looks like a secret has it pushed as a thing that was seen; of a live one it pushes nothing', () => {
    const leak = { where: { kind: 'message' }, name: 'an npm token', live: false } as const
    const holding = (leaks: Gate['leaks']) =>
      gated({ gate: { ...gate, kind: 'secrets', paths: [], leaks: leaks ?? [] } })
    expect(obey(holding([leak]), approve(), world())).toMatchObject({
      next: { state: { kind: 'publishing' }, approved: HEAD },
      acts: [{ kind: 'push', head: HEAD, approver: ben, seen: true }],
    })
    expect(obey(holding([leak, { ...leak, live: true }]), approve(), world())).toEqual({
      refused: { kind: 'holds-secret', name: 'an npm token' },
    })
    // What stands in the agent's words only is left out of them, so that the commit may go.
    const spoken = { ...leak, live: true, where: { kind: 'words' } } as const
    expect(obey(holding([spoken]), approve(), world())).toMatchObject({ event: 'gate.opened' })
  })

  it('of protected paths, said again before a secret was seen in the same commit, is no yes to that', () => {
    const leak = { where: { kind: 'message' }, name: 'an npm token', live: false } as const
    const askedAt = instant(NOW + 2_500)
    const secrets: Gate = { ...gate, kind: 'secrets', paths: [], leaks: [leak], askedAt }
    const again = gated({ gate: secrets, approved: HEAD })
    const said = (at: number): Order => ({ ...approve(), word: { at: instant(at), id: 5 } })
    expect(obey(again, said(NOW + 1_000), world())).toEqual({
      refused: { kind: 'seen-since', name: 'an npm token' },
    })
    // GitHub tells whole seconds.
    expect(obey(again, said(NOW + 2_000), world())).toMatchObject({ event: 'gate.opened' })
    // Nobody could name a commit before its first gate: that yes is to this one, whatever our clock says.
    const first = gated({ gate: { ...secrets, askedAt: instant(NOW + 9_000_000) } })
    expect(obey(first, said(NOW), world())).toMatchObject({ event: 'gate.opened' })
  })

  it('of workflow files says that a person has applied them: nothing is pushed, the task is done', () => {
    const outcome = obey(gated({ gate: { ...gate, kind: 'workflows' } }), approve(), world())
    expect(outcome).toMatchObject({
      next: {
        state: {
          kind: 'done',
          reason: '@ben said `/approve`: the workflow files of aaaaaaa were handed over',
        },
        gate: null,
      },
      callOff: true,
    })
    expect(outcome).not.toHaveProperty('acts')
  })

  it('of workflow files that a revision came to leaves the pull request in review, and begins the round that waits', () => {
    const revision: Revision = {
      reason: 'checks',
      head: HEAD,
      onto: null,
      remarks: [],
      log: 'ci',
      by: null,
      at: NOW,
    }
    const revising = { gate: { ...gate, kind: 'workflows' as const }, pull, revision }
    expect(obey(gated(revising), approve(), world())).toMatchObject({
      event: 'revision.done',
      next: { state: { kind: 'in-review', pull }, revision: null, gate: null },
      callOff: true,
    })
    const remark = { comment: 31, login: 'ben', path: null, line: null, text: 'Shorter.' }
    const nextRevision: Revision = { ...revision, reason: 'review', remarks: [remark], by: ben }
    expect(obey(gated({ ...revising, nextRevision }), approve(), world())).toMatchObject({
      next: { state: { kind: 'queued' }, revision: nextRevision, nextRevision: null, gate: null },
    })
    const reviewed = { ...revising, revision: { ...nextRevision, head: HEAD } }
    expect(obey(gated(reviewed), approve(), world())).toMatchObject({
      acts: [{ kind: 'answer-remark', comment: 31, head: null }],
    })
  })
})

describe('/reject', () => {
  it('ends the task with its reason; the work is kept, and the gate is gone', () => {
    expect(obey(gated(), reject('not this registry'), world())).toMatchObject({
      event: 'task.cancelled',
      next: {
        state: {
          kind: 'cancelled',
          reason: '@ben said `/reject`: not this registry; aaaaaaa is kept and was not pushed',
        },
        gate: null,
      },
      callOff: true,
    })
  })
})

describe('where nothing waits for approval', () => {
  it.each(STATE_KINDS)('a task that is %s refuses both', (kind) => {
    for (const order of [approve(), reject(null)])
      expect(obey(subjectIn(kind), order, world())).toEqual({
        refused: { kind: 'nothing-to-approve' },
      })
  })
})
