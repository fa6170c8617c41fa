/** `yardmaster demo`: the main job, on a GitHub of one's own, in one command. */
import type { Command } from 'commander'
import { CommandEnd, EXIT } from './exit.ts'
import type { DemoOptions } from './demo/run-demo.ts'
import { documented } from './manual.ts'
import { wholeNumber } from './whole-number.ts'

export function demoCommand(): Command {
  return documented({
    name: 'demo',
    summary: 'See the main job with no account: labelled issues become pull requests, live.',
    details: [
      'Starts a stand-in for GitHub on this machine with a small repository and a board, and Yardmaster connected to it, a process of its own that is started again when it is killed; labels three issues; then stays up for you to click. The agent is scripted (builtin:patch).',
    ],
    examples: [
      ['yardmaster demo', 'and open the addresses that it prints'],
      ['yardmaster demo --once', 'the whole story in the terminal, then the end'],
    ],
  })
    .option('--once', 'Tell the story to its end and exit.', false)
    .option(
      '--port <number>',
      'Where the stand-in listens; 0 takes a free port.',
      wholeNumber(0, 65_535),
      0,
    )
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('./demo/run-demo.ts')
      const code = await runDemo(options)
      if (code !== EXIT.ok) throw new CommandEnd('', code)
    })
}
