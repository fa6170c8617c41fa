/** The agent's prompt. */
import type { AttemptReport } from '../domain/attempt.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import type { Task } from '../domain/task.ts'

export interface PromptView {
  readonly task: Task
  readonly snapshot: Snapshot
  readonly comments: readonly { readonly login: string; readonly body: string }[]
  readonly verify: readonly string[]
  /** The attempt before this one, when it failed. */
  readonly previous: AttemptReport | null
  readonly exchange: string
}

export function buildPrompt(view: PromptView): string {
  return [
    'Work the issue below in this folder. Do not push.',
    `<issue>\n# ${view.snapshot.title}\n\n${view.snapshot.body.replaceAll('</issue', '<\\/issue')}\n</issue>`,
    view.previous?.error ?? '',
  ].join('\n\n')
}
