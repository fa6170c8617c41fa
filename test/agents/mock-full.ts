/** What the stand-in does when its context fills up, and when we interrupt its turn. */
import { writeFileSync } from 'node:fs'
import { useTools } from './mock-tools.ts'
import { endTurn, failure, prompted, say, told, update } from './mock-wire.ts'
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
  'works-until-full': (text) => {
    if (text.includes('<notes>')) {
      writeFileSync('whole.txt', text)
      say('Wrote the rest.')
      return endTurn()
    }
    if (prompted.turns === 1) {
      writeFileSync('half.txt', 'Half.\n')
      return fill(950)
    }
    return useTools(told['session'], async (call) => {
      await call('decision', { text: 'Kept the old greeting.' })
      await call('discovery', { text: 'The farewell is misspelt.' })
      await call('checkpoint', { brief: 'Half is written; the whole is left.' })
    })
  },
  'limited-once': (text) => {
    if (told['session-how'] === 'session/load') {
      writeFileSync('whole.txt', text)
      return endTurn()
    }
    writeFileSync('half.txt', 'Half.\n')
    fill(100)
    say('Half done.')
    endTurn({ _meta: failure('limit', 'You have hit your usage limit, try again in 1s') })
  },
  'stalls-once': (text) => {
    if (prompted.turns === 1) return
    say(text.includes('Go on with the task') ? 'Back at work, and done.' : text)
    endTurn()
  },
  'never-speaks': () => {},
}
