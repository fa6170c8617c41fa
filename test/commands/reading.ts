/** A reading in a few letters: each command as `kind@line`, each refusal as `!kind@line`. */
import type { CommandReading } from '../../src/domain/command.ts'
import type { Listening } from '../../src/commands/parse.ts'

export const LISTENING: Listening = { slug: 'yardmaster', commands: 'bare', place: 'issue' }

export function verdict(reading: CommandReading | null): string {
  if (reading === null) return 'nothing'
  const all = [
    ...reading.commands.map(({ command, line }) => ({ words: command.kind, line })),
    ...reading.refused.map(({ kind, line }) => ({ words: `!${kind}`, line })),
  ]
  return all
    .toSorted((a, b) => a.line - b.line)
    .map(({ words, line }) => `${words}@${line}`)
    .join(' ')
}
