/** Reads the tree as a parser sees it: who imports what, and which clocks, ids and sockets each file reaches for. */
import { readFileSync, readdirSync } from 'node:fs'
import { join, normalize } from 'node:path/posix'
import { fileURLToPath } from 'node:url'
import { Visitor, parseSync } from 'oxc-parser'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface Module {
  /** From the root, such as `src/domain/task.ts`. */
  readonly path: string
  readonly lines: number
  /** The text with every comment blanked. */
  readonly code: string
  readonly imports: readonly Import[]
  /** Reaches for the world outside, by name: `Date.now`, `fetch`, `process.env`. */
  readonly reaches: ReadonlySet<string>
}

export interface Import {
  /** A path from the root for files of ours, else the package or `node:` module as written. */
  readonly target: string
  readonly ours: boolean
  /** The names that are taken; `*` for everything, for a re-export, and for an import at run time. */
  readonly names: readonly string[]
}

/** Every file under a folder of the root with one of these endings, as paths from the root. */
export function filesUnder(folder: string, endings: readonly string[]): readonly string[] {
  let found
  try {
    found = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
  } catch {
    return []
  }
  return found
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => normalize(join(entry.parentPath, entry.name)).slice(ROOT.length))
    .filter((path) => !path.includes('node_modules/'))
    .toSorted()
}

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

export const readModules = (folder: string): readonly Module[] =>
  filesUnder(folder, ['.ts', '.tsx', '.mts', '.js', '.mjs']).map((path) =>
    readModule(path, textOf(path)),
  )

/** Throws on a file that does not parse: a rule that was not looked at does not hold. */
export function readModule(path: string, text: string): Module {
  const parsed = parseSync(path, text)
  const [error] = parsed.errors
  if (error !== undefined) throw new Error(`${path} does not parse: ${error.message}`)
  const found = look(parsed.program)
  return {
    path,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    code: blank(text, parsed.comments),
    imports: found.imports.map((one) => resolve(path, one)),
    reaches: found.reaches,
  }
}

interface Found {
  readonly imports: { readonly specifier: string; readonly names: readonly string[] }[]
  readonly reaches: Set<string>
}

/** Globals that reach outside by being called. */
const CALLED = new Set(['fetch', 'setTimeout', 'setInterval', 'setImmediate'])
/** Members that do, whatever is done with them. */
const MEMBERS = new Set([
  'process.env',
  'Date.now',
  'performance.now',
  'process.hrtime',
  'Math.random',
  'AbortSignal.timeout',
  'crypto.randomUUID',
  'crypto.getRandomValues',
])
/** Names of `node:crypto` and `node:timers` that do. */
const TAKEN: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['node:crypto', new Set(['randomUUID', 'randomBytes', 'randomInt', 'webcrypto'])],
  ['node:process', new Set(['env', 'default', '*'])],
  ['node:timers', new Set(['setTimeout', 'setInterval', 'setImmediate', '*'])],
  ['node:timers/promises', new Set(['setTimeout', 'setInterval', 'setImmediate', '*'])],
  ['node:perf_hooks', new Set(['performance', '*'])],
])

function look(program: ReturnType<typeof parseSync>['program']): Found {
  const found: Found = { imports: [], reaches: new Set() }
  const imported = (specifier: string, names: readonly string[]) => {
    found.imports.push({ specifier, names })
    for (const name of names) if (TAKEN.get(specifier)?.has(name)) found.reaches.add(name)
  }
  const visitor = new Visitor({
    ImportDeclaration(node) {
      const names = node.specifiers.map((one) => {
        if (one.type === 'ImportNamespaceSpecifier') return '*'
        if (one.type === 'ImportDefaultSpecifier') return 'default'
        return one.imported.type === 'Literal' ? one.imported.value : one.imported.name
      })
      imported(node.source.value, names)
    },
    ExportAllDeclaration(node) {
      imported(node.source.value, ['*'])
    },
    ExportNamedDeclaration(node) {
      if (node.source !== null) imported(node.source.value, ['*'])
    },
    ImportExpression(node) {
      const { source } = node
      const literal = source.type === 'Literal' && typeof source.value === 'string'
      // A computed address cannot be judged, so it is told as what it is and no rule lets it pass.
      imported(literal ? String(source.value) : '<computed>', ['*'])
    },
    TSImportType(node) {
      imported(node.source.value, ['*'])
    },
    MemberExpression(node) {
      if (node.object.type !== 'Identifier') return
      const { property } = node
      const name =
        property.type === 'Identifier' && !node.computed
          ? property.name
          : property.type === 'Literal'
            ? String(property.value)
            : null
      const member = `${node.object.name === 'globalThis' ? '' : `${node.object.name}.`}${name}`
      if (MEMBERS.has(member) || CALLED.has(member)) found.reaches.add(member)
    },
    CallExpression(node) {
      if (node.callee.type !== 'Identifier') return
      if (CALLED.has(node.callee.name)) found.reaches.add(node.callee.name)
      if (node.callee.name === 'Date') found.reaches.add('new Date()')
    },
    NewExpression(node) {
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'Date') return
      if (node.arguments.length === 0) found.reaches.add('new Date()')
    },
  })
  visitor.visit(program)
  return found
}

function resolve(from: string, one: Found['imports'][number]): Import {
  const ours = one.specifier.startsWith('.')
  const target = ours ? normalize(join(from, '..', one.specifier)) : one.specifier
  return { target, ours, names: one.names }
}

function blank(
  text: string,
  comments: readonly { readonly start: number; readonly end: number }[],
): string {
  let code = text
  for (const { start, end } of comments) {
    const gap = text.slice(start, end).replace(/[^\n]/g, ' ')
    code = code.slice(0, start) + gap + code.slice(end)
  }
  return code
}
