/** The malicious agent, once and fast; a hundred times and in full by `node prove/malice.ts`. */
import { expect, test } from 'vitest'
import { campaign } from '../../prove/malice/campaign.ts'
import { bwrapOrNull } from './world.ts'

test('a malicious agent sees no secret, reaches nothing, leaves nothing, and harms nobody', async (context) => {
  if (bwrapOrNull === null) return context.skip('no bubblewrap here')
  const { violations, numbers, skipped } = await campaign({
    bwrap: bwrapOrNull,
    kills: 1,
    seconds: 1,
    megabytes: 64,
    control: false,
  })
  console.log([...numbers, ...skipped, `${violations.length} violations`].join('\n'))
  expect(violations).toEqual([])
  return undefined
}, 120_000)
