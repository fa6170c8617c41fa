/** T1, T5: what GitHub says of a person's role at that moment is what counts; how the label came to be set is not. */
import { describe, expect, it } from 'vitest'
import type { Subject } from '../../src/domain/decide/decision.ts'
import { blankTask, decideTask, permissionNeeded } from '../../src/domain/decide/task.ts'
import type { TaskFact } from '../../src/domain/fact.ts'
import { instant, later } from '../../src/domain/ids.ts'
import { actsIn } from '../support/acts-in.ts'
import { MINUTE, NOW, REPO, ROLES, ana, ben, issue } from '../support/builders.ts'
import { labelled, robot, subjectIn, wish, world } from '../support/builders.ts'

const blank: Subject = { task: blankTask({ repo: REPO, ...issue() }, NOW), live: null }

type Label = Parameters<typeof labelled>[0]

describe('who may start work', () => {
  const routes = {
    'by hand, told by a webhook': {},
    'by an issue form, before anyone read it': { issue: issue({ body: '' }) },
    'by the API': { label: 'YARDMASTER', issue: issue({ labels: ['YARDMASTER'] }) },
    'found by the reconciler': { via: 'reconcile' },
    'on a task that failed before': { at: later(NOW, 5 * MINUTE) },
  } as const satisfies Record<string, Label>

  const matrix = Object.entries(routes).flatMap(([route, label]) =>
    [...ROLES, null].map((role) => ({ route, label, role })),
  )

  it.each(matrix)('a person with $role, $route', ({ route, label, role }) => {
    const before = route.startsWith('on a task') ? subjectIn('failed') : blank
    const decided = decideTask(before, labelled(label), world({ permission: role }))
    const starts = role === 'write' || role === 'maintain' || role === 'admin'
    expect(decided?.next.state.kind === 'queued').toBe(starts)
    expect(decided?.next.epoch).toBe(before.task.epoch + Number(starts))
    expect(actsIn(decided)).toEqual(starts ? [] : ['comment refused (reader) to ana'])
  })

  const strangers = [
    robot,
    { id: 4, login: 'evil[bot]', kind: 'bot' as const },
    { id: 5, login: 'Evil[BOT]', kind: 'bot' as const },
    { id: 1, login: 'ana', kind: 'bot' as const },
    null,
  ].flatMap((actor) => [...ROLES, null].map((role) => ({ actor, role, who: actor?.login })))

  it.each(strangers)('no bot and nobody unknown: $who with $role', ({ actor, role }) => {
    const decided = decideTask(blank, labelled({ actor }), world({ permission: role }))
    expect(decided?.next.state.kind).toBe('cancelled')
    expect(decided?.next.wish).toBeNull()
  })

  it('asks GitHub about persons who label, and about nobody else', () => {
    expect(permissionNeeded(labelled())).toEqual(ana)
    expect(permissionNeeded(labelled({ actor: robot }))).toBeNull()
    expect(permissionNeeded(labelled({ actor: null }))).toBeNull()
    const closed: TaskFact = {
      kind: 'issue-closed',
      actor: ana,
      issue: issue(),
      at: NOW,
      via: 'webhook',
    }
    expect(permissionNeeded(closed)).toBeNull()
  })

  it('writes no surface for a label that nobody could obey, and says on the row why nothing was started', () => {
    const refused = (subject: Subject) =>
      decideTask(subject, labelled({ actor: robot }), world({ permission: 'admin' }))
    const reason = 'the label was set by the bot tidy[bot]; bots start nothing'
    expect(refused(blank)?.next.state).toEqual({ kind: 'cancelled', reason })
    expect(refused(subjectIn('done'))?.next.state).toEqual(subjectIn('done').task.state)
    expect(refused(subjectIn('done'))?.surfaces).toEqual([])
  })

  it('tells those who may not once per wish, however often they try', () => {
    const refuse = (subject: Subject, minutes: number) =>
      decideTask(
        subject,
        labelled({ actor: ben, at: instant(NOW + minutes * MINUTE) }),
        world({ permission: 'read' }),
      )?.acts.map((act) => act.key)
    const done = subjectIn('done')
    expect(refuse(done, 1)).toEqual(refuse(done, 9))
    expect(refuse(blank, 1)).toEqual(refuse(blank, 9))
    const anew = { ...done, task: { ...done.task, wish: wish({ at: later(NOW, MINUTE) }) } }
    expect(refuse(anew, 9)).not.toEqual(refuse(done, 9))
  })
})
