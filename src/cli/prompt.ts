/** `yardmaster prompt <issue>`: what an agent would be told, word for word. */
import type { Command } from 'commander'
import type { IssueName } from '../web/issue-name.ts'
import { issueArgument, orEnd } from './issue-argument.ts'
import { documented } from './manual.ts'
import { complain, print, printJson } from './terminal.ts'

export function promptCommand(): Command {
  return documented({
    name: 'prompt',
    summary: 'Show what an agent would be told about an issue, word for word, and how many words.',
    details: [
      'Asks the Yardmaster that runs on this data folder, which reads the comments and the role from GitHub as it does for an agent; when none runs, they are left out, and it says so.',
      'The prompt goes to standard output, what there is to say about it to standard error.',
    ],
    examples: [
      ['yardmaster prompt octo/hello#12', 'one issue that somebody has labelled'],
      ['yardmaster prompt octo/hello#12 > prompt.md', 'only the prompt'],
      ['yardmaster prompt octo/hello#12 --json', 'for scripts'],
    ],
  })
    .addArgument(issueArgument())
    .option('--json', 'Print JSON.')
    .action(async (issue: IssueName, options: { readonly json?: true }) => {
      const { withReading } = await import('./with-reading.ts')
      await withReading(async ({ prompting }) => {
        const preview = orEnd(await prompting.preview(issue))
        if (options.json) return printJson(preview)
        const { text, resumed, words, budget, role, profile, notes } = preview
        complain(
          `${preview.issue}, profile ${profile}, role ${role}: ${words} words of at most ${budget} (500, and what people wrote)`,
        )
        for (const note of notes) complain(`- ${note}`)
        if (resumed !== null) {
          complain(
            '- Its conversation is taken up again with this; what follows it is for an agent that has lost it.',
          )
          print(resumed.trimEnd())
          print('\n----\n')
        }
        print(text.trimEnd())
      })
    })
}
