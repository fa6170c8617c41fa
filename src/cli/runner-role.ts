/** `yardmaster runner-role <name>`: a PostgreSQL role that can do for one runner what it needs, and nothing else. */
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { documented } from './manual.ts'

export function runnerRoleCommand(): Command {
  return documented({
    name: 'runner-role',
    summary: 'Make a restricted PostgreSQL role for one runner.',
    details: [
      'With it in DATABASE_URL, a runner reads the tasks whose attempts it holds, and reports for them; whoever steals it can do no more. Run it as the owner of the tables, who must be allowed to make roles, with DATABASE_URL as for `start`; and once more after each upgrade. The runner must be started with that name.',
      'It prints the role and a new password once. With --keep-password an existing role keeps its own. With --print nothing is changed: the SQL is printed for whoever may run it.',
    ],
    examples: [
      ['yardmaster runner-role build-1', 'make or renew the role yardmaster_build-1'],
      ['yardmaster runner-role build-1 --keep-password', 'after an upgrade'],
      ['yardmaster runner-role build-1 --print | psql yard', 'the same, by hand'],
    ],
  })
    .argument('<name>', 'The name of the runner, as in `runner --name`.', aName)
    .option('--keep-password', 'Leave the password of an existing role as it is.')
    .option('--print', 'Print the SQL instead of running it.')
    .action(
      async (name: string, options: { readonly keepPassword?: true; readonly print?: true }) => {
        const { makeRunnerRole } = await import('./make-runner-role.ts')
        await makeRunnerRole(name, options)
      },
    )
}

function aName(text: string): string {
  if (/^[\w.-]{1,40}$/.test(text)) return text
  throw new InvalidArgumentError('Use at most 40 letters, digits, dots, dashes or underscores.')
}
