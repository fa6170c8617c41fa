/** The operator's word that somebody has looked: a fact like any other, about the head that stands at this moment. */
import type { TaskFact } from '../domain/fact.ts'
import { samePerson } from '../domain/review.ts'
import { reviewQueue, waitsForReview } from '../domain/review-queue.ts'
import { slug } from '../domain/repository.ts'
import type { Task } from '../domain/task.ts'
import type { Missing } from '../ports/pausing.ts'
import type { ReviewedWish, Reviewing } from '../ports/reviewing.ts'
import type { Store } from '../ports/store.ts'
import type { EngineDeps } from './deps.ts'

type Stored = Pick<Store, 'append' | 'find' | 'findByPull'> & {
  readonly repositories: Pick<Store['repositories'], 'all'>
}

export function createReviewing({
  store,
  clock,
  ids,
}: Pick<EngineDeps, 'clock' | 'ids'> & { readonly store: Stored }): Reviewing {
  async function taskOf({ repository, number }: ReviewedWish): Promise<Task | Missing> {
    const all = await store.repositories.all()
    const same =
      repository === null
        ? all
        : all.filter((one) => slug(one).toLowerCase() === repository.toLowerCase())
    const found = same.find(({ gone }) => gone === null) ?? same[0]
    if (found === undefined)
      return missing(`${repository ?? 'No repository'} is known here. Name it as owner/name#12.`)
    if (repository === null && same.length > 1)
      return missing(`Several repositories are known; name it, such as ${slug(found)}#${number}.`)
    const task = (await store.findByPull(found.id, number)) ?? (await store.find(found.id, number))
    if (task === null || !waitsForReview(task))
      return missing(
        `${slug(found)}#${number} is no pull request of Yardmaster that waits for review.`,
      )
    return task
  }

  return {
    async done(wish) {
      const task = await taskOf(wish)
      if ('message' in task) return task
      const { pull } = task
      if (pull === null) throw new Error('what waits for review has a pull request')
      const owed = reviewQueue([task], clock.now()).flatMap(({ login }) => login ?? [])
      const [only, second] = owed
      const login = wish.login ?? (second === undefined ? only : undefined)
      if (login === undefined) {
        const whose = owed.map((one) => `--for ${one}`).join(' or ')
        return missing(
          owed.length === 0
            ? 'Nobody owes it a look. To record one all the same, say whose it was: --for <login>.'
            : `Several people owe it a look; say whose it was: ${whose}.`,
        )
      }
      const known = owed.find((one) => samePerson(one, login)) ?? login
      const fact: TaskFact = {
        kind: 'ordered',
        command: { kind: 'reviewed' },
        route: 'cli',
        // The operator names the person; nobody is asked what that one may do.
        actor: { id: 0, login: known, kind: 'person' },
        head: pull.head,
      }
      const key = `cli:${ids.unique()}`
      await store.append([{ source: 'timer', key, aggregate: `task:${task.id}`, repo: null, fact }])
      return { kind: 'reviewed', login: known, head: pull.head }
    },
  }
}

const missing = (message: string): Missing => ({ kind: 'missing', message })
