/** A machine dies, stands still or is cut off in the middle of its work: the others take it over, and nothing of it happens twice. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { HELLO } from '../scenario/support/issues.ts'
import { operatorWith, steps } from '../scenario/support/profiles.ts'
import { until } from '../scenario/support/until.ts'
import { agentsOf } from '../scenario/support/yard.ts'
import { QUICK, found, openMachines } from './support/machines.ts'
import type { Machine, Machines } from './support/machines.ts'

const where = found.kind === 'none' ? `not tested: ${found.reason}` : found.kind
/** What the product promises at its own timing (12 s and 2 s of 20 s), at ours; the rest is for a busy machine. */
const TAKEOVER = QUICK.lease + QUICK.look + 12_000

describe.skipIf(found.kind === 'none')(`of two apps and two runners (${where})`, () => {
  let outside: string
  let machines: Machines
  let stories = 0
  beforeAll(async () => {
    outside = await mkdtemp(join(tmpdir(), 'yard-outside-'))
    const patient = steps({ write: 'half.txt', text: 'Half.\n' }, { until: join(outside, 'go') })
    machines = await openMachines(operatorWith({ patient }))
    await machines.app('app-1')
    await machines.app('app-2')
  })
  afterAll(async () => {
    await machines.close()
    await rm(outside, { recursive: true })
  })

  /** A story that went wrong leaves no runner to the next one. */
  const left: Machine[] = []
  afterEach(async () => {
    for (const machine of left.splice(0)) if (!machine.ended()) await machine.kill()
  })

  const letGo = () => writeFile(join(outside, 'go'), '')
  const agentsAt = async (machine: Machine) =>
    (await agentsOf(machines.folder, machine.name)).filter((line) => line.includes('agent.ts'))

  /** An agent is at work on one runner, another runner is idle. */
  async function atWork() {
    await rm(join(outside, 'go'), { force: true })
    const story = (stories += 1)
    const first = await machines.runner(`busy-${story}`, { capacity: 1 })
    const { repo, numbers } = await machines.tasks({
      name: `shop-${story}`,
      bodies: [HELLO],
      label: 'yardmaster:patient',
    })
    const [number = 0] = numbers
    await until('an agent works', () => first.starts.length > 0)
    const second = await machines.runner(`idle-${story}`, { capacity: 1 })
    left.push(first, second)
    return { first, second, repo, number }
  }

  /** The second runner has an agent at it in time. */
  async function takenOver(second: Machine, since: number): Promise<void> {
    await until('another agent works', () => second.starts.length > 0)
    expect((second.starts[0]?.at ?? Infinity) - since).toBeLessThan(TAKEOVER)
  }

  async function endsOnce(repo: string, number: number): Promise<string> {
    await letGo()
    const status = await machines.says(repo, number, 'waits for review')
    expect(machines.emulator.pulls(repo)).toHaveLength(1)
    expect(machines.comments(repo, number)).toHaveLength(1)
    expect([...machines.emulator.branches(repo).keys()]).toEqual(['main', `yardmaster/${number}`])
    return status
  }

  it('a runner that is killed while its agent works loses nothing but its own time', async () => {
    const { first, second, repo, number } = await atWork()
    const at = Date.now()
    await first.kill()
    await takenOver(second, at)
    const status = await endsOnce(repo, number)
    expect(status).toMatch(/\| 1 \| `patient` \| its process was lost/)
    expect(status).toMatch(/\| 2 \| `patient` \| completed/)
    await second.stop()
  })

  it('a runner that stood still past its lease changes nothing when it goes on', async () => {
    const { first, second, repo, number } = await atWork()
    const at = Date.now()
    first.pause()
    await takenOver(second, at)
    const rows = () =>
      machines.sql(
        `select n, runner, phase, ended_at is not null as ended from attempt
          where task in (select task from attempt where runner like 'idle-${stories}#%') order by n`,
      )
    const before = await until('the second one’s agent is under way', async () => {
      const now = await rows()
      return now[1]?.['phase'] === 'agent' && now
    })
    first.goOn()
    await until(
      'it has ended its agent by itself',
      async () => (await agentsAt(first)).length === 0,
    )
    expect(await rows()).toEqual(before)
    await endsOnce(repo, number)
    const ends = await machines.sql(
      `select key from inbox where kind = 'attempt-ended' and key like '%:end' and aggregate in
        (select 'task:' || task from attempt where runner like 'idle-${stories}#%')`,
    )
    expect(ends, 'only the second one has reported its end').toHaveLength(1)
    await first.stop()
    await second.stop()
  })

  it('a runner that is cut off from PostgreSQL ends its agent by itself, and takes work again later', async () => {
    const { first, second, repo, number } = await atWork()
    const at = Date.now()
    first.cutOff()
    await until(
      'it has ended its agent by itself',
      async () => (await agentsAt(first)).length === 0,
    )
    await takenOver(second, at)
    expect(first.ended(), 'it goes on').toBe(false)
    await endsOnce(repo, number)
    await second.stop()
    first.reconnect()
    const again = await machines.tasks({ name: `again-${stories}`, bodies: [HELLO] })
    await machines.says(again.repo, again.numbers[0] ?? 0, 'waits for review')
    expect(first.starts).toHaveLength(2)
    await first.stop()
  })
})
