/** Buttons and the operator's line: the deciders and the permission of comments, by other routes. */
import { describe, expect, it } from 'vitest'
import { BUTTONS } from '../../src/domain/button.ts'
import type { Command } from '../../src/domain/command.ts'
import { decideTask } from '../../src/domain/decide/task.ts'
import type { Said } from '../../src/domain/decide/decision.ts'
import type { TaskFact } from '../../src/domain/fact.ts'
import type { Sha } from '../../src/domain/ids.ts'
import { opened } from '../../src/domain/review.ts'
import { HEAD, NOW, ben, robot, shaOf, task, world } from '../support/builders.ts'

const pull = { number: 3, url: 'u', head: HEAD }
const subject = {
  task: task({ state: { kind: 'in-review', pull }, pull, review: opened(NOW) }),
  live: null,
}
type Refusal = Said['commands'][number]['refusal']

const order = (
  command: Command,
  given: { readonly head?: Sha; readonly actor?: typeof ben; readonly refusal?: Refusal } = {},
) => {
  const { head = HEAD, actor = ben, refusal = null } = given
  const fact: TaskFact = { kind: 'ordered', command, route: 'button', actor, head }
  const said: Said = { commands: [{ command, line: 1, raw: '', refusal }], refused: [] }
  return decideTask(subject, fact, world({ said }))
}

describe('a button', () => {
  it('clears a review of exactly the commit that its check shows', () => {
    const decided = order({ kind: 'reviewed' })
    expect(decided?.next.review?.looks).toMatchObject([{ login: 'ben', head: HEAD }])
    expect(decided?.why).toBe('@ben pressed the button for `/reviewed`: aaaaaaa of #3')
  })

  it('on the check of an older commit clears nothing', () => {
    const decided = order({ kind: 'reviewed' }, { head: shaOf('0') })
    expect(decided?.next.review?.looks).toEqual([])
    expect(decided?.why).toBe(
      '@ben pressed the button for `/reviewed`, and it was refused: pushed since',
    )
  })

  it('holds a task, by whom may', () => {
    expect(order({ kind: 'hold', reason: null })?.next.hold).toMatchObject({ by: 'ben' })
    const refusal = { kind: 'no-permission', name: 'hold', needs: 'write' } as const
    const decided = order({ kind: 'hold', reason: null }, { refusal })
    expect(decided?.next.hold).toBeNull()
    expect(decided).toMatchObject({ acts: [], surfaces: [] })
  })

  it('does nothing for a bot', () => {
    expect(order({ kind: 'hold', reason: null }, { actor: robot })).toBeNull()
  })

  it('fits what GitHub takes', () => {
    expect(BUTTONS).toHaveLength(3)
    for (const { identifier, label, description } of BUTTONS) {
      expect(Math.max(identifier.length, label.length)).toBeLessThanOrEqual(20)
      expect(description.length).toBeLessThanOrEqual(40)
    }
  })
})
