/** From the name that a person typed to a task, or to the sentence that says why there is none. */
import { slug } from '../domain/repository.ts'
import type { Repository } from '../domain/repository.ts'
import type { Task } from '../domain/task.ts'
import type { Store } from '../ports/store.ts'
import type { IssueName } from './issue-name.ts'
import type { Found } from './view-types.ts'

export interface Located {
  readonly repository: Repository
  readonly task: Task
}

export async function findTask(
  store: Pick<Store, 'find' | 'repositories'>,
  name: IssueName,
): Promise<Found<Located>> {
  const repository = choose(await store.repositories.all(), name)
  if (repository.kind === 'missing') return repository
  const task = await store.find(repository.value.id, name.number)
  if (task !== null) return { kind: 'found', value: { repository: repository.value, task } }
  const issue = `${slug(repository.value)}#${name.number}`
  return repository.value.foundLabelled.includes(name.number)
    ? missing(
        `${issue} wore its label before Yardmaster came, so it was not started. Take the label off and set it again.`,
      )
    : missing(`Nobody has asked Yardmaster to work on ${issue} yet: set the label on the issue.`)
}

function choose(all: readonly Repository[], name: IssueName): Found<Repository> {
  if (all.length === 0) {
    return missing(
      'Yardmaster has not seen any repository yet. Install the App on one and start it.',
    )
  }
  const names = all.map(slug).toSorted()
  if (name.repository === null) {
    const [only, second] = all
    if (only !== undefined && second === undefined) return { kind: 'found', value: only }
    return missing(
      `Several repositories are known; name one, such as ${names[0] ?? ''}#${name.number}. Known: ${names.join(', ')}.`,
    )
  }
  const wanted = name.repository.toLowerCase()
  const same = all.filter((repository) => slug(repository).toLowerCase() === wanted)
  // A name can pass to another repository; the one that is gone yields to the one that is there.
  const found = same.find((repository) => repository.gone === null) ?? same[0]
  if (found !== undefined) return { kind: 'found', value: found }
  return missing(`${name.repository} is not known here. Known: ${names.join(', ')}.`)
}

const missing = (message: string): { readonly kind: 'missing'; readonly message: string } => ({
  kind: 'missing',
  message,
})
