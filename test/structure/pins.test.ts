/** A newcomer's machine installs what was tested, to the digit. */
import { describe, expect, it } from 'vitest'
import { textOf } from './read-modules.ts'

const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/

type Versions = Readonly<Record<string, string>>
const manifest = JSON.parse(textOf('package.json')) as Readonly<Record<string, Versions>>
const lock = JSON.parse(textOf('package-lock.json')) as {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>
}
const wanted = ['dependencies', 'devDependencies', 'overrides'].flatMap((list) =>
  Object.entries(manifest[list] ?? {}),
)

describe('package.json', () => {
  it('pins every version exactly', () => {
    expect(wanted.length).toBeGreaterThan(20)
    expect(wanted.filter(([, version]) => !EXACT.test(version))).toEqual([])
  })

  it('agrees with the lockfile', () => {
    const drifted = wanted.filter(([name, version]) => {
      const locked = lock.packages[`node_modules/${name}`]?.version
      return locked !== undefined && locked !== version
    })
    expect(drifted).toEqual([])
  })
})
