/** The house keeps its walls: every import of the product goes inward, and nothing goes around in circles. */
import { describe, expect, it } from 'vitest'
import { readModule, readModules } from './read-modules.ts'
import type { Module } from './read-modules.ts'
import { MAY_IMPORT, misplaced, roomOf } from './rings.ts'

const modules = readModules('src')
const inRoom = (...rooms: readonly string[]) =>
  modules.filter((module) => rooms.includes(roomOf(module.path) ?? ''))

describe('the rooms of the house', () => {
  it('are all known to the table', () => {
    const unknown = modules.filter((module) => MAY_IMPORT[roomOf(module.path) ?? ''] === undefined)
    expect(unknown.map((module) => module.path)).toEqual([])
  })

  it('import only what the table lets them', () => {
    const wrong = modules.flatMap((module) => module.imports.map((one) => misplaced(module, one)))
    expect(wrong.filter((words) => words !== null)).toEqual([])
  })

  it('have no cycle, types included', () => {
    expect(cycles(modules)).toEqual([])
  })

  it('hide nothing behind an address that is computed at run time', () => {
    const computed = modules.filter((module) =>
      module.imports.some((one) => one.target === '<computed>'),
    )
    expect(computed.map((module) => module.path)).toEqual([])
  })

  it('are not named after nothing in particular', () => {
    const vague = modules.filter((module) =>
      /(^|\/)(utils?|helpers?|misc|common|shared)(\/|\.)/i.test(module.path),
    )
    expect(vague.map((module) => module.path)).toEqual([])
  })
})

describe('what comes from outside', () => {
  const packagesOf = (found: readonly Module[]) =>
    found.flatMap((module) =>
      module.imports
        .filter((one) => !one.ours)
        .map((one) => ({ path: module.path, target: one.target, names: one.names })),
    )

  it('does not reach the domain, except the one hash', () => {
    const foreign = packagesOf(inRoom('domain')).filter(
      (one) => one.target !== 'node:crypto' || one.names.some((name) => name !== 'hash'),
    )
    expect(foreign).toEqual([])
  })

  it('reaches commands, policy and render as packages only, never as the machine', () => {
    const machine = packagesOf(inRoom('commands', 'policy', 'render')).filter(
      (one) =>
        one.target.startsWith('node:') &&
        (one.target !== 'node:crypto' || one.names.some((name) => name !== 'hash')),
    )
    expect(machine).toEqual([])
  })

  it('says Octokit and Probot only where GitHub is spoken', () => {
    const speaks = ['github', 'app.ts', 'main.ts', 'cli']
    const wrong = packagesOf(modules).filter(
      ({ path, target }) =>
        /^(@octokit\/|octokit$|probot($|\/)|@probot\/)/.test(target) &&
        !speaks.includes(roomOf(path) ?? ''),
    )
    expect(wrong).toEqual([])
  })
})

/** Who may start programs: file or folder → why. */
const STARTERS: Readonly<Record<string, string>> = {
  'src/git/': 'trusted git, and nowhere else',
  'src/jail/': 'everything that an agent may have touched',
  'src/system/small-process.ts':
    'the one process of the app’s own from which those two start theirs',
  'src/emulator/': 'GitHub keeps its repositories in git, too',
  'src/store/process-start.ts': 'asks `ps` when a process started, where there is no /proc',
  'src/cli/': 'a person’s own commands',
}

describe('programs', () => {
  it('are started only by those who have a reason to', () => {
    const starters = modules.filter((module) =>
      module.imports.some((one) => /^(node:)?(child_process|cluster)$|^execa$/.test(one.target)),
    )
    const wrong = starters.filter(
      (module) => !Object.keys(STARTERS).some((where) => module.path.startsWith(where)),
    )
    expect(wrong.map((module) => module.path)).toEqual([])
  })
})

describe('the test itself', () => {
  it('sees every way to import', () => {
    const text = [
      "import { a } from '../engine/a.ts'",
      "import type { B } from '../engine/b.ts'",
      "import '../engine/c.ts'",
      "export { d } from '../engine/d.ts'",
      "export * from '../engine/e.ts'",
      "export type F = import('../engine/f.ts').F",
      "export const g = await import('../engine/g.ts')",
      "// import { no } from '../engine/comment.ts'",
      'export const text = `',
      "import { no } from '../engine/text.ts'",
      '`',
    ].join('\n')
    const module = readModule('src/domain/x.ts', text)
    const wrong = module.imports.map((one) => misplaced(module, one))
    expect(new Set(wrong)).toEqual(
      new Set(
        ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(
          (name) => `src/domain/x.ts imports src/engine/${name}.ts`,
        ),
      ),
    )
  })

  it.each([
    ['src/github/x.ts', 'src/store/y.ts'],
    ['src/github/x.ts', 'src/engine/y.ts'],
    ['src/ports/x.ts', 'src/engine/y.ts'],
    ['src/engine/x.ts', 'src/github/y.ts'],
    ['src/engine/x.ts', 'src/app.ts'],
    ['src/emulator/x.ts', 'src/domain/y.ts'],
    ['src/main.ts', 'src/emulator/y.ts'],
    ['src/web/x.ts', 'src/emulator/y.ts'],
    ['src/domain/x.ts', 'src/render/y.ts'],
    ['src/domain/x.ts', 'test/support/y.ts'],
  ])('refuses that %s imports %s', (path, target) => {
    expect(misplaced({ path }, { target, ours: true, names: [] })).toBe(`${path} imports ${target}`)
  })

  it('finds a circle, and the shortest way to tell it', () => {
    const chain = [
      readModule('src/domain/a.ts', "import './b.ts'"),
      readModule('src/domain/b.ts', "import type { C } from './c.ts'"),
      readModule('src/domain/c.ts', "import './b.ts'"),
    ]
    expect(cycles(chain)).toEqual(['src/domain/b.ts → src/domain/c.ts → src/domain/b.ts'])
  })
})

/** Each circle once, from its alphabetically first file on. */
function cycles(all: readonly Module[]): readonly string[] {
  const next = new Map(
    all.map((module) => [module.path, module.imports.filter((one) => one.ours)] as const),
  )
  const done = new Set<string>()
  const found = new Set<string>()
  const walk = (path: string, way: readonly string[]): void => {
    const seen = way.indexOf(path)
    if (seen >= 0) {
      const circle = way.slice(seen)
      const [first = path] = circle.toSorted()
      const turn = circle.indexOf(first)
      found.add([...circle.slice(turn), ...circle.slice(0, turn), first].join(' → '))
      return
    }
    if (done.has(path)) return
    for (const one of next.get(path) ?? []) walk(one.target, [...way, path])
    done.add(path)
  }
  for (const module of all) walk(module.path, [])
  return [...found]
}
