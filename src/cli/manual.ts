/** What a command's help says beyond its options. Written once: `--help` and docs/reference.md are both made from it. */
import { Command } from 'commander'
import { EXIT_MEANINGS } from './exit.ts'

export interface Manual {
  readonly name: string
  /** One sentence. */
  readonly summary: string
  /** Further lines, each a sentence or two. */
  readonly details?: readonly string[]
  /** A whole command line and what it is for. */
  readonly examples: readonly (readonly [line: string, meaning: string])[]
}

const manuals = new WeakMap<Command, Manual>()

/** A command with its manual; arguments, options and the action are added by the caller. */
export function documented(manual: Manual): Command {
  const command = new Command(manual.name)
    .summary(manual.summary)
    .description([manual.summary, ...(manual.details ?? [])].join('\n\n'))
    .helpOption('-h, --help', 'Show this help.')
    .addHelpText('after', () => `\n${examplesText(manual)}\n\n${exitText()}`)
  manuals.set(command, manual)
  return command
}

/** Throws for a command that was not made by `documented`. */
export function manualOf(command: Command): Manual {
  const manual = manuals.get(command)
  if (manual === undefined) throw new Error(`the command ${command.name()} has no manual`)
  return manual
}

function examplesText({ examples }: Manual): string {
  const width = Math.max(...examples.map(([line]) => line.length))
  return [
    'Examples:',
    ...examples.map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}`),
  ].join('\n')
}

const exitText = (): string =>
  ['Exit codes:', ...EXIT_MEANINGS.map(([code, meaning]) => `  ${code}  ${meaning}`)].join('\n')
