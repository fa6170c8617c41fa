/** What people really write is let through: the manuals of everything that is installed here, paragraph by paragraph. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createSecrets } from '../../../src/policy/secrets/secrets.ts'
import { SECRETS } from './disguises.ts'

const MODULES = join(import.meta.dirname, '../../../node_modules')

/** Paragraphs, lists, tables and code, each once. */
function realTexts(): ReadonlySet<string> {
  const texts = new Set<string>()
  for (const entry of readdirSync(MODULES, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(md|markdown)$/i.test(entry.name)) continue
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    for (const paragraph of text.split(/\n\s*\n/))
      if (paragraph.trim().length >= 40) texts.add(paragraph.trim())
  }
  return texts
}

it('of five thousand real texts and more, not one in a thousand is taken for a secret', () => {
  const secrets = createSecrets()
  for (const [at, value] of SECRETS.entries()) secrets.register(`secret ${at}`, value)
  const texts = [...realTexts()]
  expect(texts.length).toBeGreaterThanOrEqual(5_000)
  const taken = texts.flatMap((text) =>
    secrets
      .find(text)
      .map(({ name, live, start, end }) => ({ name, live, what: text.slice(start, end) })),
  )
  expect(taken.filter(({ live }) => live)).toEqual([])
  // Fewer than one in a thousand, and those that there are shown.
  expect(taken.slice(Math.floor(texts.length / 1_000))).toEqual([])
})
