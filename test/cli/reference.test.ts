import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { REFERENCE, referenceText } from '../../scripts/write-reference.ts'
import { createProgram } from '../../src/cli/program.ts'
import { VARIABLES } from '../../src/cli/variables.ts'

describe('docs/reference.md', () => {
  it('says what the code says (if not: npm run reference)', () => {
    expect(readFileSync(REFERENCE, 'utf8')).toBe(referenceText())
  })

  it('knows every command, and each of its options', () => {
    const text = referenceText()
    for (const command of createProgram().commands) {
      expect(text).toContain(`### \`yardmaster ${command.name()}\``)
      for (const option of command.options) expect(text).toContain(`\`${option.flags}\``)
    }
  })

  it('knows every variable that is read, and no other', () => {
    const source = readFileSync(new URL('../../src/cli/environment.ts', import.meta.url), 'utf8')
    const read = [
      ...source.matchAll(/env\['([A-Z_]+)'\]/g),
      ...source.matchAll(/readAddress\('([A-Z_]+)'/g),
    ].map(([, name]) => name ?? '')
    expect([...new Set(read)].toSorted()).toEqual(VARIABLES.map(({ name }) => name).toSorted())
  })
})
