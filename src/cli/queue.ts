/** `yardmaster queue`: every task, and why it does not start now. */
import type { Command } from 'commander'
import { documented } from './manual.ts'
import { printJson } from './terminal.ts'

export function queueCommand(): Command {
  return documented({
    name: 'queue',
    summary: 'List the tasks: what needs you, what runs, what waits and why.',
    details: [
      'Asks the Yardmaster that runs on this data folder; when none does, reads its store.',
    ],
    examples: [
      ['yardmaster queue', 'open tasks, those that need a person first'],
      ['yardmaster queue --all', 'those that have ended too'],
      ['yardmaster queue --json', 'for scripts'],
    ],
  })
    .option('--all', 'Also show tasks that are done, failed or cancelled.')
    .option('--json', 'Print JSON.')
    .action(async (options: { readonly all?: true; readonly json?: true }) => {
      const { withReading } = await import('./with-reading.ts')
      await withReading(async ({ reading, live }) => {
        const view = await reading.queue({ all: options.all === true })
        if (options.json) return printJson({ ...view, live })
        const { printQueue } = await import('./print-queue.ts')
        printQueue(view, live)
      })
    })
}
