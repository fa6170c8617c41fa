/** What an agent would be told about an issue if it started now, word for word, with what it is made of and what it costs. */
import type { OperatorSettings, RepoPolicy } from '../domain/settings.ts'
import type { Repository } from '../domain/repository.ts'
import { slug } from '../domain/repository.ts'
import type { Task } from '../domain/task.ts'
import type { Sha } from '../domain/ids.ts'
import type { Store } from '../ports/store.ts'
import { answerOf, goOnPrompt } from '../render/prompt-answers.ts'
import { ROLE_FILE } from '../render/prompt-role.ts'
import { composePrompt, hasTools, previousOf } from '../render/prompt.ts'
import { sayWait } from '../render/wait.ts'
import { findTask } from './find-task.ts'
import type { Found, Prompting, PromptPreview } from './view-types.ts'

/** What is not in the store; whoever has no access to GitHub has none of it. Methods may throw `WorldFault`. */
export interface PromptSources {
  /** By people who may write, as the agent would be shown them. */
  comments(
    task: Task,
    repository: Repository,
  ): Promise<readonly { readonly login: string; readonly body: string }[]>
  role(repository: Repository, at: Sha): Promise<string | null>
}

export interface PromptingDeps {
  readonly store: Pick<Store, 'find' | 'repositories' | 'snapshot'>
  readonly policyOf: (config: string | null) => RepoPolicy
  readonly operator: () => Pick<OperatorSettings, 'profiles' | 'defaultProfile'>
  readonly sources: PromptSources | null
}

/** Stands for the folder that a place gets when an attempt begins. */
const EXCHANGE = '<exchange>'

export function createPrompting({ store, policyOf, operator, sources }: PromptingDeps): Prompting {
  return {
    async preview(name) {
      const found = await findTask(store, name)
      if (found.kind === 'missing') return found
      const { task, repository } = found.value
      const issue = `${slug(repository)}#${task.number}`
      const { wish } = task
      if (wish === null)
        return missing(`Nobody asks for ${issue} at present: set the label on the issue again.`)
      const policy = policyOf(repository.config)
      if (policy.kind !== 'ready' || repository.head === null)
        return missing(`No agent starts for ${issue}: ${sayWait(waitOf(repository, policy))}.`)
      const snapshot = await store.snapshot(wish.snapshot)
      if (snapshot === null)
        return missing(`The text of ${issue} that was blessed is not in this store any more.`)
      const [comments, file] = await Promise.all([
        sources?.comments(task, repository) ?? [],
        sources?.role(repository, repository.head) ?? null,
      ])
      const { profiles, defaultProfile } = operator()
      const profile = wish.profile ?? policy.settings.agent ?? defaultProfile
      const known = profiles[profile] ?? null
      const goesOn = task.resume !== null
      const prompt = composePrompt({
        task,
        snapshot,
        comments,
        verify: policy.settings.verify,
        previous: previousOf(task),
        goesOn,
        conflicts: [],
        aside: [],
        exchange: EXCHANGE,
        role: file,
        tools: known !== null && hasTools(known),
      })
      const resumed = (task.resume?.session ?? null) === null ? null : goOnPrompt(answerOf(task))
      const { role, text, words, budget } = prompt
      const value: PromptPreview = {
        issue,
        profile,
        role: role.text === '' ? 'built in' : ROLE_FILE,
        comments: sources === null ? null : comments.length,
        text,
        words,
        budget,
        resumed,
        notes: notesOf({
          task,
          unknown: known === null ? profile : null,
          online: sources !== null,
          cut: role.cut,
        }),
      }
      return { kind: 'found', value }
    },
  }
}

function notesOf(about: {
  readonly task: Task
  readonly unknown: string | null
  readonly online: boolean
  readonly cut: number
}): readonly string[] {
  const { task, unknown, online, cut } = about
  const notes = [`\`${EXCHANGE}\` stands for a folder that is made when the attempt begins.`]
  if (unknown !== null)
    notes.push(
      `The operator knows no profile ${unknown}, so nothing starts; our tools are left out.`,
    )
  if (!online)
    notes.push(
      `No Yardmaster runs on this data folder, so nothing was asked of GitHub: comments by people with write access, and ${ROLE_FILE}, are not shown.`,
    )
  if (cut > 0)
    notes.push(`${ROLE_FILE} is ${cut} words longer than there is room for; its end is left out.`)
  if (task.revision !== null || task.resume !== null)
    notes.push(
      'If files that programs obey are not as the default branch has them, they are set aside for the start, and the agent is told which.',
    )
  if ((task.revision?.onto ?? null) !== null)
    notes.push('If the base conflicts, the agent is told in which files.')
  return notes
}

const waitOf = (
  { gone, head, defaultBranch: branch }: Repository,
  policy: RepoPolicy,
): Parameters<typeof sayWait>[0] => {
  if (gone !== null) return { kind: 'gone', reason: gone }
  if (head === null || policy.kind === 'ready') return { kind: 'unread' }
  return policy.kind === 'missing'
    ? { kind: 'no-configuration', branch }
    : { kind: 'broken-configuration', branch, problems: policy.problems }
}

const missing = (message: string): Found<never> => ({ kind: 'missing', message })
