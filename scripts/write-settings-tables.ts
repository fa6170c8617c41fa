/** Writes the settings' tables into docs/guide.md, between its markers, from the schemas that check the settings. */
import { readFileSync, writeFileSync } from 'node:fs'
import { describeSettings } from '../src/policy/describe-settings.ts'
import { code, markdownTable } from './markdown-table.ts'

export const GUIDE = new URL('../docs/guide.md', import.meta.url)

/** The guide with its tables as they should be. Throws when a marker is missing. */
export function withSettings(guide: string): string {
  return between(between(guide, 'repository'), 'operator')
}

function between(guide: string, file: 'repository' | 'operator'): string {
  const open = `<!-- settings: ${file} -->`
  const close = '<!-- /settings -->'
  const from = guide.indexOf(open)
  const to = guide.indexOf(close, from)
  if (from < 0 || to < 0) throw new Error(`docs/guide.md lacks the markers ${open} … ${close}`)
  return `${guide.slice(0, from)}${open}\n\n${settingsTable(file)}\n\n${guide.slice(to)}`
}

function settingsTable(file: 'repository' | 'operator'): string {
  const rows = describeSettings(file).map((row) => [
    code(row.key),
    row.default === null ? '' : code(row.default),
    row.meaning,
  ])
  return markdownTable(['key', 'default', 'meaning'], rows)
}

if (import.meta.main) writeFileSync(GUIDE, withSettings(readFileSync(GUIDE, 'utf8')))
