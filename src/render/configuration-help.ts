/** What to do about a missing or broken `.github/yardmaster.yml`: the file to commit, or the lines to mend. */
import { slug } from '../domain/repository.ts'
import type { Repository } from '../domain/repository.ts'
import type { SettingsProblem } from '../domain/settings.ts'
import type { Wait } from '../domain/wait.ts'
import { exampleRepoFile } from './example-file.ts'
import { CONFIG_PATH } from './config-path.ts'
import { code } from './inline.ts'
import { sanitiseLine } from './sanitise.ts'

export function configurationHelp(view: {
  readonly wait: Wait | null
  readonly repository: Repository
  readonly webUrl: string
}): readonly string[] {
  const { wait, repository, webUrl } = view
  const home = `${webUrl}/${slug(repository)}`
  if (wait?.kind === 'no-configuration') {
    const branch = encodeURIComponent(wait.branch)
    return [
      `Nothing runs in this repository before it says how. [Create ${code(CONFIG_PATH)} on ${code(wait.branch)}](${home}/new/${branch}?filename=${CONFIG_PATH}), for example like this, with your own commands:`,
      `\`\`\`yaml\n${exampleRepoFile({ agent: null, setup: [], verify: [] })}\`\`\``,
      'Once it is there, this task starts by itself.',
    ]
  }
  if (wait?.kind === 'broken-configuration') {
    const branch = encodeURIComponent(wait.branch)
    return [
      problemsTable(wait.problems),
      `[Edit the file on ${code(wait.branch)}](${home}/edit/${branch}/${CONFIG_PATH}). Once it is right, this task starts by itself.`,
    ]
  }
  return []
}

/** A broken file seldom needs more than its first problems mended at a time. */
const SHOWN = 20

function problemsTable(problems: readonly SettingsProblem[]): string {
  const rows = problems
    .slice(0, SHOWN)
    .map(
      ({ line, path, message }) =>
        `| ${line ?? ''} | ${path === '' ? '' : code(path)} | ${sanitiseLine(message, 400)} |`,
    )
  const more = problems.length - rows.length
  return [
    '| Line | Key | What is wrong |',
    '| --- | --- | --- |',
    ...rows,
    ...(more > 0 ? [`\nand ${more} more`] : []),
  ].join('\n')
}
