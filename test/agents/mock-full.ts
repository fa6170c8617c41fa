/** What the stand-in does when its context fills up, and when we interrupt its turn. */
import { useTools } from './mock-tools.ts'
import { endTurn, prompted, say, told, update } from './mock-wire.ts'
import type { Behaviours } from './mock-wire.ts'

const fill = (used: number): void => update({ sessionUpdate: 'usage_update', used, size: 1_000 })

export const FULL: Behaviours = {
  'fills-context': () => {
    if (prompted.turns === 1) return fill(950)
    return useTools(told['session'], async (call) => {
      await call('decision', { text: 'Kept the old route.' })
      await call('checkpoint', { brief: 'The route is done; its test is left.' })
      say('This is said after the checkpoint and must not count.')
    })
  },
  'fills-context-and-says-so': (text) => {
    if (prompted.turns === 1) return fill(950)
    say(text.includes('nearly full') ? 'The route is done; its test is left.' : text)
    endTurn()
  },
  'fills-context-and-goes-on': () => fill(950),
  'fills-context-at-the-end': () => {
    fill(999)
    say('All done.')
    endTurn()
  },
  'keeps-room': () => {
    fill(890)
    say('Compacted by myself.')
    endTurn()
  },
  'checkpoints-and-crashes': () =>
    useTools(told['session'], async (call) => {
      await call('checkpoint', { brief: 'Got this far.' })
      await call('discovery', { text: 'The clock test is flaky.' })
      process.exit(4)
    }),
  'stalls-once': (text) => {
    if (prompted.turns === 1) return
    say(text.includes('Go on with the task') ? 'Back at work, and done.' : text)
    endTurn()
  },
  'never-speaks': () => {},
}
