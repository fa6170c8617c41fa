/** `yardmaster pause` and `resume`: nothing new starts, everywhere or in one repository, until somebody resumes. */
import { Argument, InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { CommandEnd, EXIT } from './exit.ts'
import { documented } from './manual.ts'

interface ScopeOptions {
  readonly all?: true
}
interface PauseOptions extends ScopeOptions {
  readonly reason?: string
  readonly now?: true
}

const ANSWERED_BY =
  'Asks the Yardmaster that runs on this data folder; when none does, writes to its store. On PostgreSQL all apps obey, wherever the command runs.'

export function pauseCommand(): Command {
  return documented({
    name: 'pause',
    summary: 'Start nothing new, everywhere or in one repository, until it is resumed.',
    details: [
      'What runs goes on, unless --now parks it: it is stopped, its work is kept, and it goes on when work is resumed. Each task that waits says so.',
      ANSWERED_BY,
      'Where not even this command works: make a file named PAUSE in the data folder. While it is there nothing starts; its text is the reason.',
    ],
    examples: [
      ['yardmaster pause --all --reason "a release"', 'nothing starts anywhere'],
      ['yardmaster pause --all --now', 'and what runs is parked'],
      ['yardmaster pause octo/hello', 'one repository, as its maintainers can with /pause'],
    ],
  })
    .addArgument(repositoryArgument())
    .option('--all', 'Every repository.')
    .option('--reason <words>', 'Shown wherever something waits for it.')
    .option('--now', 'Also park what runs.')
    .action(async (repository: string | undefined, options: PauseOptions) => {
      const { pauseWork } = await import('./run-pause.ts')
      const wanted = scopeOf(repository, options)
      await pauseWork({
        repository: wanted,
        reason: options.reason ?? '',
        now: options.now === true,
      })
    })
}

export function resumeCommand(): Command {
  return documented({
    name: 'resume',
    summary: 'End a pause, everywhere or in one repository.',
    details: [
      'With --all the kill switch file PAUSE of this data folder is removed as well. A pause of one repository is ended by its name alone.',
      ANSWERED_BY,
    ],
    examples: [
      ['yardmaster resume --all', 'work goes on'],
      ['yardmaster resume octo/hello', 'in one repository, as its maintainers can with /resume'],
    ],
  })
    .addArgument(repositoryArgument())
    .option('--all', 'What stops every repository.')
    .action(async (repository: string | undefined, options: ScopeOptions) => {
      const { resumeWork } = await import('./run-pause.ts')
      await resumeWork(scopeOf(repository, options))
    })
}

const repositoryArgument = (): Argument =>
  new Argument('[repository]', 'Such as octo/hello.').argParser((text: string) => {
    if (/^[\w.-]+\/[\w.-]+$/.test(text)) return text
    throw new InvalidArgumentError('Name the repository as owner/name.')
  })

/** Null: everywhere. A whole yard is not stopped or started by a word that was left out. */
function scopeOf(repository: string | undefined, { all }: ScopeOptions): string | null {
  if ((repository === undefined) === (all === undefined))
    throw new CommandEnd('Name a repository as owner/name, or say --all.', EXIT.usage)
  return repository ?? null
}
