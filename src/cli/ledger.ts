/** `yardmaster ledger <issue>`: what was decided, why, by whom; and whether anybody changed it since. */
import { Argument } from 'commander'
import type { Command } from 'commander'
import { firstBroken } from '../domain/ledger.ts'
import type { IssueName } from '../web/issue-name.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { ISSUE_WORDS, orEnd, readIssue } from './issue-argument.ts'
import { documented } from './manual.ts'
import { printJson } from './terminal.ts'

interface LedgerWishes {
  readonly verify?: true
  readonly anchor?: string
  readonly json?: true
}

/** The word in place of an issue: all of them. */
const ALL = 'verify'

export function ledgerCommand(): Command {
  return documented({
    name: 'ledger',
    summary: 'Show the timeline of one task: what was decided, when, by whom and why.',
    details: [
      'Each entry carries the hash of the one before it. --verify computes them all again: a changed, swapped or missing entry is found.',
      'With the word `verify` in place of an issue every ledger is verified: its chain, its end, and that it agrees with the ends noted daily in `ledger.anchor` in the data folder, which shows also a store that was set back as a whole. --anchor does the same with a list of your own, kept on another machine: it is compared when it is there, and written when all is well.',
    ],
    examples: [
      ['yardmaster ledger octo/hello#12', 'the timeline'],
      ['yardmaster ledger octo/hello#12 --verify', 'exit code 1 when the chain is broken'],
      ['yardmaster ledger octo/hello#12 --json', 'whole entries, with their hashes'],
      ['yardmaster ledger verify', 'all ledgers; exit code 1 when one is broken'],
      ['yardmaster ledger verify --anchor heads.txt', 'against a list of your own, too'],
    ],
  })
    .addArgument(
      new Argument('<issue>', `${ISSUE_WORDS} \`${ALL}\`: all tasks.`).argParser((text) =>
        text === ALL ? ALL : readIssue(text),
      ),
    )
    .option('--verify', 'Check the hash chain.')
    .option('--anchor <file>', `With \`${ALL}\`: a list of the ledgers’ ends to compare and renew.`)
    .option('--json', 'Print JSON.')
    .action(async (issue: IssueName | typeof ALL, options: LedgerWishes) => {
      const { withReading } = await import('./with-reading.ts')
      if (issue === ALL) {
        const { verifyAll } = await import('./verify-all.ts')
        return await withReading(({ upkeep }, { dataFolder }) =>
          verifyAll({ upkeep, dataFolder, anchor: options.anchor ?? null, json: options.json }),
        )
      }
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
