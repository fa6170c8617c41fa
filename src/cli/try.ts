/** `yardmaster try`: the product over a copy of one's own repository, with no account and nothing pushed anywhere. */
import type { Command } from 'commander'
import { CommandEnd, EXIT } from './exit.ts'
import type { TryOptions } from './demo/run-try.ts'
import { documented } from './manual.ts'
import { wholeNumber } from './whole-number.ts'

export function tryCommand(): Command {
  return documented({
    name: 'try',
    summary: 'Try Yardmaster over a copy of your own repository, on a GitHub of your own.',
    details: [
      'Your folder is only read. The agent is the one of yardmaster.config.yml in the current folder, or the scripted one when there is none.',
    ],
    examples: [
      ['yardmaster try .', 'over the repository in this folder'],
      ['yardmaster try ~/src/project --port 4000', 'at an address that stays the same'],
    ],
  })
    .argument('<folder>', 'A git repository, or any folder with files.')
    .option(
      '--port <number>',
      'Where the stand-in listens; 0 takes a free port.',
      wholeNumber(0, 65_535),
      0,
    )
    .action(async (folder: string, options: TryOptions) => {
      const { runTry } = await import('./demo/run-try.ts')
      const code = await runTry(folder, options)
      if (code !== EXIT.ok) throw new CommandEnd('', code)
    })
}
