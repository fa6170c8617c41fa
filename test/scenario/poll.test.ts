/** Where GitHub cannot reach the machine: no port is open, no webhook comes, and people see the same. */
import { afterEach, describe, expect, it } from 'vitest'
import { HELLO } from './support/issues.ts'
import { MAINTAINER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
afterEach(() => yard.close())

/** Looks at GitHub now, as it would by itself some seconds later, until the condition holds. */
const seen = <Value>(what: string, look: () => Promise<Value | null | false>): Promise<Value> =>
  yard.until(what, async () => {
    await yard.world.yardmaster().engine.reconcile()
    return look()
  })

describe('with looks at GitHub alone', () => {
  it('a repository is found, a label becomes a pull request, its merge is the end, and no port is open', async () => {
    yard = await openYard({ poll: true })
    expect(yard.world.yardmaster()).toMatchObject({ url: null, webhookUrl: null })
    const repo = await yard.repository()
    const rows = () => yard.world.yardmaster().store.repositories.all()
    await seen('it is found', async () => (await rows()).some(({ cursor }) => cursor !== null))
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await seen('the label is seen', () => yard.task(repo, number))
    const { state } = await yard.becomes(repo, number, 'in-review')
    await yard.until('the label says so', () =>
      yard.emulator.labels({ repo, number }).includes('yard:needs-review'),
    )
    await yard.emulator.merge({ repo, number: state.pull.number, as: MAINTAINER })
    await seen(
      'the merge is seen',
      async () => (await yard.task(repo, number))?.state.kind === 'done',
    )
    const asked = yard.emulator.requests.map(({ path }) => path)
    expect(asked.filter((path) => path.includes('/hook/deliveries'))).toEqual([])
  })
})
