/** Every way to write each command, and how commands are said in a repository. */
import { COMMANDS } from './table.ts'
import type { CommandRow } from './table.ts'

export interface Speech {
  /** The App's name in addresses and mentions. */
  readonly slug: string
  /** `prefixed`: only as `/yard cmd` and `@<slug> cmd`, because `/cmd` belongs to another bot. */
  readonly commands: 'bare' | 'prefixed'
}

/** `retry`, `remove-hold` and `hold cancel` alike. */
export const SPELLINGS: ReadonlyMap<string, CommandRow> = new Map(
  COMMANDS.flatMap((row) => [row.name, ...row.also].map((words) => [words, row])),
)

/** What goes before a command where it does not stand bare. */
export const prefixes = (slug: string): readonly string[] => [
  '/yard',
  `@${slug.toLowerCase()}`,
  `@${slug.toLowerCase()}[bot]`,
]
