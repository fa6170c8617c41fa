/** Writes docs/reference.md from the command line's definition, the variables and the settings' schemas, so that it cannot say something else than the code. */
import { writeFileSync } from 'node:fs'
import type { Argument, Command, Option } from 'commander'
import { EXIT_MEANINGS } from '../src/cli/exit.ts'
import { manualOf } from '../src/cli/manual.ts'
import type { Manual } from '../src/cli/manual.ts'
import { createProgram } from '../src/cli/program.ts'
import { manuals } from '../src/commands/table.ts'
import { VARIABLES } from '../src/cli/variables.ts'
import { describeSettings } from '../src/policy/describe-settings.ts'
import { code, markdownTable } from './markdown-table.ts'

export const REFERENCE = new URL('../docs/reference.md', import.meta.url)

const PLACES = { issue: 'issue', pull: 'pull request', either: 'both' } as const

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
    '## Commands on GitHub',
    'In a new comment on an issue or a pull request, or in a review: at the beginning of a line, one in a line, at most five in a comment of at most 2 KiB. `/yard retry` and `@<app> retry` mean the same as `/retry`. Edited comments are not read, nor is what stands in quotes, lists or code; a comment with raw HTML in it is refused. Permission is asked of GitHub when the comment comes, and again before anything is done.',
    markdownTable(
      ['command', 'also', 'where', 'access', 'meaning'],
      manuals().map((one) => [
        code(`/${one.syntax}`),
        one.also.map((words) => code(`/${words}`)).join(', '),
        PLACES[one.place],
        one.permission,
        one.summary,
      ]),
    ),
    markdownTable(
      ['example', 'meaning'],
      manuals().flatMap(({ examples }) =>
        examples.map(([line, meaning]) => [code(`/${line}`), meaning]),
      ),
    ),
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
