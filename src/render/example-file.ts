/** "The file to commit": a short, valid `.github/yardmaster.yml` for a repository that has none. */
import { stringify } from 'yaml'

export interface ExampleOptions {
  /** Null: leave it to the operator's default. */
  readonly agent: string | null
  readonly setup: readonly string[]
  readonly verify: readonly string[]
}

export function exampleRepoFile({ agent, setup, verify }: ExampleOptions): string {
  const lines: (readonly [setting: string, meaning: string])[] = [
    ...(agent === null ? [] : [[`agent: ${agent}`, 'who works here by default'] as const]),
    [`setup: ${flow(setup)}`, setup.length > 0 ? 'makes a worktree ready' : 'for example [npm ci]'],
    [
      `verify: ${flow(verify)}`,
      verify.length > 0 ? 'must pass before anything is pushed' : 'for example [npm test]',
    ],
    [
      'limits: { parallel: 3, attempts: 3, minutes: 60 }',
      'tasks at once, tries for each, minutes for a try',
    ],
  ]
  const width = Math.max(...lines.map(([setting]) => setting.length))
  return lines.map(([setting, meaning]) => `${setting.padEnd(width)}  # ${meaning}\n`).join('')
}

const flow = (commands: readonly string[]): string =>
  stringify(commands, {
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    lineWidth: 0,
  }).trimEnd()
