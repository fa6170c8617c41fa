/** A label that no webhook told of, read from GitHub's lists: they may show a time before it, and two labels may become one. */
import { expect, test } from 'vitest'
import { instant, later } from '../../src/domain/ids.ts'
import { missedWish } from '../../src/engine/missed-wish.ts'
import type { LabelEvent } from '../../src/ports/tracker.ts'
import { NOW, ana, ben, issue, repository } from '../support/builders.ts'

const SET = later(NOW, 60_000)
const set = (label: string, at = SET, actor = ana): LabelEvent => ({
  kind: 'labeled',
  label,
  actor,
  at,
})

/** What the reconciler makes of an issue that the list shows with these labels, as it was at `updatedAt`. */
const found = (
  labels: readonly string[],
  updatedAt = SET,
  events: readonly LabelEvent[] = [set('yardmaster')],
) =>
  missedWish({ issue: issue({ labels }), updatedAt }, null, {
    repository: repository(),
    trigger: 'yardmaster',
    deps: {
      tracker: { labelEvents: async () => events, lastEdited: async () => null },
    },
  })

test('it is found with who set it and when', async () => {
  expect((await found(['yardmaster']))?.fact).toMatchObject({
    kind: 'label-added',
    actor: ana,
    at: SET,
  })
})

test('a list from before the label is not believed: neither its text nor its labels are what was blessed', async () => {
  const events = [set('yardmaster', later(SET, -30_000), ben), set('yardmaster')]
  expect(await found(['yardmaster'], later(SET, -20_000), events)).toBeNull()
  expect((await found(['yardmaster'], SET, events))?.fact).toMatchObject({ actor: ana, at: SET })
})

test('moments in whole seconds may differ by one for the same change', async () => {
  expect(await found(['yardmaster'], instant(SET - 1_000))).not.toBeNull()
})

test('once one of two labels is gone, the one that stays is a wish of its own; seen twice it is the same', async () => {
  const events = [set('yardmaster'), set('yardmaster:opus')]
  const both = await found(['yardmaster', 'yardmaster:opus', 'bug'], SET, events)
  const again = await found(['bug', 'yardmaster', 'yardmaster:opus'], later(SET, 5_000), events)
  const one = await found(['yardmaster', 'bug'], later(SET, 9_000), events)
  expect(both?.key).toBe(again?.key)
  expect(one?.key).not.toBe(both?.key)
  expect(one?.key).toBe((await found(['yardmaster']))?.key)
})
