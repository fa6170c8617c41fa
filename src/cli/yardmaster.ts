/** The entry: runs one command and ends with an exit code that means something. */
import { CommanderError } from 'commander'
import { EXIT } from './exit.ts'
import { explainError } from './explain-error.ts'
import { createProgram } from './program.ts'
import { complain } from './terminal.ts'

// `yardmaster queue | head` closes the pipe early; that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok)
  throw error
})

process.exit(await main(process.argv.slice(2)))

async function main(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' })
    return EXIT.ok
  } catch (error) {
    // Commander has printed its message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    const { words, code } = explainError(error)
    if (words !== '') complain(words)
    return code
  }
}
