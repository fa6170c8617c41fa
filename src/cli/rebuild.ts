/** `yardmaster rebuild`: the store is lost, GitHub is not. Reads every task back; writes nothing on GitHub. */
import type { Command } from 'commander'
import { documented } from './manual.ts'

export function rebuildCommand(): Command {
  return documented({
    name: 'rebuild',
    summary: 'Read all tasks back from GitHub into an empty store, after the store was lost.',
    details: [
      'Reads the signed status comments of the App, its branches, pull requests, check runs and labels in every repository it is installed on, and writes nothing there. Work that was under way goes on from the queue when Yardmaster starts; what ended, or waits for review, comes back as it was.',
      'Needs a store that is empty or not there yet, and is done with Yardmaster stopped. Cut off, it is run again and goes on. A backup that is not too old loses less: restore that first.',
    ],
    examples: [
      ['yardmaster rebuild', 'show what was found, repository by repository'],
      ['yardmaster rebuild --json', 'the same, for scripts'],
    ],
  })
    .option('--json', 'Print JSON.')
    .action(async (options: { readonly json?: true }) => {
      const { runRebuild } = await import('./run-rebuild.ts')
      await runRebuild(options)
    })
}
