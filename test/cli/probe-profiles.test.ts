/** What an operator hears of their profiles' programs while Yardmaster starts. */
import { expect, it } from 'vitest'
import { probeProfiles } from '../../src/cli/probe-profiles.ts'
import type { Log } from '../../src/ports/log.ts'
import type { Probed } from '../../src/ports/programs.ts'
import { profile } from '../support/builders.ts'

const quiet = (): void => {}
const LOG: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const NAMES = ['gone', 'well', 'out', 'odd', 'broken', 'builtin'] as const
const ANSWERS: Readonly<Record<string, Probed>> = {
  well: { kind: 'ready', version: '1', words: '' },
  out: { kind: 'login', version: '1', words: 'Authentication required' },
  odd: { kind: 'unfit', version: '1', words: 'it does not offer the mode x; it offers y' },
  broken: { kind: 'broken', version: null, words: 'it ended with 1' },
}

async function heard(stopAfter = Infinity): Promise<readonly string[]> {
  const said: string[] = []
  const stop = new AbortController()
  let asked = 0
  const profiles = Object.fromEntries(
    NAMES.map((name) => [name, profile({ name, command: [`${name}-acp`], env: ['KEY'] })]),
  )
  await probeProfiles(
    {
      missing: async () =>
        new Map([['gone', { program: 'gone-acp', fix: 'Run npm install -g gone' }]]),
      async probe({ name }) {
        asked += 1
        if (asked > stopAfter) stop.abort()
        return ANSWERS[name] ?? null
      },
    },
    { profiles },
    { log: LOG, signal: stop.signal, say: (line) => void said.push(line) },
  )
  return said
}

it('is one line for each that is not well, with what to do, and none for the others', async () => {
  expect(await heard()).toMatchInlineSnapshot(`
    [
      "The profile gone has no program: gone-acp is not there. Run npm install -g gone; until then its tasks wait.",
      "The profile out is not logged in: Authentication required. Set KEY for Yardmaster; a log-in in your home folder is not visible to agents.",
      "The profile odd asks for what odd-acp has not: it does not offer the mode x; it offers y. Correct the profile’s model or mode.",
      "The profile broken does not work: broken-acp: it ended with 1",
    ]
  `)
})

it('is nothing more once Yardmaster is to stop', async () => {
  expect(await heard(1)).toHaveLength(1)
})
