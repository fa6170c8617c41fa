/** Shows every task on its board anew: cards that people took off come back, and what lies wrong is put right. */
import { slug } from '../domain/repository.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import type { BoardSync } from '../ports/board-sync.ts'
import { boardOf } from './boards.ts'
import type { EngineDeps } from './deps.ts'

/** `onTouched`: whoever writes looks at once. */
export function createBoardSync(
  { store }: Pick<EngineDeps, 'store'>,
  policyOf: (config: string | null) => RepoPolicy,
  onTouched: () => void,
): BoardSync {
  return {
    async sync(repository) {
      const all = (await store.repositories.all()).filter(({ gone }) => gone === null)
      const wanted = all.filter(
        (one) => repository === null || slug(one).toLowerCase() === repository.toLowerCase(),
      )
      if (repository !== null && wanted.length === 0)
        return {
          kind: 'missing',
          message: `${repository} is not known here. \`yardmaster queue\` names what is.`,
        }
      const boards = new Set<string>()
      let cards = 0
      for (const one of wanted) {
        const board = boardOf(one, policyOf(one.config))
        if (board === null) continue
        boards.add(`${board.at.owner}/${board.at.project}`)
        for (const task of await store.list({ repo: one.id })) {
          if (task.wish === null) continue
          await forget(task.id)
          await store.projections.touch(task.id, ['board'])
          cards += 1
        }
      }
      if (repository !== null && boards.size === 0)
        return {
          kind: 'missing',
          message: `${repository} names no board: write \`board: { project: <number> }\` in its .github/yardmaster.yml.`,
        }
      onTouched()
      return { kind: 'synced', cards, boards: [...boards] }
    },
  }

  /** Where the card lay, and that a person took it off. */
  async function forget(task: Parameters<typeof store.projections.row>[0]): Promise<void> {
    const row = await store.projections.row(task, 'board')
    if (row === null) return
    await store.projections.done(row, { hash: '', remoteId: row.remoteId, written: null })
  }
}
