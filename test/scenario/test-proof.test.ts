/** The tests of a change are run without it as well: both results stand in the pull request and in the check. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { file } from './support/issues.ts'
import { CONFIG, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
beforeAll(async () => {
  yard = await openYard()
})
afterAll(async () => yard.close())

const CHECK = 'for t in test/*.sh; do [ ! -e "$t" ] || sh "$t" || exit 3; done\n'

/** The pull request's body, and the check run's summary. */
async function published(body: string, config = CONFIG) {
  const repo = await yard.repository({ config, files: { 'check.sh': CHECK } })
  const number = yard.issue(repo, body)
  yard.label(repo, number)
  const { state, report } = await yard.becomes(repo, number, 'in-review')
  const text = yard.emulator.pull({ repo, number: state.pull.number }).body ?? ''
  const check = await yard.until('the check is there', () =>
    yard.emulator.checks(repo, state.pull.head).find(({ name }) => name === 'yardmaster'),
  )
  return { text, summary: check.output.summary ?? '', report }
}

const FIX = file('hello.txt', 'Hello.')
const test = (line: string) => file('test/greet.sh', line)

describe('a change with tests', () => {
  it('that fail without it says so, with both results in exact words', async () => {
    const { text, summary } = await published(`${FIX}\n\n${test('grep Hello hello.txt')}`)
    for (const said of [text, summary]) {
      expect(said).toContain('**Fails on the base without the change, passes with it.**')
      expect(said).toMatch(
        /- `sh check\.sh` failed on [0-9a-f]{7} with exit code 3 after .*, with only `test\/greet\.sh` of this change\.\n- `sh check\.sh` passed on [0-9a-f]{7} in/,
      )
    }
    expect(text).toContain('on the base</summary>')
  })

  it('that pass without it as well says that, as a finding, and is published all the same', async () => {
    const { text, summary } = await published(`${FIX}\n\n${test('true')}`)
    for (const said of [text, summary])
      expect(said).toMatch(
        /\*\*Finding: the tests of this change pass on [0-9a-f]{7} without it as/,
      )
  })

  it('is asked about only where the repository wants that', async () => {
    const config = `${CONFIG}test_proof: false\n`
    const { text, report } = await published(`${FIX}\n\n${test('grep Hello hello.txt')}`, config)
    expect(text).not.toContain('Tests of this change')
    expect(report).not.toHaveProperty('proof')
  })
})

describe('a change without tests, or of nothing but tests', () => {
  it('has nothing to show', async () => {
    for (const body of [FIX, test('true')])
      expect((await published(body)).report).not.toHaveProperty('proof')
  })
})
