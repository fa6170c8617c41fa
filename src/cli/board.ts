/** `yardmaster board`: makes or adopts a project board, and has boards shown anew. */
import { Argument, InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { CommandEnd, EXIT } from './exit.ts'
import { documented } from './manual.ts'

interface BoardOptions {
  readonly project?: number
  readonly title: string
  readonly repo?: readonly string[]
  readonly json?: true
}

export function boardCommand(): Command {
  return documented({
    name: 'board',
    summary: 'Make or adopt a project board (init), or have boards shown anew (sync).',
    details: [
      '`init <account>` adds the columns and the fields Attempt, Agent, Wave and Cost where they are missing, takes nothing away, and prints the lines for the settings files. Running it again changes nothing.',
      'Columns are called as the settings of the first --repo call them, or else as by default.',
      'The App needs the permission for projects of the organisation. The boards of a person’s account need YARDMASTER_BOARD_TOKEN; without it labels show the same.',
      '`sync [owner/name]` looks at every card again: what lies wrong is put right, and cards that were taken off come back (archived ones stay in the archive).',
    ],
    examples: [
      ['yardmaster board init acme', 'a new project “Yardmaster”, or the one of that title'],
      ['yardmaster board init acme --project 7 --repo acme/shop', 'adopt project 7'],
      ['yardmaster board sync', 'every board'],
      ['yardmaster board sync acme/shop --json', 'the cards of one repository, for scripts'],
    ],
  })
    .addArgument(new Argument('<what>', 'What to do.').choices(['init', 'sync']))
    .argument('[name]', 'init: the account. sync: a repository, such as octo/hello.')
    .option('--project <number>', 'Adopt this project.', wholeNumber)
    .option('--title <words>', 'How a new project is called.', 'Yardmaster')
    .option('--repo <name...>', 'Repositories that are to name the board.')
    .option('--json', 'Print JSON.')
    .action(async (what: 'init' | 'sync', name: string | undefined, options: BoardOptions) => {
      const json = options.json === true
      if (what === 'sync') {
        const { syncBoards } = await import('./run-board-sync.ts')
        return await syncBoards(name ?? null, json)
      }
      if (name === undefined || name.includes('/'))
        throw new CommandEnd(
          'Name the account that owns the board: yardmaster board init acme',
          EXIT.usage,
        )
      const { initBoard } = await import('./run-board-init.ts')
      const { project = null, title, repo = [] } = options
      return await initBoard({ owner: name, project, title, repositories: repo, json })
    })
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw new InvalidArgumentError('A project is named by its number.')
}
