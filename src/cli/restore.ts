/** `yardmaster restore <file>`: makes a store of a backup. */
import type { Command } from 'commander'
import { documented } from './manual.ts'

export function restoreCommand(): Command {
  return documented({
    name: 'restore',
    summary: 'Make the embedded store of a backup. Yardmaster must be stopped.',
    details: [
      'The file is verified whole, with every ledger, before anything is changed; a backup of an older version is brought forward. A store that holds work is never replaced: move it away first.',
      'What was done after the backup was made, GitHub still shows. Yardmaster looks there before it creates anything, so no comment, check or pull request is made twice.',
    ],
    examples: [['yardmaster restore /backup/yard.gz', 'into the data folder (YARDMASTER_DATA)']],
  })
    .argument('<file>', 'A file that `backup` has written.')
    .option('--broken-ledger', 'Restore although ledgers were changed after they were written.')
    .action(async (file: string, options: { readonly brokenLedger?: true }) => {
      const { runRestore } = await import('./run-backup.ts')
      await runRestore(file, options.brokenLedger ?? false)
    })
}
