/** `yardmaster reviews`: who owes which pull request a look, and in which order they are best taken. */
import { Argument } from 'commander'
import type { Command } from 'commander'
import { readIssue } from './issue-argument.ts'
import { documented } from './manual.ts'
import { print, printJson } from './terminal.ts'
import type { IssueName } from '../web/issue-name.ts'

interface ReviewsOptions {
  readonly for?: string
  readonly json?: true
}

export function reviewsCommand(): Command {
  return documented({
    name: 'reviews',
    summary: 'List the pull requests that wait for somebody’s look, easiest first.',
    details: [
      'Older days go first, and within a day what can be merged as it is, then what is small. A push brings back what was looked at before. `reviews done` records a look at the head that stands at this moment.',
      'Asks the Yardmaster that runs on this data folder; when none does, reads its store, and `done` counts from the next start.',
    ],
    examples: [
      ['yardmaster reviews', 'everybody’s, with what each rank hangs on'],
      ['yardmaster reviews --for ana', 'what ana owes'],
      ['yardmaster reviews done octo/hello#12 --for ana', 'ana has looked at pull request 12'],
      ['yardmaster reviews --json', 'for scripts'],
    ],
  })
    .addArgument(new Argument('[done]', 'Record a look, instead of listing.').choices(['done']))
    .addArgument(
      new Argument('[pull]', 'The pull request, such as owner/repo#12.').argParser(readIssue),
    )
    .option('--for <login>', 'Whose queue, or whose look it was.')
    .option('--json', 'Print JSON.')
    .action(
      async (done: 'done' | undefined, pull: IssueName | undefined, options: ReviewsOptions) => {
        const { listReviews, recordLook } = await import('./run-reviews.ts')
        const login = options.for?.replace(/^@/, '') ?? null
        if (done === 'done') return recordLook(pull, login)
        await listReviews(login, (view, show) => (options.json ? printJson(view) : show(print)))
      },
    )
}
