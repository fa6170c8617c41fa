/** A process of its own over a disk of a few megabytes: fills it, works on, makes room, works on; prints what came of each step. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attemptId, installationId, issueId, repoId, sha, taskId } from '../../src/domain/ids.ts'
import { createGit } from '../../src/git/create-git.ts'
import { createNoJail } from '../../src/jail/none.ts'
import { WorldFault } from '../../src/ports/fault.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { createWorkspace } from '../../src/workspace/create-workspace.ts'

const [, , folder = '', remote = '', head = ''] = process.argv
const path = process.env['PATH'] ?? ''
const ids = { unique: () => crypto.randomUUID() }
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const clock = { now: () => Date.now(), monotonic: () => performance.now() } as Clock
const id = repoId(1)
const repo = { id, owner: 'o', name: 'n', installation: installationId(1), defaultBranch: 'main' }
const identity = { name: 'bot', email: 'bot@example.com' }
const words = { message: 'work', author: identity }
const base = sha(head)

const files = {
  url: () => `file://${remote}`,
  credential: async () => await Promise.reject(new Error('none needed')),
  refused: async () => await Promise.resolve(false),
}
const git = createGit({
  folder: join(folder, 'git'),
  remote: files,
  clock,
  path,
  identity,
})
const jail = createNoJail({ folder: join(folder, 'jail'), path, ids })
const workspace = createWorkspace({
  folder: join(folder, 'work'),
  git,
  jail,
  clock,
  ids,
  log,
  network: 'none',
})

const steps: string[] = []
async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  const said = await work().then(
    () => 'done',
    (error: unknown) => (error instanceof WorldFault ? error.kind : String(error)),
  )
  steps.push(`${name}: ${said}`)
}

const filler = join(folder, 'filler')
const fill = async (): Promise<void> =>
  await writeFile(filler, Buffer.alloc(64 * 1024 * 1024)).catch(() => {})

const task = taskId(id, issueId(1))
const place = await workspace.prepare(repo, task, attemptId(task, 1), base)
await writeFile(join(place.worktree, 'work.txt'), 'w\n')
await fill()
await step('collect on a full disk', async () => await workspace.collect(id, place, words))
await step('prepare on a full disk', async () => {
  const other = taskId(id, issueId(2))
  await workspace.prepare(repo, other, attemptId(other, 1), base)
})
await rm(filler)
await step('collect with room again', async () => {
  const imported = await workspace.collect(id, place, words)
  if (imported?.files[0]?.path !== 'work.txt') throw new Error('the work was lost')
})
await fill()
await step('release on a full disk', async () => await workspace.release(place))
await rm(filler)
await step('release with room again', async () => await workspace.releaseTask(task))
await workspace.settle()
process.stdout.write(JSON.stringify(steps))
