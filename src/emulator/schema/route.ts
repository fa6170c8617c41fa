// Finds the operation that a method and path mean. Literal segments win over parameters, as in
// `/issues/comments` against `/issues/{issue_number}`.
import { operationSchemas, type OperationSchema } from './document.ts'

export type Route = {
  readonly id: string
  readonly schema: OperationSchema
  /** Decoded, still text. */
  readonly params: Readonly<Record<string, string>>
}

type Branch = {
  readonly literals: Map<string, Branch>
  /** What stands here has another name in each operation. */
  parameter: { readonly names: Set<string>; readonly branch: Branch } | null
  readonly methods: Map<string, string>
}

// Parameters that hold slashes; clients send them encoded or not, GitHub takes both.
const GREEDY = new Set(['path', 'ref', 'branch', 'basehead'])
let tree: Branch | undefined

/** `methods` is what the path does know when the method is wrong. */
export function findRoute(
  method: string,
  path: string,
): { readonly route: Route } | { readonly route: null; readonly methods: readonly string[] } {
  tree ??= buildTree()
  const found = walk(tree, path.split('/').slice(1), [])
  if (found === null) return { route: null, methods: [] }
  const id = found.branch.methods.get(method)
  const schema = id === undefined ? undefined : operationSchemas()[id]
  if (id === undefined || schema === undefined) {
    return { route: null, methods: [...found.branch.methods.keys()] }
  }
  const names = schema.path.split('/').filter(isParameter).map(nameOf)
  const params = Object.fromEntries(names.map((name, at) => [name, found.values[at] ?? '']))
  return { route: { id, schema, params } }
}

type Found = { readonly branch: Branch; readonly values: readonly string[] }

function walk(
  branch: Branch,
  segments: readonly string[],
  values: readonly string[],
): Found | null {
  const [first, ...rest] = segments
  if (first === undefined && branch.methods.size > 0) return { branch, values }
  if (segments.join('') === '') {
    // `/contents` and `/contents/` mean the root folder.
    const root = branch.parameter?.names.has('path') === true ? branch.parameter.branch : null
    return root === null ? null : { branch: root, values: [...values, ''] }
  }
  if (first === undefined) return null
  const literal = branch.literals.get(first)
  const viaLiteral = literal === undefined ? null : walk(literal, rest, values)
  if (viaLiteral !== null) return viaLiteral
  const { parameter } = branch
  if (parameter === null || first === '') return null
  const single = walk(parameter.branch, rest, [...values, decode(first)])
  if (single !== null) return single
  if (![...parameter.names].some((name) => GREEDY.has(name))) return null
  for (let taken = 2; taken <= segments.length; taken += 1) {
    const value = segments.slice(0, taken).map(decode).join('/')
    const found = walk(parameter.branch, segments.slice(taken), [...values, value])
    if (found !== null) return found
  }
  return null
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function buildTree(): Branch {
  const root = emptyBranch()
  for (const [id, { method, path }] of Object.entries(operationSchemas())) {
    // `compare/{base}...{head}` is the old spelling of `compare/{basehead}`.
    if (path.includes('...')) continue
    let at = root
    for (const segment of path.split('/').slice(1)) at = step(at, segment)
    at.methods.set(method, id)
  }
  return root
}

function step(branch: Branch, segment: string): Branch {
  if (!isParameter(segment)) {
    const known = branch.literals.get(segment) ?? emptyBranch()
    branch.literals.set(segment, known)
    return known
  }
  branch.parameter ??= { names: new Set(), branch: emptyBranch() }
  branch.parameter.names.add(nameOf(segment))
  return branch.parameter.branch
}

const isParameter = (segment: string): boolean => segment.startsWith('{')
const nameOf = (segment: string): string => segment.slice(1, -1)

function emptyBranch(): Branch {
  return { literals: new Map(), parameter: null, methods: new Map() }
}
