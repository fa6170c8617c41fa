/** `yardmaster runner`: executes attempts for the apps that share its database. */
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { CommandEnd, EXIT } from './exit.ts'
import { documented } from './manual.ts'
import type { RunnerOptions } from './run-runner.ts'
import { wholeNumber } from './whole-number.ts'

export function runnerCommand(): Command {
  return documented({
    name: 'runner',
    summary: 'Execute attempts on this machine for the Yardmasters that share its DATABASE_URL.',
    details: [
      'Needs DATABASE_URL and the operator’s file with the profiles whose programs are installed here. It holds no credential of the App: an app gives it short-lived tokens that read one repository.',
      'What it takes comes from `runner` in the operator’s file; the options below win over it.',
      'Ctrl+C or SIGTERM stops it within 30 seconds, with the work of running agents collected and stored; a second one stops it at once.',
    ],
    examples: [
      ['yardmaster runner', 'take whatever this machine’s operator’s file allows'],
      ['yardmaster runner --name build-1 --capacity 4', 'four attempts at a time, under that name'],
      ['yardmaster runner --agents claude --tiers opus', 'only what claude does with that tier'],
      ['yardmaster runner --repositories ana/shop', 'only work of one repository'],
    ],
  })
    .option('--name <name>', 'What people call it. Default: the name of this machine.', aName)
    .option('--capacity <attempts>', 'Attempts at the same time.', wholeNumber(1, 1000))
    .option('--tiers <list>', 'Only attempts of these tiers, separated by commas.', aList)
    .option('--agents <list>', 'Only attempts of these profiles, separated by commas.', aList)
    .option(
      '--repositories <list>',
      'Only attempts in these repositories: numeric ids or owner/name, separated by commas.',
      aList,
    )
    .action(async (options: RunnerOptions) => {
      const { runRunner } = await import('./run-runner.ts')
      const code = await runRunner(options)
      if (code !== EXIT.ok) throw new CommandEnd('', code)
    })
}

function aName(text: string): string {
  if (/^[\w.-]{1,60}$/.test(text)) return text
  throw new InvalidArgumentError('Use at most 60 letters, digits, dots, dashes or underscores.')
}

function aList(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.every((name) => name !== '')) return names
  throw new InvalidArgumentError('Write names separated by commas, such as sonnet,haiku.')
}
