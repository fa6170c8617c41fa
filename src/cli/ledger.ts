/** `yardmaster ledger <issue>`: what was decided, why, by whom; and whether anybody changed it since. */
import type { Command } from 'commander'
import { firstBroken } from '../domain/ledger.ts'
import type { IssueName } from '../web/issue-name.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { issueArgument, orEnd } from './issue-argument.ts'
import { documented } from './manual.ts'
import { printJson } from './terminal.ts'

export function ledgerCommand(): Command {
  return documented({
    name: 'ledger',
    summary: 'Show the timeline of one task: what was decided, when, by whom and why.',
    details: [
      'Each entry carries the hash of the one before it. --verify computes them all again: a changed, swapped or missing entry is found; entries cut off the end are not, so keep the head hash that it prints.',
    ],
    examples: [
      ['yardmaster ledger octo/hello#12', 'the timeline'],
      ['yardmaster ledger octo/hello#12 --verify', 'exit code 1 when the chain is broken'],
      ['yardmaster ledger octo/hello#12 --json', 'whole entries, with their hashes'],
    ],
  })
    .addArgument(issueArgument())
    .option('--verify', 'Check the hash chain.')
    .option('--json', 'Print JSON.')
    .action(async (issue: IssueName, options: { readonly verify?: true; readonly json?: true }) => {
      const { withReading } = await import('./with-reading.ts')
      const { printLedger, printVerdict } = await import('./print-ledger.ts')
      await withReading(async ({ reading }) => {
        const view = orEnd(await reading.ledger(issue))
        const broken = options.verify ? firstBroken(view.entries) : null
        if (options.json) {
          printJson(options.verify ? { ...view, chain: { holds: broken === null, broken } } : view)
        } else {
          printLedger(view)
          if (options.verify) printVerdict(view, broken)
        }
        if (broken !== null) {
          throw new CommandEnd(
            `The ledger of ${view.issue} is broken at entry ${broken}.`,
            EXIT.wrong,
          )
        }
      })
    })
}
