/** What the pages tell people to type can be typed. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { ROOT, readPage, readPages } from './pages.ts'

const pages = readPages()
const program = createProgram()
const scripts = Object.keys(
  (JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { scripts: object }).scripts,
)

/** All code of all pages, line by line. */
const lines = pages.flatMap((page) =>
  [...page.blocks.map(({ text }) => text), ...page.words]
    .flatMap((text) => text.split('\n'))
    .map((line) => ({ page: page.path, line })),
)

/** What is wrong with a line; empty when nothing is, or when it calls nothing of ours. */
function wrong(line: string): readonly string[] {
  const found: string[] = []
  for (const [, script = ''] of line.matchAll(/\bnpm run (?:-\S+ )*([\w:-]+)/g))
    if (!scripts.includes(script)) found.push(`there is no script ${script}`)
  for (const [, name = '', rest = ''] of line.matchAll(CALL)) found.push(...wrongCall(name, rest))
  return found
}

/** `yardmaster queue --all`, `npm run yardmaster -- try .`, `npm run demo -- --once`. */
const CALL =
  /(?:npm run (?=demo|yardmaster)(?:yardmaster -- )?|(?<![\w./-])yardmaster )([a-z]+(?:-[a-z]+)*)([^#|;&\n]*)/g

function wrongCall(name: string, rest: string): readonly string[] {
  const command = program.commands.find((one) => one.name() === name)
  if (command === undefined) return [`there is no command ${name}`]
  const known = ['--help', ...command.options.map(({ long }) => long)]
  return [...rest.matchAll(/ (--[\w-]+)/g)]
    .map(([, option = '']) => option)
    .filter((option) => !known.includes(option))
    .map((option) => `${name} has no ${option}`)
}

describe('what the pages tell people to type', () => {
  it('exists', () => {
    const problems = lines.flatMap(({ page, line }) =>
      wrong(line).map((problem) => `${page}: ${line.trim()}: ${problem}`),
    )
    expect(problems).toEqual([])
  })

  it.each([
    ['npm run nothing', 'there is no script nothing'],
    ['npm run yardmaster -- fly', 'there is no command fly'],
    ['yardmaster queue --alle', 'queue has no --alle'],
    ['npm run demo -- --twice', 'demo has no --twice'],
  ])('would be noticed: %s', (line, problem) => {
    expect(wrong(line)).toEqual([problem])
  })

  it('begins with the two commands, each complete, and CI runs the same', () => {
    const [demo, test] = readPage('README.md').blocks
    expect(demo?.text).toBe('npm ci && npm run demo')
    expect(test?.text).toBe('npm ci && npm test')
    const ci = readFileSync(new URL('.ci/run', ROOT), 'utf8')
    expect(ci).toMatch(/npm ci\b[^]*npm test\b[^]*npm run [^\n]*demo -- --once/)
  })

  it('names every command at least once', () => {
    const text = pages
      .filter(({ path }) => path !== 'docs/reference.md')
      .map((page) => page.text)
      .join('\n')
    for (const command of program.commands)
      expect(text).toMatch(new RegExp(`\\b${command.name()}\\b`))
  })
})
