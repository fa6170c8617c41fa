/** Writes docs/reference.md from the command line's definition, the variables and the settings' schemas, so that it cannot say something else than the code. */
import { writeFileSync } from 'node:fs'
import type { Argument, Command, Option } from 'commander'
import { EXIT_MEANINGS } from '../src/cli/exit.ts'
import { manualOf } from '../src/cli/manual.ts'
import type { Manual } from '../src/cli/manual.ts'
import { createProgram } from '../src/cli/program.ts'
import { VARIABLES } from '../src/cli/variables.ts'
import { describeSettings } from '../src/policy/describe-settings.ts'
import { code, markdownTable } from './markdown-table.ts'

export const REFERENCE = new URL('../docs/reference.md', import.meta.url)

export function referenceText(): string {
  const commands = createProgram().commands
  const blocks = [
    '# Reference',
    'Written from the code by `npm run reference`. Change the code, not this file.',
    '## Commands',
    'Every command has `--help`. In a checkout, write `npm run yardmaster -- queue` for `yardmaster queue`.',
    markdownTable(
      ['exit code', 'meaning'],
      EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning]),
    ),
    ...commands.flatMap(commandBlocks),
    '## Environment',
    'Read from the environment and from a `.env` file in the working folder; what is set already wins over the file. A variable set to nothing counts as not set.',
    markdownTable(
      ['variable', 'default', 'meaning'],
      VARIABLES.map((one) => [
        code(one.name),
        one.default === null ? '' : code(one.default),
        one.meaning,
      ]),
    ),
    "## The operator's file: `yardmaster.config.yml`",
    'Defines what agents there are, what they run in, and the upper limits. Every key may be left out.',
    settings('operator'),
    "## The repository's file: `.github/yardmaster.yml`",
    'Read from the default branch. It chooses among what the operator offers. Every key may be left out, but without the file nothing runs.',
    settings('repository'),
  ]
  return `${blocks.join('\n\n')}\n`
}

function commandBlocks(command: Command): readonly string[] {
  const manual = manualOf(command)
  const rows = [
    ...command.registeredArguments.map((one) => [code(`<${one.name()}>`), argumentWords(one)]),
    ...command.options.map((one) => [code(one.flags), optionWords(one)]),
  ]
  return [
    `### \`yardmaster ${manual.name}\``,
    manual.summary,
    ...(manual.details ?? []),
    ...(rows.length === 0 ? [] : [markdownTable(['argument or option', 'meaning'], rows)]),
    ['```sh', ...exampleLines(manual), '```'].join('\n'),
  ]
}

function exampleLines({ examples }: Manual): readonly string[] {
  const width = Math.max(...examples.map(([line]) => line.length))
  return examples.map(([line, meaning]) => `${line.padEnd(width)}  # ${meaning}`)
}

const argumentWords = (argument: Argument): string => argument.description

function optionWords(option: Option): string {
  const { description, defaultValue } = option
  const given: unknown = defaultValue
  const shown = typeof given === 'string' || typeof given === 'number'
  return shown ? `${description} Default: ${code(String(given))}.` : description
}

function settings(file: 'operator' | 'repository'): string {
  const rows = describeSettings(file).map((row) => [
    code(row.key),
    row.accepted,
    row.default === null ? '' : code(row.default),
    row.meaning,
  ])
  return markdownTable(['key', 'accepted', 'default', 'meaning'], rows)
}

if (import.meta.main) writeFileSync(REFERENCE, referenceText())
