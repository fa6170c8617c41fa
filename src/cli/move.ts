/** `yardmaster move --to <address>`: from the embedded store to a PostgreSQL server. */
import type { Command } from 'commander'
import { documented } from './manual.ts'

export function moveCommand(): Command {
  return documented({
    name: 'move',
    summary: 'Move everything from the embedded store to a PostgreSQL server.',
    details: [
      'Yardmaster must be stopped, and the database must exist and be empty. All tables are copied in one transaction, counted, and every ledger is verified there: after an interruption the database is empty again, and the command can be run again. The old store stays readable and refuses to start.',
      'Afterwards set DATABASE_URL to the same address. The data folder stays where it is: mirrors and unpushed work lie there.',
    ],
    examples: [
      ['yardmaster move --to postgres://yard@db.example.org/yard', 'the password from PGPASSWORD'],
    ],
  })
    .requiredOption('--to <address>', 'The database, as in DATABASE_URL.')
    .option('--broken-ledger', 'Move although ledgers were changed after they were written.')
    .action(async ({ to, ...options }: { readonly to: string; readonly brokenLedger?: true }) => {
      const { runMove } = await import('./run-backup.ts')
      await runMove(to, options.brokenLedger ?? false)
    })
}
