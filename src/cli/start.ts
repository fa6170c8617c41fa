/** `yardmaster start`: the real thing. Refuses to start on anything that it could not keep its promises with. */
import type { Command } from 'commander'
import { CommandEnd, EXIT } from './exit.ts'
import { documented } from './manual.ts'
import type { StartOptions } from './run-start.ts'

export function startCommand(): Command {
  return documented({
    name: 'start',
    summary: 'Run Yardmaster; without credentials, show the page that makes its GitHub App.',
    details: [
      'Reads .env in this folder (variables that are set already win) and yardmaster.config.yml.',
      'Ctrl+C or SIGTERM stops it within 30 seconds, with the work of running agents collected; a second one stops it at once.',
    ],
    examples: [
      ['yardmaster start', 'run, or set up when there are no credentials yet'],
      [
        'yardmaster start --webhook-url https://yard.example.org',
        'set up, with an address that GitHub can reach',
      ],
      ['yardmaster start --poll', 'run where GitHub cannot reach this machine'],
      ['yardmaster start --dev', 'set up for development, with a webhook channel at smee.io'],
    ],
  })
    .option(
      '--webhook-url <address>',
      'Set-up only: the public https address at which GitHub reaches this server.',
    )
    .option(
      '--dev',
      'Set-up only: have GitHub send webhooks through a public channel at smee.io. For development, never for real work.',
    )
    .option(
      '--poll',
      'Open no port and take no webhooks: look at GitHub every so often. It says what that costs.',
    )
    .action(async (options: StartOptions) => {
      const { start } = await import('./run-start.ts')
      const code = await start(options)
      if (code !== EXIT.ok) throw new CommandEnd('', code)
    })
}
