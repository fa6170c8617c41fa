/** Yardmaster goes away, politely or not, and comes back: what was begun is finished once, and nothing of the former life is left. */
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HELLO, file } from './support/issues.ts'
import { openLives } from './support/lives.ts'
import type { Life, Lives } from './support/lives.ts'
import { operatorWith, steps } from './support/profiles.ts'
import { until } from './support/until.ts'
import { MAINTAINER, WAITING_CHECK, agentsOf, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let outside: string
let operator: string
beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'yard-restart-'))
  operator = operatorWith({
    /** Half done, it waits; and it does not go by itself. */
    patient: steps(
      { stay: true },
      { write: 'half.txt', text: 'Half.\n' },
      { until: join(outside, 'go') },
      { write: 'whole.txt', text: 'Whole.\n' },
    ),
  })
})
afterAll(async () => rm(outside, { recursive: true }))

describe('a polite restart', () => {
  let yard: Yard
  beforeAll(async () => {
    await rm(join(outside, 'go'), { force: true })
    yard = await openYard({ operator })
  })
  afterAll(async () => yard.close())

  const ended = (repo: string, number: number) =>
    yard.until('the first attempt has ended', async () => {
      const [first] = await yard.attempts(repo, number)
      return first !== undefined && first.endedAt !== null && first
    })

  it('while the checks run keeps the work and starts again', async () => {
    const repo = await yard.repository({ files: { 'check.sh': WAITING_CHECK } })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const checking = (n: number) =>
      yard.until(
        'the checks run',
        async () => (await yard.attempts(repo, number))[n - 1]?.phase === 'verifying',
      )
    await checking(1)
    await yard.world.restart()
    const first = await ended(repo, number)
    expect(first?.report).toMatchObject({ end: { kind: 'stopped' } })
    expect(first?.report?.head, 'the work is kept').toMatch(/^[0-9a-f]{40}$/)
    await checking(2)
    await yard.letGo()
    const { state } = await yard.becomes(repo, number, 'in-review')
    const status = await yard.says(repo, number, `#${state.pull.number} waits for review`)
    expect(status).toMatch(/\| 1 \| `patch` \| stopped/)
    expect(status).toMatch(/\| 2 \| `patch` \| completed/)
    expect(yard.comments(repo, number)).toHaveLength(1)
    expect(yard.emulator.pulls(repo)).toHaveLength(1)
  })

  it('while an agent works ends the agent, keeps what it has written, and starts another', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number, MAINTAINER, 'yardmaster:patient')
    const half = (n: number) =>
      yard.until('half of it is written', async () => {
        const attempts = await yard.attempts(repo, number)
        return attempts[n - 1]?.phase === 'agent' && (await isWritten(yard.folder, 'half.txt'))
      })
    await half(1)
    await yard.world.restart()
    const first = await ended(repo, number)
    expect(first?.report).toMatchObject({ end: { kind: 'stopped' }, files: [{ path: 'half.txt' }] })
    await half(2)
    const agents = (await yard.agents()).filter((line) => line.includes('agent.ts'))
    expect(agents, 'one agent, not two').toHaveLength(1)
    await writeFile(join(outside, 'go'), '')
    const { state } = await yard.becomes(repo, number, 'in-review')
    expect(await yard.emulator.fileAt(repo, `yardmaster/${number}`, 'whole.txt')).toBe('Whole.\n')
    expect(yard.emulator.pulls(repo).map((pull) => pull.number)).toEqual([state.pull.number])
  })

  it('while there is nothing to do says nothing new', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    await yard.says(repo, number, `#${state.pull.number} waits for review`)
    await yard.settled()
    const before = yard.emulator.comments({ repo, number }).map(({ updatedAt }) => updatedAt)
    await yard.world.restart()
    await yard.world.yardmaster().engine.reconcile()
    await yard.settled()
    expect(yard.emulator.comments({ repo, number }).map(({ updatedAt }) => updatedAt)).toEqual(
      before,
    )
    expect((await yard.task(repo, number))?.state.kind).toBe('in-review')
  })
})

describe('a sudden death', () => {
  let lives: Lives
  let life: Life
  beforeAll(async () => {
    await rm(join(outside, 'go'), { force: true })
    lives = await openLives(operator, { settleMilliseconds: 8_000 })
    life = await lives.start()
  })
  afterAll(async () => lives.close())

  /** Waits for the end that every task here should have: one of everything. */
  async function endsOnce({ repo, number }: { repo: string; number: number }): Promise<string> {
    await until(`${repo} is in review`, () =>
      lives.comments(repo, number).some((body) => body.includes('waits for review')),
    )
    await until('the check is there', () => lives.emulator.checks(repo).length > 0)
    expect(lives.comments(repo, number)).toHaveLength(1)
    expect(lives.emulator.pulls(repo)).toHaveLength(1)
    expect(lives.emulator.checks(repo)).toHaveLength(1)
    expect([...lives.emulator.branches(repo).keys()]).toEqual(['main', `yardmaster/${number}`])
    return lives.comments(repo, number)[0] ?? ''
  }

  it('while an agent works leaves no agent behind, and another one does the work', async () => {
    const task = await lives.task({ name: 'agent', body: HELLO, label: 'yardmaster:patient' })
    await until('half of it is written', () => isWritten(lives.folder, 'half.txt'))
    await life.kill()
    const left = await agentsOf(lives.folder)
    expect(
      left.filter((line) => line.includes('agent.ts')),
      'it does not go by itself',
    ).toHaveLength(1)
    life = await lives.start()
    await until('the second attempt has begun', () =>
      lives.comments(task.repo, task.number).some((body) => body.includes('| 2 | `patient`')),
    )
    const agents = (await agentsOf(lives.folder)).filter((line) => line.includes('agent.ts'))
    expect(agents.length, 'the first one is gone').toBeLessThanOrEqual(1)
    await writeFile(join(outside, 'go'), '')
    const status = await endsOnce(task)
    expect(status).toMatch(/\| 1 \| `patient` \| its process was lost/)
    expect(status).toMatch(/\| 2 \| `patient` \| completed/)
  })

  it('while it publishes repeats nothing that GitHub has done already', async () => {
    const HANGING = {
      'issues/create-comment': 'comment',
      'git-receive-pack': 'push',
      'pulls/create': 'pull',
      'checks/create': 'check',
    }
    const tasks: { repo: string; number: number }[] = []
    for (const [operation, name] of Object.entries(HANGING)) {
      // Done, and never answered.
      lives.emulator.faults.add({
        match: { operation, path: new RegExp(`/${name}(/|\\.git/)`) },
        answer: 'timeout',
        applied: 'before',
      })
      tasks.push(await lives.task({ name, body: file(`${name}.txt`, name) }))
    }
    await until('all of them hang', () => lives.emulator.faults.left === 0)
    await life.kill()
    life = await lives.start()
    for (const task of tasks) await endsOnce(task)
  })

  it('while a label is on its way ends with the right one, however late that one arrives', async () => {
    const { emulator } = lives
    const LATE_MS = 6_000
    const call = 'issues/add-labels'
    emulator.faults.add({
      match: { operation: call, path: /\/late-label\// },
      answer: 'timeout',
      applied: 'after',
      lateMs: LATE_MS,
    })
    const task = await lives.task({ name: 'late-label', body: HELLO })
    await until('it hangs', () => emulator.faults.left === 0)
    const sent = Date.now()
    await life.kill()
    life = await lives.start()
    await endsOnce(task)
    await until('the next life has looked once more, after the late one came', () =>
      emulator.requests.some(
        ({ operation, path, at }) =>
          operation === call && path.includes('late-label') && at > sent + LATE_MS,
      ),
    )
    await until('the label says needs-review, and nothing else', () => {
      const labels = emulator.labels(task).toSorted()
      return labels.join() === 'yard:needs-review,yardmaster'
    })
  })

  it('hides nothing of what happened meanwhile', async () => {
    const before = await lives.task({ name: 'meanwhile', body: HELLO })
    await endsOnce(before)
    await life.kill()
    const { emulator } = lives
    const [pull] = emulator.pulls(before.repo)
    await emulator.merge({ repo: before.repo, number: pull?.number ?? 0, as: MAINTAINER })
    const number = emulator.openIssue({
      repo: before.repo,
      as: MAINTAINER,
      title: 'Another',
      body: file('another.txt', 'Another.'),
    }).number
    emulator.label({ repo: before.repo, number, as: MAINTAINER, label: 'yardmaster' })
    await emulator.whenIdle()
    life = await lives.start()
    await until('the merge is known', () =>
      lives.comments(before.repo, before.number)[0]?.startsWith('### Done'),
    )
    await until('the label is known', () =>
      lives.comments(before.repo, number)[0]?.includes('waits for review'),
    )
  })

  it('is not helped by a second process on the same folder: it is refused, and told who has it', async () => {
    await expect(lives.start()).rejects.toThrow(/already|in use|another process/i)
    const task = await lives.task({ name: 'still', body: HELLO })
    await endsOnce(task)
    await life.stop()
    // Nothing of ours; a push that the dead one left hanging at GitHub ends by itself, and its lease binds it.
    const left = (await agentsOf(lives.folder)).filter((line) => !line.includes('push'))
    expect(left).toEqual([])
  })
})

/** Whether the file is in a worktree. */
async function isWritten(folder: string, name: string): Promise<boolean> {
  const pairs = join(folder, 'yardmaster/work/pairs')
  const found = await readdir(pairs).catch(() => [])
  return found.some((pair) => existsSync(join(pairs, pair, 'worktree', name)))
}
