/** What an agent is told before it starts rests on a permission, and that one is asked last. */
import { expect, it } from 'vitest'
import type { Permission } from '../../src/domain/actor.ts'
import { later } from '../../src/domain/ids.ts'
import { LEDGER_START } from '../../src/domain/ledger.ts'
import { createDesk } from '../../src/engine/desk.ts'
import { WorldFault } from '../../src/ports/fault.ts'
import { log } from '../git/world.ts'
import { MINUTE, NOW, ana, attempt, repository, subjectIn, wish } from '../support/builders.ts'

const asked = later(NOW, MINUTE)
const { id, epoch } = attempt()
const words = { id: 1, author: ana, body: 'In capitals.', createdAt: NOW, updatedAt: NOW }

/** An app, and what it is asked of GitHub in turn; each reading of the comments takes as long as `reading` does. */
function aDesk(reading: (tried: number) => void) {
  let permission: Permission = 'write'
  let tried = 0
  const desk = createDesk({
    log,
    clock: { now: () => asked, monotonic: () => 0, sleep: async () => {} },
    store: {
      load: async () => ({
        ...subjectIn('running', { wish: wish({ at: asked }) }),
        ledger: LEDGER_START,
      }),
      repositories: { get: async () => repository() },
    },
    tracker: {
      permission: async () => permission,
      async comments() {
        reading((tried += 1))
        return [{ ...words, ours: false }]
      },
    },
    author: { name: 'yardmaster', email: 'y@example.test' },
    gitRemote: { credential: async () => Promise.reject(new Error('nobody asked')) },
  })
  return { desk, revoke: () => (permission = 'read') }
}

it('tells whoever may write with the words that were blessed', async () => {
  const { desk } = aDesk(() => {})
  const { refusal, comments } = await desk.briefing({ attempt: id, epoch })
  expect({ refusal, comments }).toEqual({
    refusal: null,
    comments: [{ login: 'ana', body: 'In capitals.' }],
  })
})

it('tells nothing for somebody whose rights end while the comments are read', async () => {
  const { desk, revoke } = aDesk(() => revoke())
  const { refusal, comments } = await desk.briefing({ attempt: id, epoch })
  expect(refusal).toContain('@ana asked for this work and has no write access any more')
  expect(comments).toEqual([])
})

it('nor while they cannot be read', async () => {
  const { desk, revoke } = aDesk((tried) => {
    if (tried === 3) revoke()
    throw new WorldFault('GitHub does not answer', {
      kind: 'transient',
      applied: 'no',
      operation: 'GET comments',
    })
  })
  const { refusal, comments } = await desk.briefing({ attempt: id, epoch })
  expect(refusal).toContain('nothing was started')
  expect(comments).toEqual([])
})
