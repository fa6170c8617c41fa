/** On first sight of a repository, issues that wear the trigger label already are listed and never started (rule). */
import type { Repository } from '../domain/repository.ts'
import type { EngineDeps } from './deps.ts'

export async function firstSight(
  repository: Repository,
  trigger: string,
  deps: Pick<EngineDeps, 'store' | 'tracker' | 'log'>,
): Promise<void> {
  const { store, tracker, log } = deps
  const labelled = await tracker.labelledIssues(repository, trigger)
  const known = await store.list({ repo: repository.id })
  const ours = new Set(known.map((task) => task.number))
  const foundLabelled = labelled.map((issue) => issue.number).filter((number) => !ours.has(number))
  const row = (await store.repositories.get(repository.id)) ?? repository
  await store.repositories.save({ ...row, foundLabelled, cursor: repository.firstSeen }, [])
  if (foundLabelled.length > 0) {
    log.info(
      { repo: repository.id, issues: foundLabelled },
      'these issues wore the label before Yardmaster came; take it off and set it again to start one',
    )
  }
}
