/** Every setting as a row of a table, read off the schemas, so that the guide cannot say something else than the code. */
import { accepted, definitionOf } from './accepted.ts'
import type { Definition } from './accepted.ts'
import { operatorSchema } from './operator-schema.ts'
import { repoSchema } from './repo-schema.ts'

export interface SettingRow {
  /** Dotted path; `<name>` stands for a name of the reader's choice. */
  readonly key: string
  readonly accepted: string
  /** As it would be written in the file; null when there is none. */
  readonly default: string | null
  readonly meaning: string
}

export function describeSettings(file: 'repository' | 'operator'): readonly SettingRow[] {
  return rows(definitionOf(file === 'repository' ? repoSchema : operatorSchema), '')
}

function rows(definition: Definition, prefix: string): readonly SettingRow[] {
  return Object.entries(definition.properties ?? {}).flatMap(([name, inner]) => {
    const key = `${prefix}${name}`
    const named = inner.additionalProperties || null
    const below =
      named === null || named.properties === undefined
        ? rows(inner, `${key}.`)
        : rows(named, `${key}.<name>.`)
    if (inner.description === undefined) return below
    const row = {
      key,
      accepted: accepted(inner),
      default: inner.default === undefined ? null : JSON.stringify(inner.default),
      meaning: inner.description,
    }
    return [row, ...below]
  })
}
