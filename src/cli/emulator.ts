/** `yardmaster emulator`: a GitHub of one's own on loopback, for trying things without an account. */
import type { Command } from 'commander'
import { CommandEnd, EXIT } from './exit.ts'
import { documented } from './manual.ts'
import type { EmulatorOptions } from './run-emulator.ts'
import { wholeNumber } from './whole-number.ts'

export function emulatorCommand(): Command {
  return documented({
    name: 'emulator',
    summary: 'Run a GitHub of your own on this machine, and say how to connect Yardmaster to it.',
    details: [
      'It listens on 127.0.0.1 only, and keeps issues and pull requests in memory: when it stops, they are gone. Repositories are real git repositories in --data.',
    ],
    examples: [
      ['yardmaster emulator --seed', "with the demo's repository and issues"],
      ['yardmaster emulator --seed ~/src/project', 'with a copy of a repository of yours'],
      ['yardmaster emulator --seed --no-app', 'without an App, to try the set-up page of `start`'],
    ],
  })
    .option(
      '--port <number>',
      'Where it listens; 0 takes a free port.',
      wholeNumber(0, 65_535),
      3001,
    )
    .option(
      '--data <folder>',
      'An empty folder for its repositories and the key of its App. Without it: a temporary one.',
    )
    .option(
      '--seed [folder]',
      "Start with one repository: a copy of this folder, or the demo's when none is named.",
    )
    .option(
      '--webhook-url <address>',
      'Where its webhooks go.',
      'http://127.0.0.1:3000/api/github/webhooks',
    )
    .option('--no-app', 'Register no GitHub App.')
    .action(async (options: EmulatorOptions) => {
      const { runEmulator } = await import('./run-emulator.ts')
      const code = await runEmulator(options)
      if (code !== EXIT.ok) throw new CommandEnd('', code)
    })
}
