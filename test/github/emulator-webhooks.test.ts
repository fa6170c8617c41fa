/** Each webhook that the stand-in sends in a task's life, checked by it against GitHub's schemas, is understood. */
import { expect, test } from 'vitest'
import { issueId, taskId } from '../../src/domain/ids.ts'
import { createWebhookCounters, factsOf } from '../../src/github/webhook.ts'
import { EVER } from '../support/ever.ts'
import { COMMENT, LABEL, startScene } from './emulator-scene.ts'

test('every webhook of a task’s life is understood', async () => {
  const scene = await startScene()
  const { emulator, github, repo, at, open } = scene
  const number = open()
  emulator.label({ ...at(number), as: 'ana', label: 'yardmaster' })
  emulator.editIssue({ ...at(number), as: 'ana', title: 'Fix that' })
  emulator.unlabel({ ...at(number), as: 'ana', label: 'yardmaster' })
  const branch = `yardmaster/${number}`
  const push = { repo: 'ana/yard', as: 'ana', message: 'b' }
  await emulator.pushFiles({ ...push, branch, files: { 'b.txt': 'b' } })
  const pull = await emulator.openPull({ repo: 'ana/yard', as: 'ana', title: 'b', head: branch })
  emulator.closePull({ ...at(pull.number), as: 'ana' })
  emulator.reopenPull({ ...at(pull.number), as: 'ana' })
  await emulator.merge({ ...at(pull.number), as: 'ana' })
  emulator.closeIssue({ ...at(number), as: 'ana' })
  emulator.reopen({ ...at(number), as: 'ana' })
  await github.tracker.createComment(repo, number, COMMENT)
  await github.tracker.setFamilyLabel(repo, number, {
    prefix: 'yard:',
    wanted: LABEL,
    current: null,
    notAfter: EVER,
  })
  emulator.renameRepository({ repo: 'ana/yard', as: 'ana', name: 'yard-2' })
  emulator.archive({ repo: 'ana/yard-2', as: 'ana' })
  await emulator.whenIdle()

  const task = taskId(repo.id, issueId(emulator.issue({ repo: 'ana/yard-2', number }).id))
  const counters = createWebhookCounters()
  const kinds: string[] = []
  for (const { guid, event, payload } of emulator.webhooks.deliveries) {
    const findTask = (_: number, _by: string, asked: number) =>
      Promise.resolve(asked === number ? task : null)
    const findBoard = async () => null
    const deps = { slug: emulator.app.slug, counters, findTask, findBoard }
    const facts = await factsOf({ id: guid, name: event, payload }, deps)
    for (const fact of facts) {
      kinds.push(fact.fact.kind)
      expect(fact.repo?.id).toBe(repo.id)
      expect([`task:${task}`, `repo:${repo.id}`]).toContain(fact.aggregate)
    }
  }
  expect(counters.malformed).toBe(0)
  expect(counters.ours).toBeGreaterThan(0)
  // GitHub promises no order.
  expect(kinds.toSorted()).toEqual(
    [
      'repository-seen',
      'label-added',
      'issue-edited',
      'label-removed',
      'pull-closed',
      'pull-reopened',
      'branch-moved',
      'pull-closed',
      'issue-closed',
      'issue-reopened',
      'repository-seen',
      'repository-gone',
    ].toSorted(),
  )
  await scene.close()
})
