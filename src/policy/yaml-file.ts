/**
 * Reads a settings file's YAML into plain values that still know their lines. What YAML allows and settings do not
 * need (several documents, tags, a flood of aliases) is refused, so that a file means what it looks like.
 */
import { LineCounter, isAlias, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml'
import type { Document, Node } from 'yaml'
import type { SettingsProblem } from '../domain/settings.ts'

/** Far above any real settings file; parsing is quadratic in the number of keys. Bytes. */
export const MAX_SETTINGS_BYTES = 64 * 1024
/** An alias or two save typing; more than these are an attempt to fill memory. */
const MAX_ALIASES = 20

export type SettingsPath = readonly PropertyKey[]

export type YamlReading =
  | {
      readonly kind: 'read'
      readonly value: unknown
      /** The line of a value, of the named key in a mapping, or of the nearest thing around it that exists. */
      readonly lineOf: (path: SettingsPath) => number | null
    }
  | { readonly kind: 'unreadable'; readonly problems: readonly SettingsProblem[] }

/** An empty file is an empty mapping: every setting has a default. */
export function readYaml(text: string): YamlReading {
  const bytes = new TextEncoder().encode(text).length
  if (bytes > MAX_SETTINGS_BYTES) {
    return whole(
      `the file has ${Math.ceil(bytes / 1024)} KiB; at most ${MAX_SETTINGS_BYTES / 1024} KiB are read`,
    )
  }
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
  })
  const wrong = [...document.errors, ...document.warnings]
  if (wrong.length > 0) {
    // One slip makes the parser stumble on over the same line and the rest of the file; the first of each line tells all.
    const problems = new Map<number, SettingsProblem>()
    for (const error of wrong) {
      const { line } = lines.linePos(error.pos[0])
      const message = inPlainWords(error.code, error.message)
      if (!problems.has(line) && problems.size < 5) problems.set(line, { line, path: '', message })
    }
    return { kind: 'unreadable', problems: [...problems.values()] }
  }
  if (document.contents !== null && !isMap(document.contents)) {
    return whole('the file must be a mapping of keys to values, such as "verify: [npm test]"')
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {}
    return { kind: 'read', value, lineOf: (path) => lineOf(document, lines, path) }
  } catch (error) {
    // The library's way of refusing too many aliases; anything else is a bug of ours.
    if (!(error instanceof ReferenceError)) throw error
    return whole(
      `the file repeats itself by more than ${MAX_ALIASES} aliases; write it out instead`,
    )
  }
}

const whole = (message: string): YamlReading => ({
  kind: 'unreadable',
  problems: [{ line: null, path: '', message }],
})

function inPlainWords(code: string, message: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'this key is written twice; keep one of them'
    case 'TAB_AS_INDENT':
      return 'a tab is used for indentation; YAML wants spaces'
    case 'MULTIPLE_DOCS':
      return 'the file holds several documents ("---"); keep one'
    case 'TAG_RESOLVE_FAILED':
      return 'tags ("!…") are not accepted here; write a plain value'
    case 'RESOURCE_EXHAUSTION':
      return 'this is nested too deeply'
    default:
      return `this is not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
  }
}

function lineOf(document: Document, lines: LineCounter, path: SettingsPath): number | null {
  let node: unknown = document.contents
  let offset: number | null = null
  for (const step of path) {
    const around: Node | null = isNode(node) ? node : null
    const real: unknown = around !== null && isAlias(around) ? around.resolve(document) : around
    if (isMap(real)) {
      const pair = real.items.find((item) => isScalar(item.key) && item.key.value === step)
      if (pair === undefined) break
      if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0]
      node = pair.value
    } else if (isSeq(real) && typeof step === 'number') {
      node = real.items[step]
      if (isNode(node) && node.range) offset = node.range[0]
    } else break
  }
  return offset === null ? null : lines.linePos(offset).line
}
