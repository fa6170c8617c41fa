/** `yardmaster show <issue>`: where one task stands, with its attempts and their evidence. */
import type { Command } from 'commander'
import type { IssueName } from '../web/issue-name.ts'
import { issueArgument, orEnd } from './issue-argument.ts'
import { documented } from './manual.ts'
import { printJson } from './terminal.ts'

export function showCommand(): Command {
  return documented({
    name: 'show',
    summary: 'Show one task: its state and why, each attempt with its evidence, its links.',
    details: [
      'Asks the Yardmaster that runs on this data folder; when none does, reads its store.',
    ],
    examples: [
      ['yardmaster show octo/hello#12', 'one issue'],
      ["yardmaster show '#12'", 'where only one repository is known'],
      ['yardmaster show octo/hello#12 --json', 'for scripts'],
    ],
  })
    .addArgument(issueArgument())
    .option('--json', 'Print JSON.')
    .action(async (issue: IssueName, options: { readonly json?: true }) => {
      const { withReading } = await import('./with-reading.ts')
      await withReading(async ({ reading }) => {
        const task = orEnd(await reading.task(issue))
        if (options.json) return printJson(task)
        const { printTask } = await import('./print-task.ts')
        printTask(task, Date.now())
      })
    })
}
