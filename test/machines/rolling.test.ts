/** Apps and runners come and go while there is work: an app that dies leaves its part to the other, and a rolling restart costs no attempt. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { file } from '../scenario/support/issues.ts'
import { operatorWith, steps } from '../scenario/support/profiles.ts'
import { until } from '../scenario/support/until.ts'
import { found, openMachines } from './support/machines.ts'
import type { Machine, Machines } from './support/machines.ts'

const where = found.kind === 'none' ? `not tested: ${found.reason}` : found.kind
const bodies = (count: number) =>
  Array.from({ length: count }, (_, n) => file(`greeting-${n}.txt`, `Hello ${n}.`))

describe.skipIf(found.kind === 'none')(`machines that come and go (${where})`, () => {
  let outside: string
  let machines: Machines
  let runner: Machine
  beforeAll(async () => {
    outside = await mkdtemp(join(tmpdir(), 'yard-outside-'))
    const patient = steps({ write: 'half.txt', text: 'Half.\n' }, { until: join(outside, 'go') })
    machines = await openMachines(operatorWith({ patient }))
  })
  afterAll(async () => {
    await machines.close()
    await rm(outside, { recursive: true })
  })

  /** One of everything for each issue. */
  async function endOnce(repo: string, numbers: readonly number[]): Promise<void> {
    await until(`all of ${repo} have a pull request`, () => {
      return machines.emulator.pulls(repo).length >= numbers.length
    })
    for (const number of numbers) {
      await machines.says(repo, number, 'waits for review')
      expect(machines.comments(repo, number)).toHaveLength(1)
    }
    await until(
      'every pull request has its check',
      () => machines.emulator.checks(repo).length >= numbers.length,
    )
    expect(machines.emulator.pulls(repo)).toHaveLength(numbers.length)
    expect(machines.emulator.checks(repo)).toHaveLength(numbers.length)
  }

  it('an app that is killed, the leading one, leaves everything to the other', async () => {
    const leading = await machines.app('app-1')
    await machines.app('app-2')
    runner = await machines.runner('runner-1', { capacity: 2 })
    const { repo, numbers } = await machines.tasks({ name: 'orphaned', bodies: bodies(4) })
    await until('agents work', () => runner.starts.length > 0)
    await leading.kill()
    await endOnce(repo, numbers)
    expect(runner.starts, 'no attempt was lost with it').toHaveLength(4)
  })

  it('a rolling restart of both apps and both runners ends no task twice and uses up no attempt', async () => {
    const { repo, numbers } = await machines.tasks({
      name: 'rolling',
      bodies: bodies(4),
      label: 'yardmaster:patient',
    })
    const second = await machines.runner('runner-2', { capacity: 2 })
    await until('two agents work', () => runner.starts.length > 4)
    const third = await machines.app('app-3')
    await runner.stop()
    const fourth = await machines.runner('runner-1', { capacity: 2 })
    await second.stop()
    const fifth = await machines.runner('runner-2', { capacity: 2 })
    await third.stop()
    await machines.app('app-3')
    await writeFile(join(outside, 'go'), '')
    await endOnce(repo, numbers)
    const ends = await machines.sql(
      `select a.report->'end'->>'kind' as end, count(*)::int as times from attempt a
        join task t on t.id = a.task join repository r on r.id = t.repo_id
        where r.repository->>'name' = 'rolling' group by 1 order by 1`,
    )
    const ended = new Map(ends.map((row) => [row['end'], Number(row['times'])]))
    expect(ended.get('completed')).toBe(4)
    expect([...ended.keys()].filter((end) => end !== 'completed' && end !== 'stopped')).toEqual([])
    const failures = await machines.sql(
      `select count(*)::int as failed from task
        where (task->>'failures')::int > 0 or (task->>'losses')::int > 0`,
    )
    expect(failures).toEqual([{ failed: 0 }])
    for (const machine of [fourth, fifth]) await machine.stop()
  })
})
