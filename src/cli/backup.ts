/** `yardmaster backup <file>`: one consistent copy of the embedded store, while it works or when it is stopped. */
import type { Command } from 'commander'
import { documented } from './manual.ts'

export function backupCommand(): Command {
  return documented({
    name: 'backup',
    summary: 'Write a copy of the embedded store to one file, also while Yardmaster works.',
    details: [
      'The running Yardmaster writes the file itself, so its user must be able to write there; when none runs, the command opens the store. All that was acknowledged before is in it. The file is compressed and checksummed, readable by its owner only, and replaces an older one of that name when it is whole.',
      'It holds issue texts, the output of checks and who asked for what; no key and no token. Work that was not pushed lies beside the store: see docs/operations.md.',
    ],
    examples: [
      ['yardmaster backup /backup/yard.gz', 'a copy of this moment'],
      ['yardmaster backup /backup/yard-$(date +%F).gz', 'one a day, from cron'],
    ],
  })
    .argument('<file>', 'Where to write it.')
    .action(async (file: string) => {
      const { runBackup } = await import('./run-backup.ts')
      await runBackup(file)
    })
}
